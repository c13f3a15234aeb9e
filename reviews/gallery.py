"""The gallery: the images of a team that people may see, narrowed by what is known of them. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Value

from accounts.models import Team
from generation.models import Candidate, ModelVersion, RequestProduct
from generation.models.candidates import CandidateState
from reviews.models import Outcome, ReviewItem, Verdict
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState
from reviews.models.queues import QueuePurpose

PAGE = 48
NEAREST = 60
UNDECIDED = "none"
"""Instead of an outcome: nobody has decided yet, or not in an item that stands."""


@dataclass(frozen=True)
class GalleryFilters:
    """What the images must be. Empty fields ask for nothing; dates are days of the team, both included."""

    variant: str = ""
    outcome: str = ""
    code: str = ""
    product: str = ""
    since: date | None = None
    until: date | None = None
    request_state: str = ""
    version: ModelVersion | None = None
    blocked: bool = False


class HammingDistance(Func):
    """How many of the 64 bits of two perceptual hashes differ, 0..64."""

    template = "bit_count((%(expressions)s)::bit(64))"
    arg_joiner = " # "
    output_field = BigIntegerField()


def matching(team: Team, filters: GalleryFilters) -> QuerySet[Candidate]:
    """The team's images that fit, in no order. What the guardian blocked comes only when asked for, and then alone."""
    states = [CandidateState.BLOCKED] if filters.blocked else [CandidateState.CLEARED, CandidateState.SCORED]
    rows = Candidate.objects.filter(request__team=team, state__in=states)
    exact = {
        "request__variant": filters.variant,
        "request__state": filters.request_state,
        "generator_version": filters.version,
    }
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if filters.outcome:
        rows = rows.filter(_has_outcome(filters.outcome))
    if filters.code:
        standing = Verdict.objects.filter(candidate=OuterRef("pk"), decision__retraction=None)
        standing = standing.exclude(decision__slot__queue__purpose=QueuePurpose.CALIBRATION)
        rows = rows.filter(Exists(standing.filter(codes__contains=[filters.code])))
    if filters.product:
        rows = rows.filter(Exists(_placed(filters.product)))
    return rows.filter(_within(team, filters.since, filters.until))


def _has_outcome(outcome: str) -> Q:
    standing = Outcome.objects.filter(candidate=OuterRef("pk")).exclude(item__state=ItemState.OPEN)
    if outcome == OutcomeState.APPROVED:  # what may leave: the newest visit counts
        return Q(Exists(Outcome.objects.approved().filter(candidate=OuterRef("pk"))))
    return ~Q(Exists(standing)) if outcome == UNDECIDED else Q(Exists(standing.filter(state=outcome)))


def _placed(words: str) -> QuerySet[RequestProduct]:
    """Those whose product is called so, here or in the team's own system."""
    called = Q(revision__product__title__icontains=words) | Q(revision__product__external_id__iexact=words)
    return RequestProduct.objects.filter(called, request=OuterRef("request"))


def _within(team: Team, since: date | None, until: date | None) -> Q:
    zone = ZoneInfo(team.time_zone)
    found = Q()
    if since:
        found &= Q(created_at__gte=datetime.combine(since, time.min, zone))
    if until:
        found &= Q(created_at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
    return found


def shown(rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """With all that a tile says, in a handful of queries. Outcomes are those of items that stand, the latest first."""
    items = ReviewItem.objects.exclude(queue__purpose=QueuePurpose.CALIBRATION).order_by("-pk")
    outcomes = Outcome.objects.exclude(item__state=ItemState.OPEN).select_related("item").order_by("-item_id")
    return rows.select_related("composed", "raw", "request", "generator_version").prefetch_related(
        Prefetch("outcomes", outcomes),
        Prefetch("request__request_products", RequestProduct.objects.select_related("revision__product")),
        Prefetch("review_items", items),
    )


def newest(rows: QuerySet[Candidate], before: int | None) -> tuple[list[Candidate], int | None]:
    """A page of them, newest first, below the key `before`; and the key to go on below, None at the end.

    Nothing is counted, and the last page costs what the first one does.
    """
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(shown(rows).order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def alike(rows: QuerySet[Candidate], to: Candidate) -> list[Candidate]:
    """The NEAREST of `rows` by perceptual hash, each with its `distance`, 0..64 bits; `to` itself comes first.

    An image whose hash was never taken resembles nothing. All of `rows` are looked
    through.
    """
    if to.perceptual_hash is None:
        return []
    distance = HammingDistance(F("perceptual_hash"), Value(to.perceptual_hash, BigIntegerField()))
    hashed = shown(rows).exclude(perceptual_hash=None).annotate(distance=distance)
    return list(hashed.order_by("distance", "-pk")[:NEAREST])


def chosen(team: Team, handles: Sequence[UUID]) -> QuerySet[Candidate]:
    """The team's images of these handles that people may see, blocked ones not among them."""
    rows = Candidate.objects.cleared().filter(request__team=team, handle__in=handles)
    return shown(rows).order_by("-pk")
