"""VARIANTS: one file per task that the system can ask a generator for."""

from generation.variants import background_enhancement
from generation.variants.spec import Limit, Variant

VARIANTS: dict[str, Variant] = {variant.key: variant for variant in (background_enhancement.VARIANT,)}

DEFAULT_VARIANT = next(iter(VARIANTS))
"""What is meant where nobody says which: the first of the list."""

__all__ = ["DEFAULT_VARIANT", "VARIANTS", "Limit", "Variant"]
