"""The admins' pages for limits, and the API beside them: tried first, then put in force, with a reason."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import Cast, make_token
from generation.models import LimitChange
from generation.services.limits import change_limit, limit_in_force
from generation.tests.factories import make_request
from generation.tests.test_dry_runs import candidate
from generation.variants import VARIANTS

VARIANT = VARIANTS["background_enhancement"]
TABLE = "/limits/background_enhancement/"
SEAM = TABLE + "seam_energy/"
LOCKED = TABLE + "changed_bytes/"
API = "/api/v1/limits/"
SENT = {"threshold": "3.5", "effect": "blocks", "reason": "Too many seams."}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.admin)
    return client


def visitor(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seam(cast: Cast) -> tuple[float, bool]:
    limit = limit_in_force(cast.team, VARIANT, "seam_energy").limit
    return limit.threshold, limit.blocks


def test_only_admins_come_in_and_find_it_in_the_menu(cast: Cast) -> None:
    for user in (cast.operator, cast.reviewer, cast.ml_engineer):
        for address in ("/limits/", TABLE, SEAM, API):
            assert visitor(user).get(address).status_code == 403
        assert visitor(user).post(SEAM, SENT).status_code == 403
        assert visitor(user).post(SEAM + "reset/", {"reason": "x"}).status_code == 403
    assert b'href="/limits/"' in visitor(cast.admin).get("/limits/").content
    assert b'href="/limits/"' not in visitor(cast.ml_engineer).get("/models/").content
    assert not LimitChange.objects.exists()


def test_a_dry_run_says_what_would_change_and_changes_nothing(cast: Cast, admin: Client) -> None:
    request = make_request(cast.operator)
    for value in (1.0, 3.0, 4.0, 6.0):
        candidate(request, seam_energy=value)
    answer = admin.get(SEAM, {"threshold": "3.5", "effect": "blocks"})
    result = answer.context["result"]
    assert (result.newly_blocked.count, result.newly_blocked.n, result.blocked_now.count) == (1, 4, 1)
    page = answer.content.decode()
    assert f'href="/requests/{request.pk}/"' in page
    assert "n = 4" in page
    assert not LimitChange.objects.exists()


def test_put_in_force_with_a_reason_and_shown_with_who_and_why(cast: Cast, admin: Client) -> None:
    assert admin.post(SEAM, SENT)["Location"] == TABLE
    assert seam(cast) == (3.5, True)
    page = admin.get(TABLE).content.decode()
    assert "Too many seams." in page
    assert cast.admin.username in page
    admin.post(SEAM, SENT | {"effect": "reports"})
    assert seam(cast) == (3.5, False)
    assert admin.post(SEAM + "reset/", {"reason": "Back."})["Location"] == TABLE
    assert seam(cast) == (4.2, True)
    assert LimitChange.objects.count() == 3
    assert admin.get(SEAM).content.decode().count("Too many seams.") == 2


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("threshold", ["", "nan", "inf", "-1", "1e300", "100.01", "four", "1\x002"])
def test_a_threshold_that_cannot_be_is_refused_in_words(cast: Cast, admin: Client, method: str, threshold: str) -> None:
    answer = getattr(admin, method)(SEAM, SENT | {"threshold": threshold})
    assert answer.status_code == 400
    assert answer.context["form"].errors["threshold"]
    assert "result" not in answer.context
    assert not LimitChange.objects.exists()


@pytest.mark.parametrize("sent", [{"reason": ""}, {"reason": " \n"}, {"reason": "x" * 301}, {"threshold": "4.2"}])
def test_without_a_reason_or_a_change_nothing_changes_and_what_was_typed_stays(
    cast: Cast, admin: Client, sent: dict[str, str]
) -> None:
    answer = admin.post(SEAM, SENT | sent)
    assert answer.status_code == 400
    assert answer.context["reason"] == (SENT | sent)["reason"]
    assert answer.context["result"]  # the dry run stays on the screen
    assert not LimitChange.objects.exists()


def test_the_promise_is_shown_as_locked_and_stays(cast: Cast, admin: Client) -> None:
    page = admin.get(LOCKED).content.decode()
    assert "It is a promise" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    for threshold, effect in (("0", "reports"), ("5", "blocks")):
        sent = {"threshold": threshold, "effect": effect, "reason": "Let it through."}
        assert admin.post(LOCKED, sent).status_code == 400
    admin.post(LOCKED + "reset/", {"reason": "Back."})
    assert not LimitChange.objects.exists()


@pytest.mark.parametrize("address", ["/limits/none/", TABLE + "beauty/", "/limits/none/seam_energy/"])
def test_what_there_is_not_answers_404(admin: Client, address: str) -> None:
    assert admin.get(address).status_code == 404


def test_nothing_to_put_back_says_so(cast: Cast, admin: Client) -> None:
    answer = admin.post(SEAM + "reset/", {"reason": "Back."}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not LimitChange.objects.exists()


def test_another_teams_changes_and_candidates_are_not_there(cast: Cast, admin: Client) -> None:
    candidate(make_request(cast.stranger), seam_energy=2.0)
    team = cast.stranger.team
    assert team is not None
    change_limit(team, cast.stranger, VARIANT, "seam_energy", threshold=1.0, blocks=True, reason="Foreign words.")
    for address in (TABLE, SEAM):
        assert "Foreign words." not in admin.get(address).content.decode()
    assert admin.get(SEAM, {"threshold": "1", "effect": "blocks"}).context["result"].newly_blocked.n == 0


def test_the_api_lists_what_holds_and_why(cast: Cast, admin: Client) -> None:
    admin.post(SEAM, SENT)
    entries = {entry["measure"]: entry for entry in admin.get(API).json()}
    assert set(entries) == {limit.measure for limit in VARIANT.limits}
    assert (entries["seam_energy"]["threshold"], entries["seam_energy"]["default_threshold"]) == (3.5, 4.2)
    assert entries["seam_energy"]["change"]["reason"] == "Too many seams."
    assert entries["seam_energy"]["reason"].startswith("A line around the product")
    assert entries["changed_bytes"]["locked"] is True
    assert admin.get(API, {"variant": "none"}).status_code == 400


def _dry_run(client: Client, **sent: Any) -> Any:
    wanted = {"measure": "seam_energy", "threshold": 3.5, "blocks": True} | sent
    return client.post(API + "dry-run/", wanted, content_type="application/json")


def test_the_api_tries_a_limit_and_changes_nothing(cast: Cast, admin: Client) -> None:
    row = candidate(make_request(cast.operator), seam_energy=4.0)
    found = _dry_run(admin).json()
    assert (found["newly_blocked"]["count"], found["newly_blocked"]["n"]) == (1, 1)
    assert [entry["handle"] for entry in found["blocked_candidates"]] == [str(row.handle)]
    assert not LimitChange.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [{"threshold": 1000}, {"threshold": "nan"}, {"threshold": None}, {"measure": "beauty"}, {"variant": "none"},
     {"measure": "changed_bytes", "threshold": 0}, {"blocks": "perhaps"}],
)  # fmt: skip
def test_the_api_refuses_in_words(cast: Cast, admin: Client, sent: dict[str, Any]) -> None:
    answer = _dry_run(admin, **sent)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_a_token_reads_and_tries_with_the_scope_of_requests_and_puts_nothing_in_force(cast: Cast) -> None:
    def calls(scope: str, user: User) -> list[int]:
        header = {"Authorization": f"Bearer {make_token(user, scope)}"}
        client = Client()
        tried = client.post(
            API + "dry-run/", {"measure": "seam_energy", "threshold": 3.5, "blocks": True},
            content_type="application/json", headers=header,
        )  # fmt: skip
        return [client.get(API, headers=header).status_code, tried.status_code]

    assert calls("requests:read", cast.admin) == [200, 200]
    assert calls("requests:write", cast.admin) == [403, 403]
    assert calls("requests:read", cast.operator) == [403, 403]
    assert (
        Client().post(API, {}, HTTP_AUTHORIZATION=f"Bearer {make_token(cast.admin, 'requests:read')}").status_code
        == 405
    )
