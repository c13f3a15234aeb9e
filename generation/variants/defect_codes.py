"""The defect codes: one list, in one place."""

from dataclasses import dataclass
from typing import Literal

from generation.contracts import gettext_noop as _

Axis = Literal["product", "scene", "none"]
Scope = Literal["candidate", "request"]


@dataclass(frozen=True)
class DefectCode:
    key: str
    label: str
    help: str
    axis: Axis
    scope: Scope = "candidate"


_ALL = (
    DefectCode("colour_shift", _("Colour shift"), _("The product's colour differs from the photo."), "product"),
    DefectCode("stretched", _("Stretched"), _("The product is wider or taller than in the photo."), "product"),
    DefectCode("deformed", _("Deformed"), _("A part of the product is bent, melted or missing."), "product"),
    DefectCode("identity_changed", _("Another product"), _("It is no longer the same product."), "product"),
    DefectCode(
        "text_or_logo_damaged", _("Text or logo damaged"), _("Lettering or a logo is changed or unreadable."), "product"
    ),
    DefectCode("cutout_edge", _("Cut-out edge"), _("A halo, a fringe or a bite at the product's outline."), "product"),
    DefectCode("floating", _("Floating"), _("The product does not stand on anything."), "scene"),
    DefectCode("wrong_scale", _("Wrong scale"), _("The scene makes the product too large or too small."), "scene"),
    DefectCode("extra_part", _("Extra part"), _("Something grows out of the product that is not there."), "scene"),
    DefectCode(
        "product_indistinct", _("Product lost in scene"), _("The product cannot be told from its background."), "scene"
    ),
    DefectCode(
        "implausible_context", _("Implausible place"), _("Nobody would find this product in such a place."), "scene"
    ),
    DefectCode("poor_aesthetics", _("Not attractive"), _("Muddy, cluttered or unpleasant to look at."), "scene"),
    DefectCode(
        "lighting_or_shadow", _("Light or shadow"), _("Light or shadow of scene and product disagree."), "scene"
    ),
    DefectCode("seam", _("Seam"), _("A visible line where original and generated pixels meet."), "scene"),
    DefectCode("outpaint_boundary", _("Boundary visible"), _("The edge of the original photo shows."), "scene"),
    DefectCode(
        "residual_object", _("Left-over object"), _("Something that should have been removed is still there."), "scene"
    ),
    DefectCode("temporal_flicker", _("Flicker"), _("Brightness or shapes jump between frames."), "scene"),
    DefectCode("loop_seam", _("Loop seam"), _("The end of the loop does not meet its beginning."), "scene"),
    DefectCode(
        "unsuitable_source",
        _("Unsuitable photo"),
        _("People, a pattern or text as the subject, or cut off."),
        "none",
        "request",
    ),
    DefectCode("unsafe", _("Unsafe"), _("Must not be shown to anyone."), "none"),
)

DEFECT_CODES: dict[str, DefectCode] = {code.key: code for code in _ALL}
