"""What helps to look at a leased item. As blind as the desk."""

from dataclasses import asdict
from typing import Any

from django.urls import reverse

from generation.models import Picture
from reviews.services.aids import Aids


def aids_answer(aids: Aids) -> dict[str, Any]:
    """The aids of one item, in the order of its candidates. No value, no limit, nothing that was blocked."""
    return {
        "outline": aids.outline,
        "candidates": [
            {
                "handle": str(entry.candidate.handle),
                "heat_map": _heat_map(entry.heat_map),
                "findings": [asdict(sighting) for sighting in entry.sightings],
            }
            for entry in aids.candidates
        ],
    }


def _heat_map(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    url = reverse("generation:picture", args=[picture.fit_name])
    return {"url": url, "width": picture.width, "height": picture.height}
