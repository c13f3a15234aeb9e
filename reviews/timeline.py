"""Everything that happened to one review item, step by step, from the rows that each step left. Read only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import OuterRef, Prefetch, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from generation.models import Candidate, MaskRepair, Score
from generation.models.repairs import RepairState
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.desk_actions import ACTIONS
from reviews.models import Decision, Escalation, ItemCandidate, ReviewItem, ReworkItem, Slot, SnapshotDecision, Verdict
from reviews.models.decisions import DecisionKind
from reviews.models.items import SlotState


@dataclass(frozen=True)
class Step:
    """One thing that happened. `who` is None for the machine; `state` chooses the look of the chip, `word` is on it.

    `lines` are sentences, `facts` (name, value) pairs, `verdicts` those of a decision, in the order of the images.
    """

    at: datetime
    icon: str
    title: str
    who: User | None = None
    state: str = ""
    word: str = ""
    lines: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    verdicts: Sequence[Verdict] = ()
    best_id: int | None = None


@dataclass(frozen=True)
class History:
    """The item's steps, oldest first; its images with what is held to be right; who is at it now."""

    steps: list[Step]
    images: list[ItemCandidate]
    open_slots: list[Slot]
    decisions: int = 0
    numbers: dict[int, int] = field(default_factory=dict)
    """Candidate key -> the number people call it by."""


def history_of(item: ReviewItem) -> History:
    """What is known of `item`, whose request and queue were fetched with it."""
    images = _images(item)
    numbers = {entry.candidate_id: entry.candidate.position + 1 for entry in images}
    decisions = _decisions(item)
    steps = [
        *_making(item, images), *_queueing(item, images), *_passing_by(item),
        *(step for decision in decisions for step in _deciding(decision, numbers)), *_repairs(item),
        *_outcomes(item, numbers), *_gold(images), *_reworks(item),
    ]  # fmt: skip
    slots = item.slots.filter(state=SlotState.LEASED).select_related("reviewer").order_by("pk")
    ordered = sorted(steps, key=lambda step: step.at)
    return History(ordered, images, list(slots), len(decisions), numbers)


def _images(item: ReviewItem) -> list[ItemCandidate]:
    rows = item.item_candidates.select_related(
        "gold__set_by", "candidate__composed", "candidate__raw", "candidate__generator_version"
    ).prefetch_related("candidate__findings", Prefetch("candidate__scores", Score.objects.select_related("version")))
    return sorted(rows, key=lambda entry: entry.candidate.position)


def _decisions(item: ReviewItem) -> list[Decision]:
    rows = Decision.objects.filter(slot__item=item).order_by("pk")
    return list(
        rows.select_related(
            "reviewer", "guideline", "retraction__reviewer", "escalation__answered_by"
        ).prefetch_related(
            Prefetch("verdicts", Verdict.objects.select_related("candidate__composed", "candidate__raw")),
            Prefetch("snapshots", SnapshotDecision.objects.select_related("snapshot__created_by")),
        )
    )


def _making(item: ReviewItem, images: Sequence[ItemCandidate]) -> Iterator[Step]:
    request = item.request
    yield Step(
        request.created_at, "plus", _("The request was opened"), request.created_by, lines=[request.prompt],
        facts=[
            (_("Variant"), _(VARIANTS[request.variant].label)),
            (_("Images asked for"), str(request.candidate_count)),
        ],
    )  # fmt: skip
    candidates = [entry.candidate for entry in images]
    if not candidates:
        return
    made = candidates[0]
    title = _("Brought in from elsewhere") if request.is_made_elsewhere else _("The images were made")
    yield Step(made.created_at, "image", title, facts=[(_("Model"), str(made.generator_version))])
    yield from _machine_verdicts(candidates)


def _machine_verdicts(candidates: Sequence[Candidate]) -> Iterator[Step]:
    findings = [finding for candidate in candidates for finding in candidate.findings.all()]
    if findings:
        broken = [finding for finding in findings if finding.violated]
        told = ngettext("%(count)d limit broken", "%(count)d limits broken", len(broken)) % {"count": len(broken)}
        measured = ngettext("%(count)d measure taken", "%(count)d measures taken", len(findings))
        lines = [measured % {"count": len(findings)}, told]
        yield Step(max(finding.created_at for finding in findings), "eye", _("The guardian looked"), lines=lines)
    scores = sorted(
        (score for c in candidates for score in c.scores.all()), key=lambda score: (score.version_id, score.rank)
    )
    numbers = {candidate.pk: candidate.position + 1 for candidate in candidates}
    for _version, group in groupby(scores, key=lambda score: score.version_id):
        told_scores = list(group)
        facts = [
            (_("Image %(number)d") % {"number": numbers[score.candidate_id]},
             _("rank %(rank)d, score %(value)s") % {"rank": score.rank, "value": _number(score.value, 2)})
            for score in told_scores
        ]  # fmt: skip
        title = _("Scored by %(version)s") % {"version": told_scores[0].version}
        yield Step(max(score.created_at for score in told_scores), "star", title, facts=facts)


def _number(value: float, places: int) -> str:
    """As the reader's language writes it."""
    return number_format(round(value, places), places)


def _queueing(item: ReviewItem, images: Sequence[ItemCandidate]) -> Iterator[Step]:
    facts = [
        (_("Image %(number)d") % {"number": entry.candidate.position + 1},
         _("%(reason)s, shown with probability %(share)s")
         % {"reason": entry.get_reason_display(), "share": number_format(round(entry.propensity, 2), 2)})
        for entry in images
    ]  # fmt: skip
    yield Step(item.created_at, "inbox", _("Put into the queue %(queue)s") % {"queue": item.queue}, facts=facts)


