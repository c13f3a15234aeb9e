"""The audit for programs: the same names whatever the language, and a row a change."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from reviews.audit.entries import Entry, Value

HEADER = ("at", "by", "who", "via", "source", "act", "object", "name", "reason", "field", "before", "after")


def plain(entry: Entry) -> dict[str, Any]:
    changes = [
        {"field": change.field, "before": _plain(change.before), "after": _plain(change.after)}
        for change in entry.changes
    ]
    return {
        "at": entry.at, "by": str(entry.by), "who": entry.who, "via": entry.via, "source": entry.source,
        "act": entry.act, "object": entry.thing.ref, "name": entry.thing.label, "reason": entry.reason,
        "changes": changes,
    }  # fmt: skip


def rows(entry: Entry) -> Iterator[Sequence[object]]:
    """One for each change; one for an entry without any."""
    told = plain(entry)
    begin = [told["at"].isoformat(), *(told[name] for name in HEADER[1:9])]
    for change in told["changes"] or [{}]:
        yield [*begin, change.get("field", ""), _cell(change.get("before")), _cell(change.get("after"))]


def _plain(value: Value | None) -> object:
    return value.plain if value else None


def _cell(value: object) -> object:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, bool | list | dict) else value
