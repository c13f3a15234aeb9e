"""What the desk is told. Blind: nothing here tells a score, a model, an age or another's verdict."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from generation.models import Candidate
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.models import Decision, Slot
from reviews.serializers.pictures import preview
from reviews.services import queue, undoing
from reviews.services.quotas import QuotaState


def quota_answer(state: QuotaState) -> dict[str, Any]:
    """`limit`, `used` and `left` are of what limits the reviewer most, in its `period`; `today` is of their day, and
    without what is `open`. In words: `more` is what else is set, `told` is for who gets no more."""
    return {
        "limit": state.limit,
        "used": state.used,
        "left": state.left,
        "open": state.open_images,
        "period": state.period,
        "today": {"judged": state.day.judged, "limit": state.day.limit or 0},
        "more": quota_words(state),
        "told": _told(state),
    }


def _told(state: QuotaState) -> str:
    """What is leased is charged already; people count what they have judged."""
    week = _("%(used)s of %(limit)s images this week. What waits is more than what is left of it; it comes next week.")
    day = _("%(used)s of %(limit)s images today. What waits is more than what is left of today; it comes tomorrow.")
    return (week if state.period == "week" else day) % {"used": state.judged, "limit": state.limit}


def quota_words(state: QuotaState) -> str:
    """The day's target, and the week's limit and target, of those that are set."""
    day, week, said = state.day, state.week, []
    if day.target is not None:
        said.append(_("target %(done)s of %(target)s") % {"done": day.done, "target": day.target})
    if week.limit is not None:
        said.append(_("week %(used)s of %(limit)s") % {"used": week.judged, "limit": week.limit})
    if week.target is not None:
        said.append(_("week's target %(done)s of %(target)s") % {"done": week.done, "target": week.target})
    return " · ".join(said)


def item_answer(slot: Slot) -> dict[str, Any]:
    """One leased item as the desk shows it: the photo, the siblings in this reviewer's order, and the codes."""
    request = slot.item.request
    revision = request.revisions.select_related("photo", "mask", "product").first()
    photo = request.canvas or (revision.photo if revision else None)
    siblings: list[Candidate] = queue.display_order(slot)
    return {
        "token": str(slot.lease_token),
        "item": str(slot.item.handle),
        "variant": request.variant,
        "guideline": slot.guideline,  # type: ignore[attr-defined] # annotated by queue.fetch, as the answers are
        "soft": slot.is_soft,
        "lease_until": slot.lease_until,
        "prompt": request.prompt,
        "product": revision.product.title if revision else "",
        "source": preview(photo, _("The original photo")),
        "candidates": [
            {
                "handle": str(candidate.handle),
                "picture": preview(candidate.composed, _("Candidate %(n)d") % {"n": number}),
            }
            for number, candidate in enumerate(siblings, start=1)
        ],
        "codes": codes_answer(request.variant),
        "answers": slot.answers,  # type: ignore[attr-defined] # annotated by queue.fetch
        "before": _sent(decision) if (decision := undoing.before(slot)) else None,
    }


def _sent(decision: Decision) -> dict[str, Any]:
    """A decision in the words in which it was sent."""
    asked = getattr(decision, "escalation", None)
    report = undoing.report_of(decision)
    return {
        "kind": decision.kind,
        "verdicts": [
            {
                "candidate": str(verdict.candidate.handle),
                "approved": verdict.approved,
                "product_right": verdict.product_right,
                "scene_right": verdict.scene_right,
                "codes": verdict.codes,
                "marks": verdict.marks,
                "comment": verdict.comment,
            }
            for verdict in decision.verdicts.select_related("candidate").order_by("pk")
        ],
        "best": str(decision.best.handle) if decision.best else None,
        "question": asked.question if asked else "",
        "report": {"comment": report.note, "marks": report.marks} if report else None,
    }


def recent_answer(decision: Decision) -> dict[str, Any]:
    """One of the reviewer's own decisions, to go back to. The picture is the best one's, or the first one's."""
    item = decision.slot.item
    revision = next(iter(item.request.revisions.all()), None)
    shown = decision.best or next(iter(item.candidates.all()), None)
    picture = shown.composed if shown else None
    return {
        "key": str(decision.idempotency_key),
        "product": revision.product.title if revision else "",
        "kind": decision.kind,
        "decided_at": decision.created_at,
        "thumb": reverse("generation:picture", args=[picture.thumb_name]) if picture else None,
    }


def codes_answer(variant: str) -> list[dict[str, str]]:
    """The defect codes of a variant, in the order of their number keys."""
    codes = (DEFECT_CODES[key] for key in VARIANTS[variant].defect_codes)
    return [{"key": code.key, "label": _(code.label), "help": _(code.help), "axis": code.axis} for code in codes]
