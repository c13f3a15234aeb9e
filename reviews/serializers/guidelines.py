"""Guidelines in force, as safe HTML."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from generation.models import Picture
from generation.variants.defect_codes import DEFECT_CODES
from reviews import markdown
from reviews.models import GuidelineVersion
from reviews.serializers.pictures import preview


def guideline_html(text: str, pictures: Iterable[Picture]) -> str:
    """A guideline's text as HTML that may stand in a page; its pictures are its own examples, counted from 1."""
    addresses = (reverse("generation:picture", args=[picture.fit_name]) for picture in pictures)
    return mark_safe(markdown.render(text, dict(enumerate(addresses, start=1))))  # noqa: S308 - made to be safe


def guideline_answer(version: GuidelineVersion | None) -> dict[str, Any]:
    """The guidelines beside an item; `number` is null where the team has published none."""
    if version is None:
        return {"number": None}
    examples = list(version.examples.select_related("picture"))
    return {
        "number": version.number,
        "html": guideline_html(version.text, [example.picture for example in examples]),
        "change_note": version.change_note,
        "published_at": version.created_at,
        "examples": [
            {
                "good": example.is_good,
                "code": example.code,
                "code_label": _(DEFECT_CODES[example.code].label) if example.code in DEFECT_CODES else "",
                "caption": example.caption,
                "picture": preview(example.picture, example.caption),
            }
            for example in examples
        ],
    }