def _passing_by(item: ReviewItem) -> Iterator[Step]:
    for skip in item.skips.select_related("reviewer"):
        yield Step(skip.created_at, "skip-forward", _("Skipped"), skip.reviewer)
    for snooze in item.snoozes.select_related("reviewer"):
        yield Step(snooze.created_at, "pause", _("Put off"), snooze.reviewer)


def _deciding(decision: Decision, numbers: dict[int, int]) -> Iterator[Step]:
    escalation: Escalation | None = getattr(decision, "escalation", None)
    yield Step(
        decision.created_at, "list-checks", _("Decided"), decision.reviewer, state=decision.kind,
        word=str(DecisionKind(decision.kind).label), lines=[escalation.question] if escalation else [],
        facts=_circumstances(decision, numbers), best_id=decision.best_id,
        verdicts=sorted(decision.verdicts.all(), key=lambda verdict: verdict.candidate.position),
    )  # fmt: skip
    if escalation and escalation.answered_at:
        yield Step(escalation.answered_at, "info", _("Answered"), escalation.answered_by, lines=[escalation.answer])
    for frozen in decision.snapshots.all():
        snapshot = frozen.snapshot
        title = _("Frozen in the dataset %(name)s") % {"name": snapshot}
        yield Step(snapshot.created_at, "lock", title, snapshot.created_by)
    retraction: Any = getattr(decision, "retraction", None)
    if retraction:
        yield Step(retraction.created_at, "undo-2", _("Taken back"), retraction.reviewer)


def _circumstances(decision: Decision, numbers: dict[int, int]) -> list[tuple[str, str]]:
    facts = [(_("Active time"), _("%(seconds)s s") % {"seconds": _number(decision.active_ms / 1000, 1)})]
    if decision.attempt > 1:
        facts.append((_("Attempt"), str(decision.attempt)))
    if shown := [str(numbers[key]) for key in decision.shown_order if key in numbers]:
        facts.append((_("Order on the screen"), ", ".join(shown)))
    if decision.aids:
        labels = [_(ACTIONS[aid].label) if aid in ACTIONS else aid for aid in decision.aids]
        facts.append((_("Aids used"), ", ".join(labels)))
    if decision.guideline:
        facts.append((_("Guideline"), _("version %(number)d") % {"number": decision.guideline.number}))
    return facts


def _repairs(item: ReviewItem) -> Iterator[Step]:
    titles = {
        RepairState.REPAIRED: _("The mask was repaired and asked for again"),
        RepairState.KEPT: _("The mask was found right"),
        RepairState.TAKEN_BACK: _("The report was taken back"),
    }
    for repair in MaskRepair.objects.filter(request=item.request_id).select_related("reported_by", "closed_by"):
        reported = _("Reported: %(reason)s") % {"reason": repair.get_reason_display()}
        lines = [repair.note] if repair.note else []
        yield Step(repair.created_at, "triangle-alert", reported, repair.reported_by, lines=lines)
        if repair.closed_at:
            yield Step(repair.closed_at, "brush", titles[RepairState(repair.state)], repair.closed_by)


def _outcomes(item: ReviewItem, numbers: dict[int, int]) -> Iterator[Step]:
    found = list(item.outcomes.order_by("pk"))
    if found:
        facts = [
            (_("Image %(number)d") % {"number": numbers.get(outcome.candidate_id, 0)}, outcome.get_state_display())
            for outcome in found
        ]
        word = item.get_state_display()
        yield Step(found[0].created_at, "circle-check", _("Outcome"), state=item.state, word=word, facts=facts)


def was_reworked(item: int | OuterRef) -> QuerySet[ReworkItem]:
    return ReworkItem.objects.filter(item=item, state__in=["done", "undone", "left"])


def _reworks(item: ReviewItem) -> Iterator[Step]:
    """What admins did with it among others, and what was taken back of that."""
    if not getattr(item, "was_reworked", True):  # asked with the item, where it was
        return
    entries = was_reworked(item.pk).order_by("pk")
    for entry in entries.select_related("rework__done_by", "rework__undone_by"):
        rework, title = entry.rework, entry.rework.get_kind_display()
        yield Step(rework.done_at, "refresh-cw", title, rework.done_by, lines=[rework.reason])
        if entry.state == "undone" and rework.undone_at:
            yield Step(rework.undone_at, "undo-2", _("Taken back: %(act)s") % {"act": title}, rework.undone_by)


def _gold(images: Sequence[ItemCandidate]) -> Iterator[Step]:
    """Every answer that was ever given or taken away, from the history of the rows."""
    entries = {entry.pk: entry.candidate.position + 1 for entry in images}
    found = apps.get_model("reviews", "GoldVerdictEvent").objects.filter(item_candidate__in=entries)
    events = list(found.select_related("set_by", "pgh_context").order_by("pgh_id"))
    removers = _removers(events)
    for event in events:
        number = {"number": entries[event.item_candidate_id]}
        if event.pgh_label == "delete":
            who = removers.get(_removed_by(event))
            yield Step(event.pgh_created_at, "x", _("Gold for image %(number)d taken away") % number, who)
            continue
        said = _("Approved") if event.approved else ", ".join(_(DEFECT_CODES[code].label) for code in event.codes)
        yield Step(event.pgh_created_at, "star", _("Gold for image %(number)d") % number, event.set_by, lines=[said])


def _removers(events: Sequence[Any]) -> dict[int, User]:
    """A row that is deleted names who set it; who deleted it stands in the context only."""
    keys = {_removed_by(event) for event in events if event.pgh_label == "delete"} - {0}
    return User.objects.in_bulk(keys) if keys else {}


def _removed_by(event: Any) -> int:
    """0 for a row deleted outside of any context: by hand, in the database."""
    return int((event.pgh_context.metadata if event.pgh_context else {}).get("user") or 0)
