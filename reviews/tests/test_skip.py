"""Passing an item by: it goes back to the others, and never comes again."""

from accounts.tests.factories import Cast
from reviews.models import Skip
from reviews.services import queue
from reviews.tests.factories import assert_books_balance, claimed, fill_queue, make_queue, token_of, used


def test_a_skipped_item_goes_to_the_others_only(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 1)
    slot = claimed(cast.reviewer)
    queue.skip(token_of(slot), cast.reviewer)
    assert Skip.objects.filter(item=slot.item, reviewer=cast.reviewer).exists()
    assert used(cast.reviewer) == 0
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    assert claimed(cast.second_reviewer).pk == slot.pk
    assert_books_balance()


def test_skipping_gives_the_next_item(cast: Cast) -> None:
    items = fill_queue(make_queue(cast.team), cast.operator, 2)
    queue.skip(token_of(claimed(cast.reviewer)), cast.reviewer)
    assert claimed(cast.reviewer).item == items[1]
