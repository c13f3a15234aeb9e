"""How a scored request becomes a review item: which queue takes it, what of it is shown, how many judge it, when."""

import random
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team
from generation.models import Candidate, GenerationRequest, Score
from generation.variants import VARIANTS
from reviews.models import ItemCandidate, Queue, ReviewItem, Slot
from reviews.models.items import SelectionReason
from reviews.models.queues import FRESH_EYES, ROUTED, QueuePurpose
from reviews.ordering import Order, turn_at, uncertainty_of
from reviews.routing import Entry, Facts, match
from reviews.selection import ScoredCandidate, Selected, select

_LAST = 32_000
"""The place of a queue made by itself: after every other, it takes what none of them wants."""


def ensure_queue(team: Team, variant: str) -> Queue:
    """The team's first queue for `variant` that takes requests in; made with the defaults where there is none."""
    routed = Queue.objects.of_team(team).filter(variant=variant, purpose__in=ROUTED, is_closed=False)
    return routed.in_order().first() or _catch_all(team, variant)


def free_name(team: Team, label: str, fitting: Q) -> str:
    """`label`, with a number where a queue that does not do for what it is wanted has that name already."""
    queues = Queue.objects.of_team(team).filter(name__startswith=label)
    taken = set(queues.exclude(fitting).values_list("name", flat=True))
    names = (label if number == 1 else f"{label} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def queue_for_visits(team: Team, variant: str, purpose: QueuePurpose) -> Queue:
    """The variant's first queue of that purpose; where there is none it is made, with the leases of its first queue."""
    found = Queue.objects.of_team(team).filter(variant=variant, purpose=purpose, is_closed=False).in_order().first()
    if found is None:
        label = f"{VARIANTS[variant].label}: {purpose.value.replace('_', ' ')}"[:70]
        name = free_name(team, label, Q(variant=variant, purpose=purpose, is_closed=False))
        like = ensure_queue(team, variant)
        defaults = {
            "variant": variant, "purpose": purpose,
            "lease_seconds": like.lease_seconds, "soft_lease_seconds": like.soft_lease_seconds,
        }  # fmt: skip
        found = Queue.objects.get_or_create(team=team, name=name, defaults=defaults)[0]
    return found


def selected_before(item: ReviewItem, candidates: Collection[int]) -> list[Selected]:
    """These candidates of an item, for another visit, as they were selected for this one."""
    places = ItemCandidate.objects.filter(item=item, candidate__in=candidates).order_by("pk")
    return [
        Selected(place.candidate_id, "exploration" if place.reason == SelectionReason.EXPLORATION else "top_rank",
                 place.propensity)
        for place in places
    ]  # fmt: skip


def best_of(request: GenerationRequest, candidates: Collection[int]) -> float:
    """The best score of these candidates of a request, 0..1."""
    scores = Score.objects.filter(candidate__in=candidates, version=request.reward_version)
    return max(scores.values_list("value", flat=True), default=0.0)


def _catch_all(team: Team, variant: str) -> Queue:
    """A queue without conditions: what it is given may not fail any."""
    fitting = Q(variant=variant, purpose__in=ROUTED, is_closed=False, conditions=[])
    defaults = {"variant": variant, "position": _LAST}
    name = free_name(team, VARIANTS[variant].label, fitting)
    return Queue.objects.get_or_create(team=team, name=name, defaults=defaults)[0]


def route(request: GenerationRequest, scored: list[ScoredCandidate]) -> tuple[Queue, Entry]:
    """The first queue in order whose conditions hold, and why; a catch-all is made where none takes the request."""
    facts = facts_of(request, scored)
    queues = Queue.objects.of_team(request.team).filter(variant=request.variant, purpose__in=ROUTED, is_closed=False)
    for queue in queues.in_order():
        matched = match(queue.conditions, facts)
        if matched is not None:
            return queue, Entry(matched)
    return _catch_all(request.team, request.variant), Entry()


def facts_of(request: GenerationRequest, scored: list[ScoredCandidate]) -> Facts:
    """What conditions are compared with. `share` comes from the handle: random, and the same at every look."""
    values = [candidate.score for candidate in scored]
    best = max(values, default=0.0)
    products = [entry.revision.product for entry in request.request_products.all()]
    return Facts(
        best_score=best,
        score_spread=best - min(values, default=0.0),
        uncertainty=uncertainty_of(best),
        candidates=len(values),
        share=_draw(request, "share"),
        category=products[0].category if products else "",
        prompt=request.prompt,
        requested_by=request.created_by.username if request.created_by else "",
        made_elsewhere=request.is_made_elsewhere,
    )


def _draw(request: GenerationRequest, what: str) -> float:
    """A number in 0..1 that nobody can foresee, and that a retry draws again: the handle is random and stays."""
    return random.Random(f"{request.handle}:{what}").random()  # noqa: S311


def enqueue_request(request: GenerationRequest) -> ReviewItem | None:
    """Make the review item of a READY request, with its slots; the one there is, if there is one already.

    None when the request is not READY or has nothing scored.
    """
    with transaction.atomic():
        # Two workers with the same message: the second waits here and then finds the first one's item.
        ready = GenerationRequest.objects.select_for_update(no_key=True, of=("self",)).filter(
            pk=request.pk, state=GenerationRequest.State.READY
        )
        locked = ready.select_related("team", "created_by").first()
        if locked is None:
            return None
        existing = locked.review_items.order_by("pk").first()
        if existing is not None:
            return existing
        scores = _scores_of(locked.pk, locked.reward_version_id)
        scored = [ScoredCandidate(score.candidate_id, score.value) for score in scores]
        if not scored:
            return None
        queue, entry = route(locked, scored)
        selected = selection_for(queue, locked, scored)
        return open_item(queue, locked, selected, entry, best=max(candidate.score for candidate in scored))


def selection_for(queue: Queue, request: GenerationRequest, scored: list[ScoredCandidate]) -> list[Selected]:
    """What of a request a queue shows, as drawn by chance from the request's handle."""
    return select(
        scored,
        top_ranks=queue.top_ranks,
        floor=queue.score_floor,
        exploration_share=queue.exploration_share,
        rng=random.Random(str(request.handle)),  # noqa: S311 - see _draw
    )


def open_item(
    queue: Queue,
    request: GenerationRequest,
    selected: list[Selected],
    entry: Entry,
    *,
    best: float,
    first: ReviewItem | None = None,
    priority: int = 0,
    turn: datetime | None = None,
    fresh_eyes: bool = False,
) -> ReviewItem:
    """Make an item with its seats, in the caller's transaction. `best` is the best score of its candidates, 0..1; a
    later visit names the `first`, and with `fresh_eyes` it is not for who has judged that. Whose turn it is follows
    from the queue's order, unless `turn` is given."""
    overlap, drawn = overlap_of(queue, request)
    entry = Entry(**{**vars(entry), "overlap": overlap, "drawn_for_more": drawn})
    item = ReviewItem.objects.create(
        queue=queue, request=request, first=first, entered_because=entry.as_json(), priority=priority
    )
    # When it entered says the database: the turns of two machines are compared, whatever their clocks say.
    entered = item.created_at
    if (due_at := due_after(queue, entered)) is not None:
        item.due_at = due_at
        item.save(update_fields=["due_at"])
    ItemCandidate.objects.bulk_create(
        ItemCandidate(item=item, candidate_id=one.id, reason=one.reason, propensity=one.propensity) for one in selected
    )
    turn = turn or turn_at(
        entered, order_of(queue), score=best, uncertainty=uncertainty_of(best), priority=priority, due_at=item.due_at
    )
    make_seats(item, queue, overlap=overlap, images=len(selected), turn=turn, fresh_eyes=fresh_eyes)
    return item


def make_seats(
    item: ReviewItem, queue: Queue, *, overlap: int, images: int, turn: datetime, fresh_eyes: bool = False
) -> None:
    """The seats of an item at a queue, all ready. With `fresh_eyes` they are not for who has judged its family, as
    they never are in some queues."""
    Slot.objects.bulk_create(
        Slot(
            item=item, queue=queue, family_id=item.first_id or item.pk, number=number, images=images, turn_at=turn,
            fresh_eyes=fresh_eyes or queue.purpose in FRESH_EYES,
        )
        for number in range(1, overlap + 1)
    )  # fmt: skip


def overlap_of(queue: Queue, request: GenerationRequest) -> tuple[int, bool]:
    """How many people judge an item of this request here, and whether it was drawn for more than usual."""
    drawn = queue.overlap_more is not None and _draw(request, f"overlap:{queue.pk}") < queue.overlap_share
    return (queue.overlap_more if drawn and queue.overlap_more else queue.overlap), drawn


def due_after(queue: Queue, entered_at: datetime) -> datetime | None:
    return None if queue.due_hours is None else entered_at + timedelta(hours=queue.due_hours)


def order_of(queue: Queue) -> Order:
    return Order(queue.score_weight, queue.uncertainty_weight, timedelta(hours=queue.reach_hours))


def _scores_of(request: int | OuterRef, version: int | OuterRef | None) -> QuerySet[Score]:
    return Score.objects.filter(candidate__request=request, candidate__state=Candidate.State.SCORED, version=version)


def pull_scored(limit: int = 200) -> int:
    """Enqueue what is READY and has no item yet, whether or not its event arrived; returns how many items it made."""
    in_queue = ReviewItem.objects.filter(request=OuterRef("pk"))
    scored = _scores_of(OuterRef("pk"), OuterRef("reward_version"))
    requests = GenerationRequest.objects.filter(~Exists(in_queue), Exists(scored), state=GenerationRequest.State.READY)
    return sum(enqueue_request(request) is not None for request in requests.order_by("pk")[:limit])
