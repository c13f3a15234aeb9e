"""A reviewer's own decisions, after the fact: found, narrowed and paged. Read only; nobody else's verdict is in it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from generation.models import MaskRepair, RequestProduct
from generation.variants.defect_codes import DEFECT_CODES
from reviews.models import Decision, Verdict
from reviews.models.decisions import DecisionKind
from reviews.models.preferences import frozen

PAGE = 25
STANDING, TAKEN_BACK = "standing", "taken_back"
APPROVED, REJECTED = "approved", "rejected"
_REPORTS = (DecisionKind.MASK_WRONG, DecisionKind.UNSUITABLE_SOURCE)


@dataclass(frozen=True)
class JournalFilters:
    """Empty fields ask for nothing. `verdict`: at least one image has it. Dates are days of the team, both included."""

    words: str = ""
    kind: str = ""
    verdict: str = ""
    standing: str = ""
    since: date | None = None
    until: date | None = None


def decided(reviewer: User, filters: JournalFilters) -> QuerySet[Decision]:
    """Their decisions that fit, in no order."""
    rows = Decision.objects.filter(reviewer=reviewer)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.verdict:
        of_it = Verdict.objects.filter(decision=OuterRef("pk"), approved=filters.verdict == APPROVED)
        rows = rows.filter(Exists(of_it))
    if filters.standing:
        rows = rows.filter(retraction__isnull=filters.standing == STANDING)
    if filters.words:
        rows = rows.filter(_speaks_of(filters.words))
    return rows.filter(_within(reviewer, filters.since, filters.until))


def _speaks_of(words: str) -> Q:
    """Product, prompt, comment or defect, the defect by its key or by its word in the reader's language."""
    codes = [code.key for code in DEFECT_CODES.values() if words.casefold() in f"{code.key} {_(code.label)}".casefold()]
    called = Q(revision__product__title__icontains=words) | Q(revision__product__external_id__icontains=words)
    placed = RequestProduct.objects.filter(called, request=OuterRef("slot__item__request"))
    said = Verdict.objects.filter(Q(comment__icontains=words) | Q(codes__overlap=codes), decision=OuterRef("pk"))
    return Q(slot__item__request__prompt__icontains=words) | Q(Exists(placed)) | Q(Exists(said))


def _within(reviewer: User, since: date | None, until: date | None) -> Q:
    zone = reviewer.zone
    found = Q()
    if since:
        found &= Q(created_at__gte=datetime.combine(since, time.min, zone))
    if until:
        found &= Q(created_at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
    return found


def newest(rows: QuerySet[Decision], before: int | None, most: int = PAGE) -> tuple[list[Decision], int | None]:
    """A page of them, newest first, below the key `before`; and the key to go on below, None at the end.

    Each has `can_be_taken_back`: whether nothing that is known now speaks against it. The service has the last word.
    """
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(_shown(rows).order_by("-pk")[: most + 1])
    return found[:most], found[most - 1].pk if len(found) > most else None


def _shown(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    report = MaskRepair.objects.waiting().filter(request=OuterRef("slot__item__request"))
    unanswered = ~Q(kind__in=_REPORTS) | Q(Exists(report))
    verdicts = Verdict.objects.select_related("candidate__composed", "candidate__raw").order_by("candidate__position")
    return (
        rows.annotate(can_be_taken_back=Q(retraction=None) & ~frozen() & unanswered)
        .select_related("slot__item__request", "retraction")
        .prefetch_related(
            Prefetch("verdicts", verdicts),
            "slot__item__request__request_products__revision__product",
            "slot__item__request__request_products__revision__photo",
        )
    )
