"""VARIANTS: one file per task that the system can ask a generator for."""

from generation.variants import background_enhancement
from generation.variants.spec import Limit, Variant

VARIANTS: dict[str, Variant] = {variant.key: variant for variant in (background_enhancement.VARIANT,)}

__all__ = ["VARIANTS", "Limit", "Variant"]
