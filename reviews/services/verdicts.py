"""What a reviewer sends, and whether it is a decision on this item."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from generation.models import Candidate
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES, Axis
from reviews.services.refusals import DecisionRefused

MAX_COMMENT = 1000
MAX_MARKS = 50
_POINT = {"x", "y"}
_BOX = {"x", "y", "width", "height"}


@dataclass(frozen=True)
class VerdictInput:
    """One candidate's verdict. `candidate` is its handle.

    `marks` are points {x, y} and boxes {x, y, width, height} in shares of the image's width and height, 0..1.
    An axis left None follows from the codes.
    """

    candidate: uuid.UUID
    approved: bool
    codes: Sequence[str] = ()
    comment: str = ""
    marks: Sequence[Mapping[str, float]] = ()
    product_right: bool | None = None
    scene_right: bool | None = None


@dataclass(frozen=True)
class MaskReport:
    """What a reviewer says of a wrong mask. `marks` are as a verdict's, on the original photo."""

    comment: str = ""
    marks: Sequence[Mapping[str, float]] = ()


@dataclass(frozen=True)
class CheckedVerdict:
    candidate: Candidate
    approved: bool
    product_right: bool
    scene_right: bool
    codes: list[str]
    marks: list[dict[str, float]]
    comment: str


def check_report(report: MaskReport) -> MaskReport:
    """The report with its marks as they are stored. Raises DecisionRefused."""
    return MaskReport(check_text("comment", report.comment), [_mark(mark) for mark in _at_most(report.marks)])


def check_verdicts(
    variant: str, candidates: Sequence[Candidate], verdicts: Sequence[VerdictInput], best: Candidate | None
) -> list[CheckedVerdict]:
    """The verdicts, one for every candidate of the item. Raises DecisionRefused."""
    by_handle = {candidate.handle: candidate for candidate in candidates}
    if sorted(verdict.candidate for verdict in verdicts) != sorted(by_handle):
        raise DecisionRefused("candidates", _("Judge every image of this item exactly once."))
    checked = [_check(by_handle[verdict.candidate], VARIANTS[variant].defect_codes, verdict) for verdict in verdicts]
    if best is not None and not any(verdict.approved and verdict.candidate == best for verdict in checked):
        raise DecisionRefused("best", _("Only an approved image can be the best one."))
    return checked


def _check(candidate: Candidate, allowed: Sequence[str], verdict: VerdictInput) -> CheckedVerdict:
    codes = list(dict.fromkeys(verdict.codes))
    unknown = [code for code in codes if code not in allowed]
    if unknown:
        raise DecisionRefused("codes", _("This variant has no such defect: %(code)s") % {"code": unknown[0][:40]})
    if verdict.approved and codes:
        raise DecisionRefused("codes", _("An approved image has no defect."))
    if not verdict.approved and not codes:
        raise DecisionRefused("codes", _("Say what is wrong with a rejected image."))
    return CheckedVerdict(
        candidate=candidate,
        approved=verdict.approved,
        product_right=_axis(verdict, codes, "product", verdict.product_right),
        scene_right=_axis(verdict, codes, "scene", verdict.scene_right),
        codes=codes,
        marks=[_mark(mark) for mark in _at_most(verdict.marks)],
        comment=check_text("comment", verdict.comment),
    )


def _axis(verdict: VerdictInput, codes: Sequence[str], axis: Axis, said: bool | None) -> bool:
    derived = not any(DEFECT_CODES[code].axis == axis for code in codes)
    if said is None:
        return derived
    if said and not derived:
        raise DecisionRefused("axes", _("A defect was named on an axis that is said to be right."))
    if verdict.approved and not said:
        raise DecisionRefused("axes", _("An approved image is right in product and scene."))
    return said


def _at_most(marks: Sequence[Mapping[str, float]]) -> Sequence[Mapping[str, float]]:
    if len(marks) > MAX_MARKS:
        raise DecisionRefused("marks", _("At most %(count)s marks an image.") % {"count": MAX_MARKS})
    return marks


def _mark(mark: Mapping[str, Any]) -> dict[str, float]:
    if set(mark) not in (_POINT, _BOX) or not all(_is_share(value) for value in mark.values()):
        raise DecisionRefused("marks", _("A mark is a point or a box in shares of the image, 0 to 1."))
    # A hair of tolerance: a box drawn to the very edge must not fail by the last bit of a float.
    if mark["x"] + mark.get("width", 0.0) > 1 + 1e-6 or mark["y"] + mark.get("height", 0.0) > 1 + 1e-6:
        raise DecisionRefused("marks", _("A mark lies inside the image."))
    return {name: float(value) for name, value in mark.items()}


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1


def check_text(field: str, text: str) -> str:
    """A person's words as they are stored. Raises DecisionRefused, naming `field`."""
    if len(text) > MAX_COMMENT:
        raise DecisionRefused(field, _("At most %(count)s characters.") % {"count": MAX_COMMENT})
    try:
        text.encode()
    except UnicodeEncodeError:
        raise DecisionRefused(field, _("These are characters that are no text.")) from None
    if "\0" in text:
        raise DecisionRefused(field, _("These are characters that are no text."))
    return text
