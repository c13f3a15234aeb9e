"""The pull queue: how a reviewer comes to an item and leaves it. How a request becomes one is in enqueueing."""

import random
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from generation.models import Candidate
from reviews.models import Escalation, GuidelineVersion, ReviewItem, Skip, Slot, Snooze
from reviews.services import alarms, claiming, leases, quotas
from reviews.services.quotas import QuotaState

Reason = Literal[
    "granted", "nothing_waits", "quota_reached", "paused", "person_paused", "snoozed", "prefetched", "taken"
]


@dataclass(frozen=True)
class Claim:
    """What the desk gives a reviewer: a leased slot, or the reason why there is none.

    "snoozed": only what they put off waits, and the first of it comes back at `until`. "prefetched": they hold as much
    ahead as they may. "taken": the item asked for is not to be had by them.
    """

    slot: Slot | None
    reason: Reason
    quota: QuotaState
    until: datetime | None = None


def claim(
    reviewer: User, *, soft: bool = False, item: ReviewItem | None = None, held: Collection[uuid.UUID] | None = None
) -> Claim:
    """Give `reviewer` an item: the one they hold, else what comes next, else the next that waits.

    A soft claim fetches ahead (see claiming.take_ahead; `held` are the tokens the browser has). There is never a second
    hard lease. With `item` that very item is leased, even from a paused queue: softly without touching the screen, for
    an answer that comes late; else onto the screen, and what is on it is set aside to come next.
    """
    leases.free_expired(reviewer)
    claim = _try(reviewer, soft, item, held)
    if claim.reason == "quota_reached" and reviewer.team and leases.free_expired_of(reviewer.team):
        # Somebody had walked away with what was left of a budget that they share.
        claim = _try(reviewer, soft, item, held)
    if claim.reason == "quota_reached":
        alarms.tell_quota_reached(reviewer, claim.quota)
    return claim


def claim_late(reviewer: User, handle: uuid.UUID) -> Claim:
    """Lease the item of that handle to deliver what was decided on it. Whether it exists is not told: "taken"."""
    item = ReviewItem.objects.filter(handle=handle, queue__team=reviewer.team).first()
    if item is None:
        return Claim(None, "taken", quotas.state(reviewer))
    return claim(reviewer, soft=True, item=item)


def _try(reviewer: User, soft: bool, item: ReviewItem | None, held: Collection[uuid.UUID] | None) -> Claim:
    granted: leases.Grant | None
    for _attempt in range(3):
        try:
            with transaction.atomic():
                leases.lock_desk(reviewer)
                granted = _take(reviewer, soft, item, held)
            break
        except IntegrityError:
            # no_reviewer_twice: the item became this reviewer's in the same instant. The next look passes it by.
            granted = leases.Grant(None, fitting=True)
    if granted is not None and granted.slot_id:
        return Claim(fetch(granted.slot_id), "granted", quotas.state(reviewer))
    reason, until = _why_not(reviewer, granted, item)
    return Claim(None, reason, quotas.state(reviewer), until)


def _take(
    reviewer: User, soft: bool, item: ReviewItem | None, held: Collection[uuid.UUID] | None
) -> leases.Grant | None:
    if item is not None:
        return claiming.take_late(reviewer, item) if soft else claiming.take_item(reviewer, item)
    return claiming.take_ahead(reviewer, held) if soft else claiming.take(reviewer)


def _why_not(reviewer: User, granted: leases.Grant | None, item: ReviewItem | None) -> tuple[Reason, datetime | None]:
    if granted is None:
        return "prefetched", None
    waiting: leases.Waiting = "no" if granted.fitting else leases.waiting(reviewer, item)
    if item is not None:
        return ("taken" if waiting == "no" else "quota_reached"), None
    if waiting == "yes":
        return "quota_reached", None
    if waiting != "no":
        return waiting, None
    until = leases.snoozed_until(reviewer)
    return ("snoozed" if until else "nothing_waits"), until


def fetch(slot_id: int) -> Slot:
    """A slot with all that its screen shows: among it the item's answered questions (`answers`) and the number of the
    guidelines in force (`guideline`, None without any)."""
    return _for_screen(Slot.objects.filter(pk=slot_id)).get()


def _for_screen(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """In the same statement: every claim asks for all of it."""
    answered = Escalation.objects.answered().filter(item=OuterRef("item")).order_by("pk")
    said = ArraySubquery(answered.values(said=JSONObject(question="question", answer="answer")))
    variant = OuterRef("item__request__variant")
    versions = GuidelineVersion.objects.filter(team=OuterRef("item__request__team"), variant=variant)
    number = Subquery(versions.order_by("-number").values("number")[:1])
    rows = slots.select_related("item__queue", "item__request__team", "item__request__canvas", "queue")
    return rows.annotate(answers=said, guideline=number)


def show(token: uuid.UUID, reviewer: User) -> Slot:
    """The item is on the screen now: its lease lasts the queue's full length from here.

    Another item still on the screen steps back to "comes next". Raises LeaseLost.
    """
    with transaction.atomic():
        leases.lock_desk(reviewer)
        leases.lock_held(reviewer)
        slot_id = leases.harden(reviewer, token)
        if slot_id is None:
            raise leases.lost(token)
        leases.held(reviewer).filter(is_soft=False).exclude(pk=slot_id).update(is_soft=True)
    return fetch(slot_id)


def extend(token: uuid.UUID, reviewer: User) -> Slot:
    """The heartbeat of an open lease; whoever looks at one item keeps what they have set aside. Raises LeaseLost."""
    slot_id = leases.extend(reviewer, token)
    if slot_id is None:
        raise leases.lost(token)
    slot = fetch(slot_id)
    if not slot.is_soft:
        leases.extend_aside(reviewer)
    return slot


def release(token: uuid.UUID, reviewer: User) -> None:
    """Give the item back, for anybody to claim; the quota is credited. Raises LeaseLost."""
    if leases.free(reviewer, token) is None:
        raise leases.lost(token)


def skip(token: uuid.UUID, reviewer: User) -> None:
    """Give the item back and never see it again; the quota is credited. Raises LeaseLost."""
    with transaction.atomic():
        item_id = leases.free(reviewer, token)
        if item_id is None:
            raise leases.lost(token)
        Skip.objects.bulk_create([Skip(item_id=item_id, reviewer=reviewer)], ignore_conflicts=True)


def snooze(token: uuid.UUID, reviewer: User, minutes: int) -> Snooze:
    """Give the item back and be offered it again after `minutes`, by the database's clock; others may have it before.

    The quota is credited. Raises LeaseLost.
    """
    with transaction.atomic():
        item_id = leases.free(reviewer, token)
        if item_id is None:
            raise leases.lost(token)
        until = leases.ClockTimestamp() + timedelta(minutes=minutes)
        snoozed = Snooze.objects.create(item_id=item_id, reviewer=reviewer, until=until)
    snoozed.refresh_from_db(fields=["until"])
    return snoozed


def current(reviewer: User) -> list[Slot]:
    """The reviewer's open leases: what is on the screen, then what comes next."""
    return list(_for_screen(leases.held(reviewer)))


def display_order(slot: Slot) -> list[Candidate]:
    """The siblings as they stand on this reviewer's screen: shuffled for them, and the same after a reload."""
    candidates = list(slot.item.candidates.select_related("raw", "composed").order_by("pk"))
    shuffle = random.Random(f"{slot.item.handle}:{slot.pk}:{slot.attempt}:{slot.reviewer_id}")  # noqa: S311
    shuffle.shuffle(candidates)
    return candidates
