"""What may be learned from: judged candidates of resolved items, and the preferences among them, by request."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team
from generation.models import Candidate, RequestProduct
from generation.snapshotfiles import CandidateRow, PairRow, SourceRow
from generation.variants.defect_codes import DEFECT_CODES
from reviews.models import Decision, ItemCandidate, Outcome, ReviewItem, Verdict
from reviews.models.items import ItemState, SelectionReason
from reviews.models.outcomes import OutcomeState
from reviews.models.queues import QueuePurpose

PAGE = 100
REQUEST_CODES = sorted(key for key, code in DEFECT_CODES.items() if code.scope == "request")
"""A reject with one of these says that the photo was unsuitable: nothing of its request is a preference."""


@dataclass(frozen=True)
class SnapshotFilters:
    """Which resolved items to freeze; the defaults take all. `queues` are primary keys.

    An item belongs to the time of its last standing decision: `since` <= that time < `until`.
    """

    variant: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    queues: tuple[int, ...] = ()
    include_exploration: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "variant": self.variant,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "queues": sorted(self.queues),
            "include_exploration": self.include_exploration,
        }

    def covers(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class JudgedRequest:
    """One request's rows, without their split, and the primary keys of the decisions and outcomes they rest on."""

    source: SourceRow
    candidates: Sequence[CandidateRow]
    pairs: Sequence[PairRow]
    decisions: Sequence[int]
    outcomes: Sequence[int]
    newest: datetime


def judged_requests(team: Team, filters: SnapshotFilters) -> Iterator[JudgedRequest]:
    """Yield the requests that have something to learn from, by revision and age, in short pages of their own.

    A product photographed for many requests stands together, so that its row is written once.
    """
    items = _resolved_items(team, filters).filter(request=OuterRef("request_id"))
    rows = RequestProduct.objects.filter(Exists(items), position=0).order_by("revision_id", "request_id")
    revision, request = 0, 0
    while True:
        after = Q(revision_id__gt=revision) | Q(revision_id=revision, request_id__gt=request)
        page = list(
            rows.filter(after).select_related("revision__photo", "revision__mask", "request__canvas", "request__kept")[
                :PAGE
            ]
        )
        if not page:
            return
        yield from _read_page(team, filters, page)
        revision, request = page[-1].revision_id, page[-1].request_id


def _resolved_items(team: Team, filters: SnapshotFilters) -> QuerySet[ReviewItem]:
    reported = Outcome.objects.filter(state=OutcomeState.WITHDRAWN, item__request=OuterRef("request"))
    withdrawn = reported.filter(item__state=ItemState.WITHDRAWN, item__gt=OuterRef("pk"))
    items = ReviewItem.objects.filter(~Exists(withdrawn), queue__team=team, state=ItemState.RESOLVED)
    items = items.exclude(queue__purpose=QueuePurpose.CALIBRATION)
    if filters.variant:
        items = items.filter(request__variant=filters.variant)
    return items.filter(queue__in=filters.queues) if filters.queues else items


def _read_page(team: Team, filters: SnapshotFilters, page: list[RequestProduct]) -> Iterator[JudgedRequest]:
    requests = [row.request_id for row in page]
    unsuitable = set(
        Verdict.objects.filter(candidate__request__in=requests, codes__overlap=REQUEST_CODES, decision__retraction=None)
        .exclude(decision__slot__queue__purpose=QueuePurpose.CALIBRATION)
        .values_list("candidate__request_id", flat=True)
    )  # fmt: skip
    visits = _visits(team, filters, requests)
    candidates = defaultdict(list)
    for candidate in (
        Candidate.objects.filter(request__in=requests).order_by("request", "position")
        .select_related("request__reward_version", "composed", "generator_version")
        .prefetch_related("findings", "scores")
    ):  # fmt: skip
        candidates[candidate.request_id].append(candidate)
    for row in page:
        if row.request_id not in unsuitable:
            evidence = _Evidence.of(visits[row.request_id])
            judged = _judged_request(_source_row(row), candidates[row.request_id], evidence, filters)
            if judged:
                yield judged


@dataclass(frozen=True)
class _Visit:
    """A resolved item with the standing judgements that made it so."""

    item: ReviewItem
    decisions: list[Decision]


def _visits(team: Team, filters: SnapshotFilters, requests: list[int]) -> dict[int, list[_Visit]]:
    items = _resolved_items(team, filters).filter(request__in=requests).order_by("pk")
    decisions = defaultdict(list)
    for decision in (
        Decision.objects.standing().judged().filter(slot__item__in=items)
        .select_related("reviewer", "slot").order_by("pk").prefetch_related("verdicts", "pairs")
    ):  # fmt: skip
        decisions[decision.slot.item_id].append(decision)
    visits = defaultdict(list)
    for item in items.prefetch_related("outcomes__item__queue", "item_candidates"):
        made = decisions[item.pk]
        if made and filters.covers(max(decision.created_at for decision in made)):
            visits[item.request_id].append(_Visit(item, made))
    return visits


