"""The pull queue: how a request becomes an item, and how a reviewer comes to one and leaves it."""

import random
import uuid
from dataclasses import dataclass
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Team, User
from generation.models import Candidate, GenerationRequest, Score
from generation.variants import VARIANTS
from reviews.models import ItemCandidate, Queue, ReviewItem, Skip, Slot
from reviews.selection import ScoredCandidate, Selected, select
from reviews.services import leases, quotas
from reviews.services.quotas import QuotaState

Reason = Literal["granted", "nothing_waits", "quota_reached", "paused"]


@dataclass(frozen=True)
class Claim:
    """What the desk gives a reviewer: a leased slot, or the reason why there is none."""

    slot: Slot | None
    reason: Reason
    quota: QuotaState


def claim(reviewer: User, *, soft: bool = False, item: ReviewItem | None = None) -> Claim:
    """Give `reviewer` an item: the one they hold, else the prefetched one, else the next that waits.

    A soft claim prefetches: it answers with the reviewer's soft lease, or a new one. A claim never makes a second
    hard or a second soft lease. With `item` that very item is leased, even from a paused queue, and what is on the
    screen is set aside to come next.
    """
    leases.free_expired(reviewer)
    for _attempt in range(3):
        try:
            with transaction.atomic():
                leases.lock_desk(reviewer)
                granted = _take(reviewer, soft=soft, item=item)
            break
        except IntegrityError:
            # no_reviewer_twice: the item became this reviewer's in the same instant. The next look passes it by.
            granted = leases.Grant(None, fitting=True)
    return Claim(
        slot=fetch(granted.slot_id) if granted.slot_id else None,
        reason=_reason(reviewer, granted),
        quota=quotas.state(reviewer),
    )


def _take(reviewer: User, *, soft: bool, item: ReviewItem | None) -> leases.Grant:
    mine = list(leases.held(reviewer))
    if item is not None:
        return _take_item(reviewer, mine, item)
    if found := next((slot for slot in mine if slot.is_soft is soft), None):
        return leases.Grant(found.pk, fitting=True)
    if mine and not soft:
        hardened = _harden(reviewer, mine[0])
        if hardened is not None:
            return leases.Grant(hardened, fitting=True)
    return leases.grant(reviewer, soft=soft)


def _take_item(reviewer: User, mine: list[Slot], item: ReviewItem) -> leases.Grant:
    if found := next((slot for slot in mine if slot.item_id == item.pk), None):
        set_aside(reviewer, [slot for slot in mine if slot != found])
        return leases.Grant(_harden(reviewer, found), fitting=True)
    set_aside(reviewer, mine)
    return leases.grant(reviewer, soft=False, item=item)


def _harden(reviewer: User, slot: Slot) -> int | None:
    assert slot.lease_token is not None  # noqa: S101 - a held slot has one (slot_in_exactly_one_state)
    return leases.harden(reviewer, slot.lease_token)


def set_aside(reviewer: User, mine: list[Slot]) -> None:
    """Make room on the screen: its item comes next, and what was prefetched but never seen goes back.

    Call it with the reviewer's desk locked and their open leases in `mine`.
    """
    on_screen = [slot for slot in mine if not slot.is_soft]
    if not on_screen:
        return
    leases.lock_held(reviewer)
    for slot in mine:
        if slot.is_soft and slot.lease_token:
            leases.free(reviewer, slot.lease_token)
    leases.held(reviewer).filter(pk__in=[slot.pk for slot in on_screen]).update(is_soft=True)


def _reason(reviewer: User, granted: leases.Grant) -> Reason:
    if granted.slot_id:
        return "granted"
    waiting = False if granted.fitting else leases.waiting(reviewer)
    if waiting is None:
        return "paused"
    return "quota_reached" if waiting else "nothing_waits"


def fetch(slot_id: int) -> Slot:
    """A slot with all that its screen shows."""
    return Slot.objects.select_related("item__queue", "item__request__team", "queue").get(pk=slot_id)


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
    """The heartbeat of an open lease. Raises LeaseLost."""
    slot_id = leases.extend(reviewer, token)
    if slot_id is None:
        raise leases.lost(token)
    return fetch(slot_id)


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


def current(reviewer: User) -> list[Slot]:
    """The reviewer's open leases: what is on the screen, then what comes next."""
    return list(leases.held(reviewer).select_related("item__queue", "item__request", "queue"))


def display_order(slot: Slot) -> list[Candidate]:
    """The siblings as they stand on this reviewer's screen: shuffled for them, and the same after a reload."""
    candidates = list(slot.item.candidates.select_related("raw", "composed").order_by("pk"))
    shuffle = random.Random(f"{slot.item.handle}:{slot.pk}:{slot.attempt}:{slot.reviewer_id}")  # noqa: S311
    shuffle.shuffle(candidates)
    return candidates


def ensure_queue(team: Team, variant: str) -> Queue:
    """The team's first queue for `variant`; one with the defaults is made where there is none."""
    queue = Queue.objects.of_team(team).filter(variant=variant).order_by("pk").first()
    if queue is None:
        name = VARIANTS[variant].label
        queue, _made = Queue.objects.get_or_create(team=team, name=name, defaults={"variant": variant})
    return queue


def enqueue_request(request: GenerationRequest) -> ReviewItem | None:
    """Make the review item of a READY request, with its slots; the one there is, if there is one already.

    None when the request is not READY or has nothing scored.
    """
    with transaction.atomic():
        # Two workers with the same message: the second waits here and then finds the first one's item.
        ready = GenerationRequest.objects.select_for_update(no_key=True).filter(
            pk=request.pk, state=GenerationRequest.State.READY
        )
        locked = ready.first()
        if locked is None:
            return None
        existing = locked.review_items.order_by("pk").first()
        if existing is not None:
            return existing
        queue = ensure_queue(locked.team, locked.variant)
        selected = _select(locked, queue)
        if not selected:
            return None
        item = ReviewItem.objects.create(queue=queue, request=locked)
        ItemCandidate.objects.bulk_create(
            ItemCandidate(item=item, candidate_id=one.id, reason=one.reason, propensity=one.propensity)
            for one in selected
        )
        Slot.objects.bulk_create(
            Slot(item=item, queue=queue, number=number, images=len(selected)) for number in range(1, queue.overlap + 1)
        )
    return item


def _select(request: GenerationRequest, queue: Queue) -> list[Selected]:
    scores = _scores_of(request.pk, request.reward_version_id)
    return select(
        [ScoredCandidate(score.candidate_id, score.value) for score in scores],
        top_ranks=queue.top_ranks,
        floor=queue.score_floor,
        exploration_share=queue.exploration_share,
        # The handle is random and stays: nobody can foresee the draw, and a retry draws the same.
        rng=random.Random(str(request.handle)),  # noqa: S311
    )


def _scores_of(request: int | OuterRef, version: int | OuterRef | None) -> QuerySet[Score]:
    return Score.objects.filter(candidate__request=request, candidate__state=Candidate.State.SCORED, version=version)


def pull_scored(limit: int = 200) -> int:
    """Enqueue what is READY and has no item yet, whether or not its event arrived; returns how many items it made."""
    in_queue = ReviewItem.objects.filter(request=OuterRef("pk"))
    scored = _scores_of(OuterRef("pk"), OuterRef("reward_version"))
    requests = GenerationRequest.objects.filter(~Exists(in_queue), Exists(scored), state=GenerationRequest.State.READY)
    return sum(enqueue_request(request) is not None for request in requests.order_by("pk")[:limit])
