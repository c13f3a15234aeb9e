"""Which of a reviewer's leases comes to the screen, which waits beside it, and what is fetched ahead."""

import uuid
from collections.abc import Collection

from accounts.models import User
from reviews.models import ReviewItem, Slot
from reviews.services import leases
from reviews.services.leases import Grant

PREFETCH = 2
"""How many items nobody has seen yet one reviewer may hold."""
MAX_ASIDE = 10
"""How many items that were on the screen one reviewer may hold beside the one that is: as deep as undo goes."""


def take(reviewer: User) -> Grant:
    """The item on the screen, else the one that comes next, else a new one."""
    mine = list(leases.held(reviewer))
    if mine and not mine[0].is_soft:
        return Grant(mine[0].pk, fitting=True)
    hardened = _harden(reviewer, mine[0]) if mine else None
    return Grant(hardened, fitting=True) if hardened else leases.grant(reviewer, soft=False)


def take_ahead(reviewer: User, held: Collection[uuid.UUID] | None) -> Grant | None:
    """What comes next: a lease that is not among the tokens `held`, else a new one; None when enough are out.

    Without `held` one lease ahead is enough, and it is answered as often as it is asked for.
    """
    ahead = [slot for slot in leases.held(reviewer) if slot.is_soft]
    if found := next((slot for slot in ahead if held is None or slot.lease_token not in held), None):
        return Grant(found.pk, fitting=True)
    unseen = sum(slot.seen_at is None for slot in ahead)
    if unseen >= PREFETCH or len(ahead) >= PREFETCH + MAX_ASIDE:
        return None
    return leases.grant(reviewer, soft=True)


def take_item(reviewer: User, item: ReviewItem) -> Grant:
    """Bring that very item to the screen; what is on it comes next."""
    mine = list(leases.held(reviewer))
    if found := next((slot for slot in mine if slot.item_id == item.pk), None):
        set_aside(reviewer, [slot for slot in mine if slot != found])
        return Grant(_harden(reviewer, found), fitting=True)
    set_aside(reviewer, mine)
    return leases.grant(reviewer, soft=False, item=item)


def take_late(reviewer: User, item: ReviewItem) -> Grant:
    """Lease that very item for an answer that comes late; the screen stays as it is."""
    if found := leases.held(reviewer).filter(item=item).first():
        return Grant(found.pk, fitting=True)
    return leases.grant(reviewer, soft=True, item=item)


def set_aside(reviewer: User, mine: list[Slot]) -> None:
    """Make room on the screen: its item comes next; what was fetched ahead but never seen goes back.

    So does what is more than MAX_ASIDE. Call it with the reviewer's desk locked and their open leases in `mine`, in
    the order they come to the screen.
    """
    if all(slot.is_soft for slot in mine):
        return
    leases.lock_held(reviewer)
    on_screen = [slot.pk for slot in mine if not slot.is_soft]
    leases.held(reviewer).filter(pk__in=on_screen).update(is_soft=True)
    aside = [slot for slot in mine if slot.seen_at is not None or not slot.is_soft]
    aside.sort(key=lambda slot: (slot.seen_at is None, slot.seen_at))
    kept = {slot.pk for slot in aside[:MAX_ASIDE]}
    for slot in mine:
        if slot.pk not in kept and slot.lease_token:
            leases.free(reviewer, slot.lease_token)


def _harden(reviewer: User, slot: Slot) -> int | None:
    assert slot.lease_token is not None  # noqa: S101 - a held slot has one (slot_in_exactly_one_state)
    return leases.harden(reviewer, slot.lease_token)
