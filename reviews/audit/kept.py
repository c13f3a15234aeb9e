"""Rows of all histories at once, each with the one before it and with who it was: one statement, however many."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from reviews.audit.sources import HistorySource

# What was before is of the same object, and of the same team where the row has one: somebody who came from another
# team begins anew.
_ROWS = """
SELECT %s, to_jsonb(e), to_jsonb(b), c.metadata FROM {table} e
  LEFT JOIN LATERAL (SELECT * FROM {table} o WHERE o.pgh_obj_id = e.pgh_obj_id AND o.pgh_id < e.pgh_id {same}
                      ORDER BY o.pgh_id DESC LIMIT 1) b ON true
  LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
 WHERE e.pgh_id = ANY(%s)
"""


@dataclass(frozen=True)
class Kept:
    """`said` is what is known of who did it."""

    source: HistorySource
    row: Any
    before: Any
    said: Mapping[str, Any]

    @property
    def user(self) -> int | None:
        user = self.said.get("user")
        return user if isinstance(user, int) and not isinstance(user, bool) else None


def read_kept(asked: Sequence[tuple[HistorySource, list[int]]]) -> Iterator[Kept]:
    if not asked:
        return
    named = {source.name: source for source, _keys in asked}
    values = [value for source, keys in asked for value in (source.name, keys)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_rows_of(source.history) for source, _keys in asked), values)
        found = cursor.fetchall()
    for name, row, before, said in found:
        source = named[name]
        yield Kept(source, _event(source.history, row), _event(source.history, before), json.loads(said or "{}"))


def _rows_of(history: type[Model]) -> str:
    has_team = any(field.name == "team" for field in history._meta.fields)
    table = connection.ops.quote_name(history._meta.db_table)
    return _ROWS.format(table=table, same="AND o.team_id = e.team_id" if has_team else "")


def _event(history: type[Model], text: str | None) -> Any:
    if text is None:
        return None
    told = json.loads(text)
    fields = history._meta.concrete_fields
    return history.from_db(None, [f.attname for f in fields], [f.to_python(told[f.column]) for f in fields])
