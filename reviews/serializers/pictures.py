"""A picture as a screen shows it, with the addresses of its previews."""

from typing import Any

from django.urls import reverse

from generation.models import Picture


def preview(picture: Picture | None, alt: str) -> dict[str, Any] | None:
    """`url` fits a screen, `full_url` has every pixel; `width` and `height` are the original's."""
    if picture is None:
        return None
    return {
        "url": reverse("generation:picture", args=[picture.fit_name]),
        "full_url": reverse("generation:picture", args=[picture.full_name or picture.fit_name]),
        "width": picture.width,
        "height": picture.height,
        "alt": alt,
    }
