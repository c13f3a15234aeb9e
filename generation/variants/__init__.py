"""VARIANTS: one file per task that the system can ask a generator for."""

from generation.variants import background_enhancement, outpainting
from generation.variants.spec import Limit, Parameter, Variant

VARIANTS: dict[str, Variant] = {
    variant.key: variant for variant in (background_enhancement.VARIANT, outpainting.VARIANT)
}

DEFAULT_VARIANT = next(iter(VARIANTS))
"""What is meant where nobody says which: the first of the list."""

__all__ = ["DEFAULT_VARIANT", "VARIANTS", "Limit", "Parameter", "Variant"]
