"""An accepted item locks some hours after it was resolved: its reviewer can no longer take the decision back."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.tests.factories import Cast
from reviews.models import Decision, FloorSettings, Outcome, Retraction, ReviewItem
from reviews.services import decisions, undoing
from reviews.services.refusals import ItemLocked
from reviews.tests.factories import assert_books_balance, claimed, decide, make_item, reject_all


def _resolved(item: ReviewItem, hours: float) -> None:
    ReviewItem.objects.filter(pk=item.pk).update(resolved_at=Now() - timedelta(hours=hours))


def _accepted(cast: Cast, hours: float) -> tuple[ReviewItem, Decision]:
    item = make_item(cast.operator)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    _resolved(item, hours)
    return item, decision


def test_a_day_later_it_is_refused_and_nothing_has_changed(cast: Cast) -> None:
    item, decision = _accepted(cast, 24.1)
    with pytest.raises(ItemLocked, match="24 hours") as refused:
        decisions.undo(cast.reviewer, decision)
    item.refresh_from_db()
    assert refused.value.code == "item_locked"
    assert item.state == "resolved" and Outcome.objects.approved().exists() and not Retraction.objects.exists()
    assert_books_balance()


def test_within_the_day_it_comes_back(cast: Cast) -> None:
    _accepted(cast, 23.9)
    assert decisions.undo(cast.reviewer).state == "leased"


def test_the_team_says_after_how_many_hours(cast: Cast) -> None:
    FloorSettings.objects.create(team=cast.team, locks_after_hours=2)
    _item, decision = _accepted(cast, 2.1)
    with pytest.raises(ItemLocked, match="2 hours"):
        undoing.undo_latest(cast.reviewer, decision.idempotency_key)


def test_a_rejected_item_never_locks(cast: Cast) -> None:
    item = make_item(cast.operator)
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, reject_all(slot))
    _resolved(item, 1000)
    assert decisions.undo(cast.reviewer).state == "leased"
