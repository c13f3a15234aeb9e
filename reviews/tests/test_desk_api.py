"""The desk over HTTP: every verb on real rows, and every refusal a problem with a code that has changed nothing."""

import uuid
from typing import Any

import pytest

from accounts.tests.factories import Cast
from generation.tests.api_calls import api
from reviews.models import Decision, Slot, Verdict
from reviews.tests.factories import assert_books_balance, expire, make_item, make_snapshot

ROOT = "/api/v1/review/"
UNUSED = {
    "limit": 200, "used": 0, "left": 200, "open": 0, "period": "day", "today": {"judged": 0, "limit": 200}, "more": "",
    "told": "0 of 200 images today. What waits is more than what is left of today; it comes tomorrow.",
}  # fmt: skip


class Desk:
    def __init__(self, cast: Cast, who: str = "reviewer") -> None:
        self.client = api(getattr(cast, who))

    def post(self, path: str, body: object = None) -> Any:
        answer = self.client.post(f"{ROOT}{path}", {} if body is None else body, content_type="application/json")
        assert answer["Cache-Control"] == "no-store"
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"]
        return answer

    def item(self, soft: bool = False) -> dict[str, Any]:
        item = self.post("claim/", {"soft": soft}).json()["item"]
        assert item is not None
        return dict(item)

    def decide(self, item: dict[str, Any], **changes: object) -> Any:
        verdicts = [{"candidate": entry["handle"], "approved": True} for entry in item["candidates"]]
        body = {"idempotency_key": str(uuid.uuid4()), "verdicts": verdicts} | changes
        return self.post(f"leases/{item['token']}/decide/", body)


def is_refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.json()


def test_an_item_is_claimed_shown_extended_and_given_back(cast: Cast) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    item = desk.item()
    assert len(item["candidates"]) == 2
    assert desk.item()["token"] == item["token"]
    for verb in ("show", "extend"):
        answer = desk.post(f"leases/{item['token']}/{verb}/").json()
        assert answer["lease_until"] >= item["lease_until"]
        assert answer["quota"] == UNUSED | {"used": 2, "left": 198, "open": 2}
    assert desk.post(f"leases/{item['token']}/release/").json()["quota"]["used"] == 0
    assert Desk(cast, "second_reviewer").item()["item"] == item["item"]
    assert_books_balance()


def test_a_prefetched_item_becomes_the_one_on_the_screen(cast: Cast) -> None:
    make_item(cast.operator)
    make_item(cast.operator)
    desk = Desk(cast)
    first, second = desk.item(), desk.item(soft=True)
    assert (first["soft"], second["soft"]) == (False, True)
    assert first["item"] != second["item"]
    desk.decide(first)
    desk.post(f"leases/{second['token']}/show/")
    assert desk.item()["token"] == second["token"]


