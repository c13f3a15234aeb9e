"""Reporting a wrong mask over HTTP: the same route, key and token as any decision."""

import uuid
from typing import Any

import pytest

from accounts.tests.factories import Cast
from generation.models import MaskRepair
from generation.services import repairs
from reviews.models import Decision
from reviews.tests.factories import assert_books_balance, make_item, make_queue
from reviews.tests.test_desk_api import Desk, is_refused

SAID = {"comment": "The handle is cut off", "marks": [{"x": 0.5, "y": 0.25}]}


def _report(desk: Desk, item: dict[str, Any], said: object = None, key: str = "") -> Any:
    body = {"idempotency_key": key or str(uuid.uuid4()), "mask_wrong": SAID if said is None else said}
    return desk.post(f"leases/{item['token']}/decide/", body)


def test_it_is_stored_as_sent_and_once(cast: Cast) -> None:
    make_item(cast.operator, 2)
    desk = Desk(cast)
    item, key = desk.item(), str(uuid.uuid4())
    for _ in range(2):
        answer = _report(desk, item, key=key)
        assert (answer.status_code, answer.json()["decided"]) == (200, key)
        assert answer.json()["quota"]["used"] == 2
    repair = MaskRepair.objects.get()
    assert (repair.note, repair.marks) == (SAID["comment"], SAID["marks"])
    assert Decision.objects.get().kind == "mask_wrong"
    assert desk.post("claim/").json()["reason"] == "nothing_waits"
    is_refused(_report(desk, item, {"comment": "Other"}, key=key), 409, "key_reused")


def test_a_bare_report_is_enough(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    assert _report(desk, desk.item(), {}).status_code == 200


def test_it_is_undone_and_the_item_handed_back(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    _report(desk, item)
    answer = desk.post("undo/").json()
    assert answer["reason"] == "granted" and answer["item"]["item"] == item["item"]
    assert_books_balance()


def test_who_sends_late_is_told_why(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator)
    first, second = Desk(cast), Desk(cast, "second_reviewer")
    mine, theirs = first.item(), second.item()
    _report(first, mine)
    for late in (
        second.decide(theirs),
        _report(second, theirs),
        second.post(f"leases/{theirs['token']}/extend/"),
    ):
        is_refused(late, 409, "item_withdrawn")
        assert "mask of this item is wrong" in late.json()["detail"]


def test_undo_of_another_decision_says_that_the_item_is_withdrawn(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    make_item(cast.operator)
    first, second = Desk(cast), Desk(cast, "second_reviewer")
    second.decide(second.item())
    _report(first, first.item())
    answer = second.post("undo/").json()
    assert (answer["reason"], answer["item"]) == ("withdrawn", None)


def test_undo_after_the_repair_is_a_conflict(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    _report(desk, desk.item())
    repairs.keep_mask(MaskRepair.objects.get(), cast.operator)
    is_refused(desk.post("undo/"), 409, "mask_settled")


BAD = [
    ("wrong", "invalid"),
    ([], "invalid"),
    (True, "invalid"),
    ({"comment": "x" * 1001}, "invalid"),
    ({"comment": None}, "invalid"),
    ({"marks": [{"x": 2, "y": 0}]}, "invalid"),
    ({"marks": [{"y": 0}]}, "invalid"),
    ({"marks": [{"x": 0, "y": 0, "width": 0.5}]}, "marks"),
    ({"marks": [{"x": 0.5, "y": 0.5}] * 51}, "marks"),
]


@pytest.mark.parametrize(("said", "code"), BAD)
def test_what_is_no_report_is_refused(cast: Cast, said: object, code: str) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    is_refused(_report(desk, item, said), 400, code)
    assert not MaskRepair.objects.exists() and not Decision.objects.exists()
    assert desk.item()["token"] == item["token"]


def test_a_report_carries_no_verdicts(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    item = desk.item()
    is_refused(desk.decide(item, mask_wrong=SAID), 400, "mask_wrong")
    is_refused(desk.decide(item, mask_wrong=SAID, verdicts=[], cannot_judge=True), 400, "mask_wrong")
