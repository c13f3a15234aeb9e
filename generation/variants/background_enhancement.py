"""The product stays; the scene behind it is painted, with light and contact shadow that fit."""

from generation.contracts import gettext_noop as _
from generation.variants.spec import Limit, PromptPart, Variant

# How each threshold was found, and why it blocks or only reports: decisions 5 and 8 in docs/decisions/.
_LIMITS = (
    Limit(
        "raw_de2000_mean", _("Mean colour difference in the raw output"), "at_most", 12.0, blocks=False,
        reason=_("The model drew the product in other colours. It was pasted back, but the light may not fit."),
    ),
    Limit(
        "raw_de2000_p99", _("99th percentile of colour difference in the raw output"), "at_most", 45.0, blocks=False,
        reason=_("The model drew a part of the product quite differently. It was pasted back; look at its edge there."),
    ),
    Limit(
        "raw_ssim", _("Structural similarity in the raw output"), "at_least", 0.6, blocks=False, highest=1.0,
        reason=_("The model drew the product in another shape. It was pasted back; look for leftovers around it."),
    ),
    Limit(
        "changed_bytes", _("Changed bytes inside the product"), "at_most", 0.0, blocks=True, highest=0.0, locked=True,
        reason=_("The promise to the merchant: not one byte of the product may differ from the photo."),
    ),
    Limit(
        "seam_energy", _("Seam energy around the product"), "at_most", 4.2, blocks=True,
        reason=_("A line around the product shows where original and painted pixels meet."),
    ),
    Limit(
        "scene_deviation", _("Deviation of the scene"), "at_least", 4.0, blocks=True,
        reason=_("The scene is empty or nearly one flat colour: nothing was painted."),
    ),
    Limit(
        "sibling_distance", _("Hash distance to the nearest sibling"), "at_least", 5.0, blocks=True, highest=64.0,
        reason=_("It looks like another candidate of the same request; judging both would teach nothing."),
    ),
    Limit(
        "unsafe_score", _("Unsafe content"), "at_most", 0.6, blocks=True, highest=1.0,
        reason=_("The picture may be indecent. Nobody should have to see it, so doubt counts against it."),
    ),
    Limit(
        "new_text_area", _("Made-up lettering, share of the scene"), "at_most", 0.0005, blocks=True, highest=1.0,
        reason=_("There is lettering in the scene that the photo did not have; a shopper would take it for a claim."),
    ),
    Limit(
        "fringe_contrast", _("Fringe at the product's edge"), "at_most", 13.5, blocks=True,
        reason=_("A light, dark or coloured rim hugs the product, as after a careless cut-out."),
    ),
    Limit(
        "faint_outline", _("Faint share of the outline"), "at_most", 0.5, blocks=False, highest=1.0,
        reason=_("Most of the outline hardly differs from the scene beside it; the product may get lost."),
    ),
    Limit(
        "common_colours", _("Colours shared by product and scene"), "at_most", 0.6, blocks=False, highest=1.0,
        reason=_("Product and scene have mostly the same colours along the edge, as camouflage has."),
    ),
)  # fmt: skip

VARIANT = Variant(
    key="background_enhancement",
    label=_("Background enhancement"),
    description=_("The product stays as it is; the scene behind it is painted anew."),
    guards=("raw-fidelity", "paste-back", "seam", "blank", "duplicate", "unsafe", "text", "halo", "indistinct"),
    limits=_LIMITS,
    prompt_parts=(
        PromptPart(
            "surface",
            _("Surface"),
            {
                "wooden": _("on a wooden table"),
                "marble": _("on a marble table"),
                "plain": _("on a plain table"),
                "stone": _("on a stone table"),
                "concrete": _("on a concrete table"),
            },
        ),
        PromptPart(
            "wall",
            _("Wall"),
            {
                "white": _("white wall"),
                "beige": _("beige wall"),
                "grey": _("grey wall"),
                "terracotta": _("terracotta wall"),
                "teal": _("teal wall"),
                "pink": _("pink wall"),
                "green": _("green wall"),
                "blue": _("blue wall"),
                "yellow": _("yellow wall"),
            },
        ),
        PromptPart("prop", _("Beside it"), {"none": "", "plant": _("plant"), "vase": _("vase"), "books": _("books")}),
        PromptPart(
            "light",
            _("Lighting"),
            {
                "soft": _("soft light"),
                "warm": _("warm light"),
                "cool": _("cool light"),
                "dramatic": _("dramatic light"),
            },
        ),
    ),
    defect_codes=(
        "colour_shift",
        "cutout_edge",
        "deformed",
        "floating",
        "wrong_scale",
        "lighting_or_shadow",
        "implausible_context",
        "poor_aesthetics",
        "seam",
        "product_indistinct",
        "extra_part",
        "identity_changed",
        "text_or_logo_damaged",
        "unsuitable_source",
        "unsafe",
    ),
    default_steps=12,
    default_guidance=3.0,
    default_candidates=4,
    max_candidates=8,
)
