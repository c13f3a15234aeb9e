"""An admin sets quotas on pages: sees what would change, confirms it, sends a table, pauses, keeps days free."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import Cast
from reviews.models import Holiday, Pause, Quota
from reviews.services import quotas


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def _preview(admin: Client, cast: Cast) -> dict[str, str]:
    names = [cast.reviewer.username, cast.second_reviewer.username]
    sent = {"reviewer": names, "cap": "100", "unit": "images", "period": "day"}
    page = admin.post(reverse("reviews:preview_quotas"), sent).content.decode()
    return {name: _hidden(page, name) for name in ("table", "seen")}


def test_what_was_shown_is_done(admin: Client, cast: Cast) -> None:
    shown = _preview(admin, cast)
    assert not Quota.objects.exists()
    assert admin.post(reverse("reviews:confirm_quotas"), shown).status_code == 302
    assert list(Quota.objects.values_list("cap", flat=True)) == [100, 100]


def test_what_has_changed_meanwhile_is_shown_anew(admin: Client, cast: Cast) -> None:
    shown = _preview(admin, cast)
    quotas.set_limit(cast.reviewer, 3, cast.admin)
    answer = admin.post(reverse("reviews:confirm_quotas"), shown)
    assert (answer.status_code, list(Quota.objects.values_list("cap", flat=True))) == (409, [3])
    again = {name: _hidden(answer.content.decode(), name) for name in ("table", "seen")}
    assert admin.post(reverse("reviews:confirm_quotas"), again).status_code == 302
    assert quotas.state(cast.reviewer).limit == 100


def test_nobody_chosen_and_forged_forms_change_nothing(admin: Client, cast: Cast) -> None:
    for name, sent in (
        ("preview_quotas", {"cap": "5", "unit": "images", "period": "day"}),
        ("preview_quotas", {"cap": "x", "unit": "images", "period": "day", "reviewer": cast.reviewer.username}),
        ("preview_quotas", {"cap": "5", "unit": "images", "period": "day", "reviewer": cast.stranger.username}),
        ("confirm_quotas", {"table": "cap\n5\n", "seen": "?"}),
        ("confirm_quotas", {"table": "nonsense"}),
        ("edit_quota", {"cap": "5", "group": "none", "unit": "images", "period": "day"}),
    ):
        assert admin.post(reverse(f"reviews:{name}"), sent).status_code in (302, 400, 409)
        assert not Quota.objects.exists()


def test_what_is_exported_comes_back_by_upload(admin: Client, cast: Cast) -> None:
    quotas.set_limit(cast.reviewer, 42, cast.admin)
    table = admin.get(reverse("reviews:quotas_csv")).content
    Quota.objects.all().delete()
    page = admin.post(reverse("reviews:import_quotas"), {"file": SimpleUploadedFile("q.csv", table)}).content.decode()
    admin.post(reverse("reviews:confirm_quotas"), {name: _hidden(page, name) for name in ("table", "seen")})
    assert quotas.state(cast.reviewer).limit == 42


def test_a_wrong_table_is_told_by_line_and_stays_in_the_form(admin: Client, cast: Cast) -> None:
    text = f"reviewer,cap\n{cast.reviewer.username},5\nnobody,5\n"
    answer = admin.post(reverse("reviews:import_quotas"), {"text": text})
    assert answer.status_code == 400
    assert "Line 3: There is nobody called nobody in the team." in answer.content.decode()
    assert "nobody,5" in answer.content.decode()
    upload = SimpleUploadedFile("q.csv", b"\xff\xfe")
    assert admin.post(reverse("reviews:import_quotas"), {"file": upload}).status_code == 400


def test_a_rule_for_everybody_is_added_and_taken_away(admin: Client, cast: Cast) -> None:
    sent = {"cap": "70", "unit": "images", "period": "week", "is_shared": "on"}
    page = admin.post(reverse("reviews:edit_quota"), sent).content.decode()
    admin.post(reverse("reviews:confirm_quotas"), {name: _hidden(page, name) for name in ("table", "seen")})
    assert Quota.objects.values_list("cap", "period", "is_shared").get() == (70, "week", True)
    text = _hidden(admin.get(reverse("reviews:quota_rules")).content.decode(), "text")
    page = admin.post(reverse("reviews:import_quotas"), {"text": text}).content.decode()
    admin.post(reverse("reviews:confirm_quotas"), {name: _hidden(page, name) for name in ("table", "seen")})
    assert not Quota.objects.exists()


def test_pausing_and_going_on(admin: Client, cast: Cast) -> None:
    for whom in ("", cast.reviewer.username):
        for _twice in range(2):
            admin.post(reverse("reviews:pause"), {"reviewer": whom, "reason": "Fire drill"})
    assert "Fire drill" in admin.get(reverse("reviews:quotas")).content.decode()
    assert Pause.objects.filter(ended_at=None).count() == 2
    admin.post(reverse("reviews:pause"), {"reviewer": cast.stranger.username})
    admin.post(reverse("reviews:resume"), {"reviewer": cast.reviewer.username})
    assert Pause.objects.get(ended_at=None).reviewer is None


def test_days_are_kept_free(admin: Client, cast: Cast) -> None:
    address = reverse("reviews:holidays")
    admin.post(address, {"reviewer": "", "day": "2030-12-25", "name": "Christmas"})
    assert admin.post(address, {"reviewer": "", "day": "never"}).status_code == 400
    assert "Christmas" in admin.get(address).content.decode()
    admin.post(reverse("reviews:remove_holiday", args=[Holiday.objects.get().pk]))
    assert not Holiday.objects.exists()
