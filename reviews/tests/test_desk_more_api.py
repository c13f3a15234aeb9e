"""What the desk's API takes beside verdicts: axes, aids, reports of the photo, questions, later, fetching ahead."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from generation.models import MaskRepair
from reviews.models import Decision, Escalation, GuidelineVersion, Slot, Snooze, Verdict
from reviews.tests.factories import assert_books_balance, expire, make_item
from reviews.tests.test_desk_api import Desk, is_refused


def _say(desk: Desk, item: dict[str, Any], **said: object) -> Any:
    return desk.post(f"leases/{item['token']}/decide/", {"idempotency_key": str(uuid.uuid4())} | said)


def _rejected(item: dict[str, Any], **said: object) -> list[dict[str, object]]:
    rejected: dict[str, object] = {"approved": False, "codes": ["seam"]}
    return [{"candidate": entry["handle"], **rejected, **said} for entry in item["candidates"]]


def test_both_axes_are_stored_as_said(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    is_refused(desk.decide(item, verdicts=_rejected(item, scene_right=True)), 400, "axes")
    assert desk.decide(item, verdicts=_rejected(item, product_right=False, scene_right=None)).status_code == 200
    verdict = Verdict.objects.get()
    assert (verdict.product_right, verdict.scene_right, verdict.codes) == (False, False, ["seam"])


def test_a_wrong_axis_alone_is_no_reason(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    is_refused(desk.decide(item, verdicts=_rejected(item, codes=[], product_right=False)), 400, "codes")


def test_aids_are_kept_each_once(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    is_refused(desk.decide(item, aids=["heat_map", "crystal_ball"]), 400, "aids")
    assert desk.decide(item, aids=["heat_map", "mask", "heat_map"]).status_code == 200
    assert Decision.objects.get().aids == ["heat_map", "mask"]


def test_the_guideline_on_the_screen_is_kept(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    shown = GuidelineVersion.objects.create(team=cast.team, variant="background_enhancement", number=3, text="Look.")
    is_refused(desk.decide(item, guideline=4), 400, "guideline")
    assert desk.decide(item, guideline=3).status_code == 200
    assert Decision.objects.get().guideline == shown


def test_an_unsuitable_photo_goes_to_the_operators(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    assert _say(desk, item, unsuitable_source={"comment": "Out of focus"}).status_code == 200
    repair = MaskRepair.objects.get()
    assert (repair.reason, repair.note, Decision.objects.get().kind) == ("source", "Out of focus", "unsuitable_source")
    assert desk.post("claim/").json()["reason"] == "nothing_waits"
    before = desk.post("undo/").json()["item"]["before"]
    assert before["report"] == {"comment": "Out of focus", "marks": []}


def test_a_question_is_put_and_taken_back(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    assert _say(desk, item, escalate={"question": "Is this the right cap?"}).status_code == 200
    asked = Escalation.objects.get()
    assert (asked.state, asked.question) == ("open", "Is this the right cap?")
    back = desk.post("undo/").json()
    assert back["item"]["before"]["question"] == "Is this the right cap?"
    asked.refresh_from_db()
    assert asked.state == "taken_back"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"unsuitable_source": {}, "cannot_judge": True}, "unsuitable_source"),
        ({"escalate": {"question": "Why?"}, "mask_wrong": {}}, "escalate"),
        ({"escalate": {"question": "   "}}, "invalid"),
        ({"escalate": {"question": "x" * 1001}}, "invalid"),
        ({"escalate": {}}, "invalid"),
        ({"escalate": "Why?"}, "invalid"),
        ({"escalate": {"question": "\ud800"}}, "parse_error"),
        ({"unsuitable_source": {"comment": None}}, "invalid"),
        ({"aids": "mask", "cannot_judge": True}, "invalid"),
        ({"guideline": 0, "cannot_judge": True}, "invalid"),
        ({}, "candidates"),
    ],
)
def test_exactly_one_thing_is_said(cast: Cast, said: dict[str, object], code: str) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    is_refused(_say(desk, item, **said), 400, code)
    assert not Decision.objects.exists() and not Escalation.objects.exists() and not MaskRepair.objects.exists()
    is_refused(desk.decide(item, escalate={"question": "Why?"}), 400, "escalate")
    is_refused(desk.decide(item, unsuitable_source={}), 400, "unsuitable_source")


def test_later_is_told_by_the_claim(cast: Cast) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    item = desk.item()
    for wrong in ({"minutes": 0}, {"minutes": 1441}, {"minutes": "soon"}):
        is_refused(desk.post(f"leases/{item['token']}/snooze/", wrong), 400, "invalid")
    answer = desk.post(f"leases/{item['token']}/snooze/", {"minutes": 5}).json()
    assert answer["quota"]["used"] == 0
    claim = desk.post("claim/").json()
    assert (claim["reason"], claim["item"], claim["until"]) == ("snoozed", None, answer["until"])
    assert Desk(cast, "second_reviewer").item()["item"] == item["item"]
    is_refused(desk.post(f"leases/{item['token']}/snooze/"), 409, "lease_lost")
    assert Snooze.objects.count() == 1


def test_two_are_fetched_ahead_and_no_more(cast: Cast) -> None:
    for _ in range(4):
        make_item(cast.operator)
    desk = Desk(cast)
    held = [desk.item()["token"]]
    for _ in range(2):
        held.append(desk.post("claim/", {"soft": True, "held": held}).json()["item"]["token"])
    assert len(set(held)) == 3
    answer = desk.post("claim/", {"soft": True, "held": held}).json()
    assert (answer["reason"], answer["item"]) == ("prefetched", None)
    # A browser that has forgotten one is given it again, and one that knows nothing of it is served as before.
    assert desk.post("claim/", {"soft": True, "held": held[:2]}).json()["item"]["token"] == held[2]
    assert desk.post("claim/", {"soft": True}).json()["item"]["token"] == held[1]
    assert answer["quota"]["used"] == 3


def test_an_answer_that_comes_late_is_delivered_once(cast: Cast) -> None:
    for _ in range(2):
        make_item(cast.operator)
    desk = Desk(cast)
    item, ahead, key = desk.item(), desk.item(soft=True), str(uuid.uuid4())
    expire(Slot.objects.get(lease_token=item["token"]))
    is_refused(desk.decide(item, idempotency_key=key), 409, "lease_lost")
    on_screen = desk.item()
    assert on_screen["token"] == ahead["token"]
    late = desk.post("claim/", {"soft": True, "item": item["item"]}).json()["item"]
    assert late["item"] == item["item"]
    for token in (late["token"], late["token"], item["token"]):  # also by a tab that knows the old token only
        assert desk.decide({**item, "token": token}, idempotency_key=key).status_code == 200
    assert Decision.objects.count() == 1
    assert desk.item()["token"] == on_screen["token"]
    answer = desk.post("claim/", {"soft": True, "item": item["item"]}).json()
    assert (answer["reason"], answer["item"]) == ("taken", None)
    is_refused(desk.post("claim/", {"item": item["item"]}), 400, "invalid")
    nobodys = desk.post("claim/", {"soft": True, "item": str(uuid.uuid4())}).json()
    assert nobodys["reason"] == "taken"
    assert_books_balance()


def test_undo_by_key_goes_back_one_and_not_twice(cast: Cast) -> None:
    for _ in range(2):
        make_item(cast.operator)
    desk, keys = Desk(cast), [str(uuid.uuid4()) for _ in range(2)]
    for key in keys:
        item = desk.item()
        desk.decide(
            item, idempotency_key=key, verdicts=_rejected(item, comment="A hard edge", marks=[{"x": 0.5, "y": 0}])
        )
    is_refused(desk.post("undo/", {"decision": keys[0]}), 409, "not_the_latest")
    is_refused(desk.post("undo/", {"decision": str(uuid.uuid4())}), 404, "no_such_decision")
    first, again = (desk.post("undo/", {"decision": keys[1]}).json() for _ in range(2))
    assert first == again and first["reason"] == "granted"
    (said,) = first["item"]["before"]["verdicts"]
    assert said == {
        "candidate": first["item"]["candidates"][0]["handle"], "approved": False, "codes": ["seam"],
        "product_right": True, "scene_right": False, "comment": "A hard edge", "marks": [{"x": 0.5, "y": 0.0}],
    }  # fmt: skip
    assert [entry["key"] for entry in desk.client.get("/api/v1/review/recent/").json()] == [keys[0]]


def test_recent_tells_what_can_be_taken_back(cast: Cast) -> None:
    for _ in range(12):
        make_item(cast.operator)
    desk = Desk(cast)
    keys = [desk.decide(desk.item()).json()["decided"] for _ in range(12)]
    told = desk.client.get("/api/v1/review/recent/").json()
    assert [entry["key"] for entry in told] == keys[:1:-1]
    assert set(told[0]) == {"key", "product", "kind", "decided_at", "thumb"}
    assert told[0]["kind"] == "judged" and told[0]["product"]
    assert desk.client.get(told[0]["thumb"]).status_code in (200, 404)  # the picture's row is there, its file is not
    assert Desk(cast, "second_reviewer").client.get("/api/v1/review/recent/").json() == []


def test_a_page_that_closes_gives_its_item_back_by_fetch_and_no_beacon_gets_in(cast: Cast) -> None:
    """fetch with keepalive carries the header as every call does; a beacon can only carry a form, which is refused."""
    make_item(cast.operator)
    address = f"/api/v1/review/leases/{Desk(cast).item()['token']}/release/"
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.reviewer)
    token = str(browser.get("/review/").context["csrf_token"])
    form = "application/x-www-form-urlencoded"
    for body in ("", "csrfmiddlewaretoken=nonsense", f"csrfmiddlewaretoken={token}"):
        assert browser.post(address, body, content_type=form).status_code in (403, 415)
    assert Slot.objects.get().state == "leased"
    assert browser.post(address, "{}", content_type="application/json", HTTP_X_CSRFTOKEN=token).status_code == 200
    assert Slot.objects.get().state == "ready"
