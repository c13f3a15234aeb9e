"""Every engine a user can choose, by key: (label, dotted path). Loads no engine: any process may read it."""

from generation.contracts import gettext_noop as _

Entry = tuple[str, str]

GENERATORS: dict[str, Entry] = {
    "diffusers-inpaint": (
        _("Diffusers inpainting pipeline"),
        "generation.engines.generators.diffusers_inpaint.DiffusersInpaint",
    ),
}

GUARDS: dict[str, Entry] = {
    "raw-fidelity": (_("Product in the raw output"), "generation.engines.guards.raw_fidelity.RawFidelity"),
    "paste-back": (_("Product after paste-back"), "generation.engines.guards.paste_back.PasteBack"),
    "seam": (_("Seam around the product"), "generation.engines.guards.seam.Seam"),
    "blank": (_("Blank scene"), "generation.engines.guards.blank.Blank"),
    "duplicate": (_("Near-duplicate of a sibling"), "generation.engines.guards.duplicate.Duplicate"),
    "unsafe": (_("Unsafe content"), "generation.engines.guards.unsafe.Unsafe"),
    "text": (_("Made-up lettering"), "generation.engines.guards.text.Text"),
    "halo": (_("Halo around the product"), "generation.engines.guards.halo.Halo"),
    "indistinct": (_("Product lost in its background"), "generation.engines.guards.indistinct.Indistinct"),
}

REWARD_MODELS: dict[str, Entry] = {
    "efficientnet-head": (
        _("EfficientNet features with a trained head"),
        "generation.engines.rewards.efficientnet_head.EfficientNetHead",
    ),
}

TRAINERS: dict[str, Entry] = {
    "efficientnet-head": (
        _("Reward head on frozen features"),
        "generation.engines.trainers.efficientnet_head.EfficientNetHeadTrainer",
    ),
}

LESSONS: dict[str, Entry] = {
    "outpainting": (
        _("Hidden sides of drawn scenes"),
        "generation.engines.specialists.lessons.outpainting.Outpainting",
    ),
}
"""What a variant's specialist is taught, by the variant's key."""

SEGMENTERS: dict[str, Entry] = {
    "grabcut": (_("From a rectangle"), "generation.engines.segmenters.grabcut.GrabCut"),
    "transformers": (
        _("Automatic (transformers)"),
        "generation.engines.segmenters.transformers_semantic.TransformersSemantic",
    ),
    "rembg": (_("Automatic (rembg)"), "generation.engines.segmenters.rembg_session.RembgSession"),
}

BY_RECTANGLE = "grabcut"
"""Of SEGMENTERS, the one that is always there: it needs no weights, but a rectangle."""
