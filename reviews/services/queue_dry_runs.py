"""What other rules of a queue would have done to the last requests. Nothing is written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from accounts.models import Team
from generation.models import Candidate, GenerationRequest, Score
from reviews.models import Queue
from reviews.models.queues import ROUTED
from reviews.routing import match
from reviews.selection import ScoredCandidate
from reviews.services.enqueueing import facts_of, selection_for

SAMPLE = 1_000
EXAMPLES = 6


@dataclass(frozen=True)
class Moved:
    """A request that would go elsewhere. A queue without a name is the one that is made when no other matches."""

    request: GenerationRequest
    before: str
    after: str


@dataclass
class DryRun:
    """`flows` counts the requests that would go elsewhere by (from, to); `waiting` all by queue: (now, then)."""

    requests: int = 0
    moved: int = 0
    images: tuple[int, int] = (0, 0)
    flows: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_queue: dict[str, tuple[int, int]] = field(default_factory=dict)
    examples: list[Moved] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """For templates: from, to, how many; the most first."""
        return [(before, after, count) for (before, after), count in self.flows.most_common()]

    @property
    def queues(self) -> list[tuple[str, int, int]]:
        return [(name, *numbers) for name, numbers in sorted(self.by_queue.items())]


def dry_run(team: Team, wanted: Queue, place: int | None = None) -> DryRun:
    """Route the last SAMPLE scored requests of the variant by the rules in force, and by these with `wanted` in place:
    where it is now, or as the `place`-th that is asked, from 1. A new queue is asked first.

    A queue is told by its name; images are those shown, times their reviewers. Every seat counts.
    """
    order = list(Queue.objects.of_team(team).filter(variant=wanted.variant).in_order())
    now = [queue for queue in order if _takes_part(queue)]
    then = [queue for queue in _with(order, wanted, place) if _takes_part(queue)]
    result = DryRun()
    for request in _sample(team, wanted.variant):
        scored = [ScoredCandidate(c.pk, c.scores.all()[0].value) for c in request.candidates.all() if c.scores.all()]
        if not scored:
            continue
        _add(result, request, scored, _first(now, request, scored), _first(then, request, scored))
    return result


def _with(order: list[Queue], wanted: Queue, place: int | None) -> list[Queue]:
    others = [queue for queue in order if queue.pk != wanted.pk]
    if place is None and wanted.pk is None:
        place = 1
    if place is not None:
        return [*others[: place - 1], wanted, *others[place - 1 :]]
    return sorted([*others, wanted], key=lambda queue: (queue.position, queue.pk))


def _takes_part(queue: Queue) -> bool:
    return queue.purpose in ROUTED and not queue.is_closed


def _sample(team: Team, variant: str) -> Iterable[GenerationRequest]:
    rows = GenerationRequest.objects.filter(team=team, variant=variant, state=GenerationRequest.State.READY)
    scored = Candidate.objects.filter(state=Candidate.State.SCORED).order_by("pk")
    return (
        rows.select_related("created_by")
        .prefetch_related(
            Prefetch("candidates", scored.prefetch_related(Prefetch("scores", Score.objects.order_by("-pk")))),
            "request_products__revision__product",
        )
        .order_by("-pk")[:SAMPLE]
    )


def _first(queues: Sequence[Queue], request: GenerationRequest, scored: list[ScoredCandidate]) -> Queue | None:
    facts = facts_of(request, scored)
    return next((queue for queue in queues if match(queue.conditions, facts) is not None), None)


def _add(
    result: DryRun, request: GenerationRequest, scored: list[ScoredCandidate], now: Queue | None, then: Queue | None
) -> None:
    before, after = (queue.name if queue else "" for queue in (now, then))
    costs = [len(selection_for(queue, request, scored)) * queue.overlap if queue else 0 for queue in (now, then)]
    result.requests += 1
    result.images = (result.images[0] + costs[0], result.images[1] + costs[1])
    for name, step in ((before, (1, 0)), (after, (0, 1))):
        had = result.by_queue.get(name, (0, 0))
        result.by_queue[name] = (had[0] + step[0], had[1] + step[1])
    same = now is not None and then is not None and now.pk == then.pk and now.pk is not None
    if same or (now is None and then is None):
        return
    result.moved += 1
    result.flows[before, after] += 1
    if len(result.examples) < EXAMPLES:
        result.examples.append(Moved(request, before, after))