def test_a_skipped_item_comes_to_others_only(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    assert desk.post(f"leases/{item['token']}/skip/").status_code == 200
    assert desk.post("claim/").json() == {
        "reason": "nothing_waits", "item": None, "quota": UNUSED,
    }  # fmt: skip
    assert Desk(cast, "second_reviewer").item()["item"] == item["item"]


def test_a_decision_is_stored_as_sent_and_once(cast: Cast) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    item = desk.item()
    good, bad = (entry["handle"] for entry in item["candidates"])
    comment = "<script>alert(1)</script> =1+1"
    sent = {
        "idempotency_key": str(uuid.uuid4()),
        "verdicts": [
            {"candidate": good, "approved": True},
            {"candidate": bad, "approved": False, "codes": ["seam"], "comment": comment, "marks": [{"x": 0.5, "y": 1}]},
        ],
        "best": good,
        "shown_order": [good, bad],
        "active_ms": 4200,
    }
    first, again = desk.decide(item, **sent), desk.decide(item, **sent)
    assert first.status_code == again.status_code == 200
    assert first.json()["decided"] == again.json()["decided"] == sent["idempotency_key"]
    decision = Decision.objects.get()
    assert (str(decision.best.handle if decision.best else ""), decision.active_ms) == (good, 4200)
    rejected = Verdict.objects.get(decision=decision, approved=False)
    assert (rejected.codes, rejected.comment, rejected.marks) == (["seam"], comment, [{"x": 0.5, "y": 1.0}])
    assert (rejected.product_right, rejected.scene_right) == (True, False)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"verdicts": []}, "candidates"),
        ({"verdicts": [{"candidate": str(uuid.uuid4()), "approved": True}]}, "candidates"),
        ({"verdicts": "all"}, "invalid"),
        ({"verdicts": [{"candidate": "1", "approved": True}]}, "invalid"),
        ({"idempotency_key": "1"}, "invalid"),
        ({"cannot_judge": True}, "cannot_judge"),
        ({"best": str(uuid.uuid4())}, "candidates"),
        ({"shown_order": [str(uuid.uuid4())]}, "candidates"),
        ({"active_ms": -1}, "invalid"),
        ({"active_ms": 10**30}, "invalid"),
    ],
)
def test_what_is_no_decision_changes_nothing(cast: Cast, sent: dict[str, object], code: str) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    item = desk.item()
    is_refused(desk.decide(item, **sent), 400, code)
    assert not Decision.objects.exists()
    assert desk.decide(item).status_code == 200


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ({"approved": False}, "codes"),
        ({"approved": True, "codes": ["seam"]}, "codes"),
        ({"approved": False, "codes": ["nothing"]}, "codes"),
        ({"approved": False, "codes": ["seam"] * 30}, "invalid"),
        ({"approved": False, "codes": ["seam"], "marks": [{"x": 0.9, "y": 0.9, "width": 0.5, "height": 0.1}]}, "marks"),
        ({"approved": False, "codes": ["seam"], "marks": [{"x": 0.9, "y": 0.9, "width": 0.1}]}, "marks"),
        ({"approved": False, "codes": ["seam"], "marks": [{"x": 2, "y": 0}]}, "invalid"),
        ({"approved": False, "codes": ["seam"], "marks": [{"x": 0, "y": 0}] * 51}, "marks"),
        ({"approved": False, "codes": ["seam"], "comment": "x" * 1001}, "invalid"),
        ({"approved": False, "codes": ["seam"], "comment": "a\x00b"}, "invalid"),
        ({"approved": "perhaps"}, "invalid"),
        ({"approved": None}, "invalid"),
    ],
)
def test_what_is_no_verdict_changes_nothing(cast: Cast, verdict: dict[str, object], code: str) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    sent = [{"candidate": item["candidates"][0]["handle"], **verdict}]
    is_refused(desk.decide(item, verdicts=sent), 400, code)
    assert not Decision.objects.exists()


def test_a_key_stands_for_one_decision(cast: Cast) -> None:
    make_item(cast.operator)
    make_item(cast.operator)
    desk, key = Desk(cast), str(uuid.uuid4())
    assert desk.decide(desk.item(), idempotency_key=key).status_code == 200
    is_refused(desk.decide(desk.item(), idempotency_key=key), 409, "key_reused")


@pytest.mark.parametrize("verb", ["show", "extend", "release", "skip", "decide"])
@pytest.mark.parametrize("token", ["nobody's", "another's", "expired"])
def test_a_token_that_is_not_yours_or_out_of_time_changes_nothing(cast: Cast, verb: str, token: str) -> None:
    make_item(cast.operator)
    item = Desk(cast, "second_reviewer" if token == "another's" else "reviewer").item()
    if token == "expired":
        expire()
    if token == "nobody's":
        item["token"] = str(uuid.uuid4())
    before = Slot.objects.values().get()
    desk = Desk(cast)
    answer = desk.decide(item) if verb == "decide" else desk.post(f"leases/{item['token']}/{verb}/")
    is_refused(answer, 409, "lease_lost")
    assert Slot.objects.values().get() == before


def test_the_last_decision_is_taken_back_and_its_item_comes_again(cast: Cast) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    item = desk.item()
    desk.decide(item)
    again = desk.post("undo/").json()["item"]
    assert again["item"] == item["item"]
    assert again["token"] != item["token"]
    assert_books_balance()


def test_there_is_nothing_to_take_back(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast, "second_reviewer")
    desk.decide(desk.item())
    is_refused(Desk(cast).post("undo/"), 404, "no_such_decision")


def test_what_was_frozen_is_not_taken_back(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    desk.decide(desk.item())
    make_snapshot(cast.ml_engineer).snapshot_decisions.create(decision=Decision.objects.get())
    is_refused(desk.post("undo/"), 409, "already_exported")


def test_a_full_day_is_told(cast: Cast) -> None:
    make_item(cast.operator, 2)
    api(cast.admin).post(f"/quotas/{cast.reviewer.username}/", {"daily_images": 1})
    assert Desk(cast).post("claim/").json()["reason"] == "quota_reached"
