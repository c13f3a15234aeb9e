"""A decision whose lease ran out, delivered late over HTTP by two tabs at once: stored once, and both hear the same."""

import uuid
from typing import Any

import pytest

from accounts.tests.factories import make_cast
from reviews.models import Decision, Slot
from reviews.tests.factories import assert_books_balance, expire, fill_queue, in_threads, make_queue
from reviews.tests.test_desk_api import Desk

ROUNDS = 6
pytestmark = pytest.mark.django_db(transaction=True)


def _deliver(desk: Desk, item: dict[str, Any], key: str) -> tuple[str, str]:
    """What a tab does with an answer that it could not send in time: claim that very item, and decide under the new
    token. Where another tab was quicker there is nothing to claim, and the old token with the same key must do."""
    claim = desk.post("claim/", {"soft": True, "item": item["item"]}).json()
    token = claim["item"]["token"] if claim["item"] else item["token"]
    answer = desk.decide({**item, "token": token}, idempotency_key=key)
    assert answer.status_code == 200, answer.json()
    return str(claim["reason"]), str(answer.json()["decided"])


def test_two_tabs_deliver_the_same_late_answer() -> None:
    cast = make_cast()
    for _ in range(ROUNDS):
        (made,) = fill_queue(make_queue(cast.team), cast.operator, 1, images=2)
        tabs, key = [Desk(cast), Desk(cast)], str(uuid.uuid4())
        item = tabs[0].item()
        expire(Slot.objects.get(lease_token=item["token"]))
        refused = tabs[0].decide(item, idempotency_key=key)
        assert (refused.status_code, refused.json()["code"]) == (409, "lease_lost")
        told = in_threads(2, lambda number, tabs=tabs, item=item, key=key: _deliver(tabs[number], item, key))  # type: ignore[misc]
        assert {decided for _reason, decided in told} == {key}
        assert {reason for reason, _decided in told} <= {"granted", "taken"}
        stored = Decision.objects.get(slot__item=made)
        assert str(stored.idempotency_key) == key and stored.verdicts.count() == 2
        assert made.slots.get().state == "decided" and made.outcomes.count() == 2
        assert_books_balance()


def test_of_two_tabs_that_say_different_things_one_is_refused() -> None:
    """The same key for two answers is a fault of the browser: the first is kept, the other is told."""
    cast = make_cast()
    for _ in range(ROUNDS):
        (made,) = fill_queue(make_queue(cast.team), cast.operator, 1)
        tabs, key = [Desk(cast), Desk(cast)], str(uuid.uuid4())
        item = tabs[0].item()
        expire(Slot.objects.get(lease_token=item["token"]))
        late = tabs[0].post("claim/", {"soft": True, "item": item["item"]}).json()["item"]
        said: list[dict[str, object]] = [{}, {"verdicts": [], "cannot_judge": True}]

        def decide(number: int, tabs=tabs, late=late, key=key, said=said) -> int:  # type: ignore[no-untyped-def]
            return int(tabs[number].decide(late, idempotency_key=key, **said[number]).status_code)

        assert sorted(in_threads(2, decide)) == [200, 409]
        assert Decision.objects.filter(slot__item=made).count() == 1
        assert_books_balance()


def test_late_and_judged_by_another_meanwhile_it_is_taken() -> None:
    cast = make_cast()
    fill_queue(make_queue(cast.team), cast.operator, 1)
    desk, key = Desk(cast), str(uuid.uuid4())
    item = desk.item()
    expire()

    other = Desk(cast, "second_reviewer")
    assert other.decide(other.item()).status_code == 200
    assert desk.post("claim/", {"soft": True, "item": item["item"]}).json()["reason"] == "taken"
    assert desk.decide(item, idempotency_key=key).status_code == 409
    assert Decision.objects.count() == 1
    assert_books_balance()
