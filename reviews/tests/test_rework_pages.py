"""The pages of rework: choose, see, confirm, watch, undo; and what is sent wrongly changes nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import Cast
from reviews.models import ReviewItem, Rework
from reviews.services import guidelines
from reviews.tests.factories import claimed, decide, fill_queue, make_item, make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


@pytest.fixture
def items(cast: Cast) -> list[ReviewItem]:
    return fill_queue(make_queue(cast.team), cast.operator, 3)


def _hidden(page: Any) -> dict[str, str]:
    """What the preview's own form would send."""
    form, effect = page.context["form"], page.context["effect"]
    said = {name: form.data[name] for name in form.fields if name in form.data}
    return said | {"seen": effect.seen, "key": str(page.context["key"])}


def test_choose_see_confirm_and_undo(cast: Cast, admin: Client, items: list[ReviewItem]) -> None:
    said = {"act": "prioritise", "to_priority": "4", "state": "open", "reason": "A customer waits."}
    page = admin.post(reverse("reviews:preview_rework"), said)
    assert page.status_code == 200 and "3 of 3 items" in page.content.decode()
    assert not Rework.objects.exists()
    answer = admin.post(reverse("reviews:confirm_rework"), _hidden(page), follow=True)
    text = answer.content.decode()
    assert "A customer waits." in text and "Done with 3 items." in text and "priority 4" in text
    again = admin.post(reverse("reviews:confirm_rework"), _hidden(page))
    assert (again.status_code, Rework.objects.count()) == (302, 1), "sent twice it is done once"
    rework = Rework.objects.get()
    assert "A customer waits." in admin.get(reverse("reviews:reworks")).content.decode()
    assert "A customer waits." in admin.get(reverse("reviews:item", args=[items[0].handle])).content.decode()
    undone = admin.post(reverse("reviews:undo_rework", args=[rework.pk]), follow=True).content.decode()
    assert "3 items are as before." in undone
    assert set(ReviewItem.objects.values_list("priority", flat=True)) == {0}


def test_what_changed_since_is_shown_anew(cast: Cast, admin: Client, items: list[ReviewItem]) -> None:
    said = {"act": "withdraw", "queue": items[0].queue_id, "state": "open", "reason": "Wrong product."}
    page = admin.post(reverse("reviews:preview_rework"), said)
    decide(cast.reviewer, claimed(cast.reviewer))
    answer = admin.post(reverse("reviews:confirm_rework"), _hidden(page))
    assert answer.status_code == 409 and "2 of 2 items" in answer.content.decode()
    assert not Rework.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "__all__"),
        ({"act": "destroy", "state": "open"}, "act"),
        ({"state": "open", "reason": ""}, "reason"),
        ({"state": "open", "reason": "a\0b"}, "reason"),
        ({"state": "open", "reason": "x" * 501}, "reason"),
        ({"reviewer": "nobody"}, "reviewer"),
        ({"reviewer": "a\0b"}, "reviewer"),
        ({"queue": "9" * 40}, "queue"),
        ({"queue": "1e5"}, "queue"),
        ({"priority": "9" * 40}, "priority"),
        ({"guideline": "1"}, "variant"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"handles": "no-handle"}, "handles"),
        ({"act": "move", "state": "open"}, "to_queue"),
        ({"act": "prioritise", "state": "open"}, "to_priority"),
        ({"act": "prioritise", "state": "open", "to_priority": "11"}, "to_priority"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    cast: Cast, admin: Client, items: list[ReviewItem], wrong: dict[str, str], field: str
) -> None:
    for name in ("preview_rework", "confirm_rework"):
        answer = admin.post(reverse(f"reviews:{name}"), {"act": "withdraw", "reason": "Because."} | wrong)
        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == {field}
    assert not Rework.objects.exists()


def test_another_teams_queue_and_items_are_no_choice(cast: Cast, admin: Client, items: list[ReviewItem]) -> None:
    theirs = make_queue(cast.stranger.team)  # type: ignore[arg-type]
    [item] = fill_queue(theirs, cast.stranger, 1)
    said = {"act": "move", "to_queue": theirs.pk, "state": "open", "reason": "Because."}
    assert set(admin.post(reverse("reviews:preview_rework"), said).context["form"].errors) == {"to_queue"}
    said = {"act": "withdraw", "handles": str(item.handle), "reason": "Because."}
    assert admin.post(reverse("reviews:preview_rework"), said).context["effect"].chosen == 0


def test_links_from_person_guideline_queue_and_item_fill_the_form(cast: Cast, admin: Client) -> None:
    item = make_item(cast.operator)
    variant = item.request.variant
    guidelines.publish_guideline(cast.team, cast.admin, variant, text="One", change_note="")
    decide(cast.reviewer, claimed(cast.reviewer), guideline=1)
    places = {
        reverse("reviews:person", args=[cast.reviewer.username]): "reviewer",
        reverse("reviews:guideline", args=[variant]): "guideline",
        reverse("reviews:queue", args=[item.queue_id]): "queue",
        reverse("reviews:item", args=[item.handle]): "handles",
    }
    for page, field in places.items():
        text = admin.get(page).content.decode()
        link = next(part for part in text.split('"') if part.startswith(reverse("reviews:new_rework") + "?"))
        form = admin.get(link.replace("&amp;", "&")).context["form"]
        assert form.initial[field], page
        asked = {name: value for name, value in form.initial.items() if value}
        answer = admin.post(reverse("reviews:preview_rework"), asked | {"reason": "Because.", "to_priority": 1})
        if field != "queue":  # which still asks where to
            assert answer.status_code == 200 and answer.context["effect"].chosen == 1, page


def test_an_address_that_asks_for_nonsense_is_an_empty_form(admin: Client) -> None:
    address = reverse("reviews:new_rework") + "?queue=%00&handles=x&reviewer=%22%3E%3Cb%3E&nothing=1&act=x"
    answer = admin.get(address)
    assert answer.status_code == 200 and "<b>" not in answer.content.decode()


@pytest.mark.parametrize("query", ["?before=x", "?before=99999999999999999999", "?state=nothing", "?page=1000000000"])
def test_no_page_of_a_list_breaks(cast: Cast, admin: Client, query: str) -> None:
    rework = Rework.objects.create(team=cast.team, kind="move", reason="So.", state="done", done_by=cast.admin)
    for address in (reverse("reviews:reworks"), reverse("reviews:rework", args=[rework.pk])):
        assert admin.get(address + query).status_code == 200
    assert admin.get("/rework/99999999999999999999/").status_code == 404
