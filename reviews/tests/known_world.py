"""Items whose right answers are known, and what of them comes to people."""

import uuid

from accounts.models import Role, User
from accounts.tests.factories import Cast, make_user
from reviews.models import Decision, Queue, ReviewItem, Slot
from reviews.services import calibration, gold
from reviews.tests.factories import approve_all, claimed, decide, fill_queue, make_item, make_queue, reject_all


def make_known(cast: Cast, *, right: bool = True, images: int = 1, by: User | None = None) -> ReviewItem:
    """An item that the second reviewer has judged, and whose right answer an admin has set since."""
    judge = by or cast.second_reviewer
    item = make_item(cast.operator, images)
    slot = claimed(judge)
    assert slot.item == item
    decide(judge, slot)
    for entry in item.item_candidates.select_related("item__queue", "item__request"):
        gold.set_gold(entry, cast.admin, approved=right, codes=[] if right else ["seam"])
    item.refresh_from_db()
    return item


def shown(cast: Cast, known: ReviewItem) -> ReviewItem:
    return calibration.show_now(known, cast.admin)


def told(cast: Cast, reviewer: User, *, right: bool, approves: bool) -> Decision:
    """What a reviewer says of a known image, at a calibration."""
    visit = shown(cast, make_known(cast, right=right))
    slot = claimed(reviewer)
    assert slot.item == visit
    return decide(reviewer, slot, approve_all(slot) if approves else reject_all(slot))


def floor_with_share(cast: Cast, share: float, *, waiting: int = 10) -> Queue:
    """A queue of known items' share, in which so many items wait."""
    queue = make_queue(cast.team, gold_share=share)
    fill_queue(queue, cast.operator, waiting)
    return queue


def third_reviewer(cast: Cast) -> User:
    return make_user(cast.team, Role.REVIEWER)


def seat_of(item: ReviewItem) -> Slot:
    return Slot.objects.get(item=item)


def draw(item: ReviewItem) -> None:
    """Let a resolved item be of the share that its queue wants: by another handle, until chance wants it."""
    for _try in range(1000):
        if calibration.is_drawn(ReviewItem.objects.select_related("queue").get(pk=item.pk)):
            return
        ReviewItem.objects.filter(pk=item.pk).update(handle=uuid.uuid4())
    raise AssertionError(f"{item} is never drawn")
