"""The photo stays as it is; what lies beyond its frame is painted, up to another format."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from generation.contracts import Canvas, Cutout
from generation.contracts import gettext_noop as _
from generation.imaging.canvases import widen, widened_shape
from generation.variants.background_enhancement import VARIANT as _BASE
from generation.variants.spec import Limit, Parameter, Shape, Stage, Variant

_LONGEST_SIDE, _MOST_PIXELS = 6000, 25_000_000
_LEAST_GAIN = Fraction(1, 20)
"""Of the canvas. Less than that is a strip that nobody would ask a model for."""

_PLACES = {"middle": Fraction(1, 2), "end": Fraction(1), "start": Fraction(0)}


def _aspect(settings: Mapping[str, str]) -> Fraction:
    across, _colon, down = settings["aspect"].partition(":")
    return Fraction(int(across), int(down))


def _lay_out(products: Sequence[Cutout], settings: Mapping[str, str]) -> Canvas:
    return widen(products[0].photo, _aspect(settings), _PLACES[settings["place"]])


def _obstacle(photos: Sequence[Shape], settings: Mapping[str, str]) -> str:
    height, width = photos[0]
    frame = widened_shape((height, width), _aspect(settings))
    if max(frame) > _LONGEST_SIDE or frame[0] * frame[1] > _MOST_PIXELS:
        return _("In this format the image would be larger than 25 megapixels or 6000 pixels. Use a smaller photo.")
    if height * width > (1 - _LEAST_GAIN) * frame[0] * frame[1]:
        return _("The photo has nearly this format already: there is nothing to paint. Choose another format.")
    return ""


# Where the guards of a painted background hold here too, so do their limits: decision 34 in docs/decisions/.
_SAME = ("changed_bytes", "sibling_distance", "unsafe_score", "new_text_area")

_LIMITS = (
    *(limit for limit in _BASE.limits if limit.measure in _SAME),
    Limit(
        "scene_deviation", _("Deviation of the scene"), "at_least", 1.0, blocks=True,
        reason=_("The scene is empty or nearly one flat colour: nothing was painted."),
    ),
    Limit(
        "seam_energy", _("Seam energy at the photo's frame"), "at_most", 2.0, blocks=False,
        reason=_("A line shows where the photo ends and the painted part begins."),
    ),
)  # fmt: skip

VARIANT = Variant(
    key="outpainting",
    label=_("Outpainting"),
    description=_("The photo stays as it is; what lies beyond its frame is painted, for another format."),
    guards=("paste-back", "seam", "blank", "duplicate", "unsafe", "text"),
    limits=_LIMITS,
    prompt_parts=tuple(part for part in _BASE.prompt_parts if part.key in ("surface", "light")),
    defect_codes=(
        "outpaint_boundary",
        "seam",
        "lighting_or_shadow",
        "implausible_context",
        "poor_aesthetics",
        "extra_part",
        "wrong_scale",
        "text_or_logo_damaged",
        "unsuitable_source",
        "unsafe",
    ),
    default_steps=12,
    default_guidance=1.5,
    default_candidates=4,
    max_candidates=8,
    parameters=(
        Parameter(
            "aspect",
            _("Format"),
            {
                "16:9": _("16:9, wide"),
                "9:16": _("9:16, tall"),
                "2:3": _("2:3, portrait"),
                "4:5": _("4:5, portrait"),
                "1:1": _("1:1, square"),
                "3:2": _("3:2, landscape"),
            },
            _("Width to height of the finished image."),
        ),
        Parameter(
            "place",
            _("Where the photo stands"),
            {
                "middle": _("in the middle"),
                "end": _("at the right, or at the bottom"),
                "start": _("at the left, or at the top"),
            },
        ),
    ),
    stage=Stage(_lay_out, _obstacle),
)
