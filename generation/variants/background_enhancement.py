"""The product stays; the scene behind it is painted, with light and contact shadow that fit."""

from generation.contracts import gettext_noop as _
from generation.variants.spec import Limit, PromptPart, Variant

VARIANT = Variant(
    key="background_enhancement",
    label=_("Background enhancement"),
    description=_("The product stays as it is; the scene behind it is painted anew."),
    guards=("raw-fidelity", "paste-back", "seam", "blank", "duplicate"),
    limits=(
        # Why raw measures report and the others block: docs/decisions/0005-what-the-guardian-blocks.md
        Limit("raw_de2000_mean", _("Mean colour difference in the raw output"), "at_most", 12.0, blocks=False),
        Limit(
            "raw_de2000_p99", _("99th percentile of colour difference in the raw output"), "at_most", 45.0, blocks=False
        ),
        Limit("raw_ssim", _("Structural similarity in the raw output"), "at_least", 0.6, blocks=False),
        Limit("changed_bytes", _("Changed bytes inside the product"), "at_most", 0.0, blocks=True),
        Limit("seam_energy", _("Seam energy around the product"), "at_most", 4.2, blocks=True),
        Limit("scene_deviation", _("Deviation of the scene"), "at_least", 4.0, blocks=True),
        Limit("sibling_distance", _("Hash distance to the nearest sibling"), "at_least", 5.0, blocks=True),
    ),
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
            _("Light"),
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