@dataclass(frozen=True)
class _Evidence:
    """All that is known of a request's candidates, by candidate."""

    decisions: list[Decision]
    outcomes: dict[int, list[Outcome]]
    verdicts: dict[int, list[Verdict]]
    places: dict[int, ItemCandidate]

    @classmethod
    def of(cls, visits: list[_Visit]) -> "_Evidence":
        found = cls([], defaultdict(list), defaultdict(list), {})
        for visit in visits:
            found.decisions.extend(visit.decisions)
            for outcome in visit.item.outcomes.all():
                found.outcomes[outcome.candidate_id].append(outcome)
            for place in visit.item.item_candidates.all():
                found.places.setdefault(place.candidate_id, place)
            for decision in visit.decisions:
                for verdict in decision.verdicts.all():
                    found.verdicts[verdict.candidate_id].append(verdict)
        return found

    def approved(self, candidate: int, filters: SnapshotFilters) -> bool | None:
        """Whether the candidate is right, or None when it may not be learned from.

        Two visits that ended differently are a conflict like a split outcome: nobody knows which one is right, unless
        one of them was there to settle it.
        """
        place = self.places.get(candidate)
        if place is None or not self.verdicts.get(candidate):
            return None
        if place.reason == SelectionReason.EXPLORATION and not filters.include_exploration:
            return None
        held = self.outcomes.get(candidate, [])
        settled = [one for one in held if one.item.queue.purpose == QueuePurpose.ADJUDICATION]
        states = {outcome.state for outcome in settled or held}
        if len(states) != 1 or states & {OutcomeState.SPLIT, OutcomeState.WITHDRAWN}:
            return None
        return states == {OutcomeState.APPROVED}


def _judged_request(
    source: SourceRow, candidates: list[Candidate], evidence: _Evidence, filters: SnapshotFilters
) -> JudgedRequest | None:
    rows: dict[int, CandidateRow] = {}
    for candidate in candidates:
        approved = evidence.approved(candidate.pk, filters)
        if approved is not None:
            rows[candidate.pk] = _candidate_row(source, candidate, approved, evidence)
    if not rows:
        return None
    used = [made for made in evidence.decisions if any(verdict.candidate_id in rows for verdict in made.verdicts.all())]
    return JudgedRequest(
        source=source,
        candidates=list(rows.values()),
        pairs=_pair_rows(evidence.decisions, rows),
        decisions=[decision.pk for decision in used],
        outcomes=[outcome.pk for key in rows for outcome in evidence.outcomes[key]],
        newest=max(decision.created_at for decision in used),
    )


def _pair_rows(decisions: list[Decision], rows: dict[int, CandidateRow]) -> list[PairRow]:
    """The preferences among the rows' candidates; where two reviewers hold opposite ones, neither."""
    held = [
        (made, pair)
        for made in decisions
        for pair in made.pairs.all()
        if pair.winner_id in rows and pair.loser_id in rows
    ]
    directions = {(pair.winner_id, pair.loser_id) for _made, pair in held}
    judged = [{verdict.candidate_id for verdict in made.verdicts.all()} for made in decisions]
    found = []
    for made, pair in held:
        ends = (pair.winner_id, pair.loser_id)
        if ends[::-1] in directions:
            continue
        holders = sum((other.winner_id, other.loser_id) == ends for _made, other in held)
        judges = sum(seen.issuperset(ends) for seen in judged)
        winner, loser = rows[pair.winner_id], rows[pair.loser_id]
        found.append(
            PairRow(
                request=winner.request, product=winner.product, winner=winner.key, loser=loser.key, rule=pair.rule,
                decision=made.pk, reviewer=str(made.reviewer.handle), created_at=made.created_at.isoformat(),
                confidence=round(holders / judges, 4),
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.decision, row.winner, row.loser))


def _source_row(row: RequestProduct) -> SourceRow:
    """What a request was painted on: a photo and its product's mask, or a canvas and what of it was kept."""
    revision, request = row.revision, row.request
    product = f"product-{revision.product_id}"
    key, photo, mask = f"{product}-r{revision.number}", revision.photo, revision.mask
    if request.canvas is not None and request.kept is not None:
        key, photo, mask = f"{key}-request-{request.handle}", request.canvas, request.kept
    if mask is None:
        raise ValueError(f"revision {revision} was asked for without a mask")
    return SourceRow(
        key=key, product=product, revision=revision.number, photo=photo.name, photo_sha256=photo.sha256,
        mask=mask.name, mask_sha256=mask.sha256, width=photo.width, height=photo.height,
    )  # fmt: skip


def _candidate_row(source: SourceRow, candidate: Candidate, approved: bool, evidence: _Evidence) -> CandidateRow:
    """One candidate as its outcome says: what a rejecting reviewer named counts only where the outcome is a reject."""
    request, picture, generator = candidate.request, candidate.composed, candidate.generator_version
    verdicts, place = evidence.verdicts[candidate.pk], evidence.places[candidate.pk]
    if picture is None:
        raise ValueError(f"candidate {candidate} was judged without an image")
    against = [] if approved else [verdict for verdict in verdicts if not verdict.approved]
    reward = request.reward_version
    score = next(
        (score.value for score in candidate.scores.all() if score.version_id == request.reward_version_id), None
    )
    return CandidateRow(
        key=str(candidate.handle), request=str(request.handle), source=source.key, product=source.product,
        variant=request.variant, prompt=request.prompt, picture=picture.name, picture_sha256=picture.sha256,
        width=picture.width, height=picture.height, approved=approved,
        product_right=all(verdict.product_right for verdict in against),
        scene_right=all(verdict.scene_right for verdict in against),
        codes=sorted({code for verdict in against for code in verdict.codes}),
        verdicts=len(verdicts), approvals=sum(verdict.approved for verdict in verdicts),
        reason=place.reason, propensity=place.propensity, score=score,
        score_version=str(reward) if reward and score is not None else None,
        score_version_sha256=reward.sha256 if reward and score is not None else None,
        measures={finding.measure: finding.value for finding in candidate.findings.all()},
        generator_version=str(generator), generator_sha256=generator.sha256 or None,
        made_elsewhere=generator.is_external,
    )  # fmt: skip
