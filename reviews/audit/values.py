"""Values of fields, as programs take them and as people read them."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.audit.entries import Value
from reviews.audit.names import Names
from reviews.audit.words import FIELDS

LONGEST = 400
_SECRET = re.compile(r"password|secret(?!_until)|digest|lease_token")


def is_secret(field: "Field[Any, Any]") -> bool:
    return bool(_SECRET.search(field.name))


def label_of(field: "Field[Any, Any]") -> str:
    # A name that nobody has given is the field's own, and only English.
    word = FIELDS.get(field.name)
    return _(word) if word else capfirst(str(field.verbose_name))


def target_of(field: "Field[Any, Any]") -> type[Model] | None:
    found = field.related_model if field.is_relation else None
    return found if isinstance(found, type) else None


def value_of(field: "Field[Any, Any]", raw: Any, names: Names, zone: ZoneInfo) -> Value | None:
    """None for what is empty."""
    if raw is None or raw == "" or raw == [] or raw == {}:
        return None
    if is_secret(field):
        return Value("changed", _("changed"))
    if (model := target_of(field)) is not None:
        label = names.label(model, raw)
        return Value(label, label)
    words = _choices(field)
    if isinstance(raw, list) and not isinstance(raw, str) and all(isinstance(part, str) for part in raw):
        return Value(raw, _cut(", ".join(words.get(part, part) for part in raw)))
    if isinstance(raw, str):
        return Value(raw, _cut(words.get(raw, raw)))
    return _plain(raw, zone)


def _plain(raw: Any, zone: ZoneInfo) -> Value:
    if isinstance(raw, bool):
        return Value(raw, _("yes") if raw else _("no"))
    if isinstance(raw, datetime):
        return Value(raw.isoformat(), localize(raw.astimezone(zone)))
    if isinstance(raw, date | int | float):
        return Value(raw.isoformat() if isinstance(raw, date) else raw, localize(raw))
    if isinstance(raw, dict | list):
        return Value(raw, _cut(json.dumps(raw, ensure_ascii=False, default=str)))
    return Value(str(raw), "…" if isinstance(raw, bytes) else str(raw))


def _choices(field: "Field[Any, Any]") -> Mapping[str, str]:
    of = field.base_field if isinstance(field, ArrayField) else field
    words = {str(key): str(label) for key, label in of.flatchoices}
    # Keys of registries, which most fields hold without saying what they are called.
    if field.name == "variant":
        words |= {key: _(variant.label) for key, variant in VARIANTS.items()}
    elif field.name == "codes":
        words |= {key: _(code.label) for key, code in DEFECT_CODES.items()}
    return words


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
