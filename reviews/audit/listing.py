"""The list itself: the newest of every source, merged by time, a page or a stretch of pages at a time."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value

from accounts.models import Team
from reviews.audit.decided import DecisionSource, RetractionSource
from reviews.audit.entries import Entry, Place
from reviews.audit.filters import AuditFilters
from reviews.audit.names import Names
from reviews.audit.reading import load_kept
from reviews.audit.sources import HistorySource, history_sources
from reviews.audit.written import WrittenSource, written_sources

PAGE = 50
STRETCH = 500
"""As many at a time are read for a file."""

Source = HistorySource | DecisionSource | RetractionSource | WrittenSource


def sources() -> list[Source]:
    return [DecisionSource(), RetractionSource(), *written_sources(), *history_sources()]


def kinds() -> list[tuple[str, str]]:
    """(name, word) of every source, by the word."""
    return sorted(((source.name, source.word) for source in sources()), key=lambda pair: pair[1].casefold())


def newest(
    team: Team, filters: AuditFilters, before: Place | None = None, most: int = PAGE
) -> tuple[list[Entry], Place | None]:
    """A page, newest first, below `before`; and the place to go on below, None at the end."""
    asked = [source for source in sources() if filters.source in ("", source.name)]
    branches = [rows for source in asked if (rows := _branch(source, team, filters, before, most + 1)) is not None]
    if not branches:
        return [], None
    # One statement: each branch reads no more than a page of its own.
    rows = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    places = sorted((Place(at, name, key) for name, at, key in rows), reverse=True)[: most + 1]
    following = places[most - 1] if len(places) > most else None
    return _entries(asked, places[:most], team), following


def walk(team: Team, filters: AuditFilters) -> Iterator[Entry]:
    """All of it, a stretch at a time, so that a file of any length needs no more memory than one stretch."""
    before: Place | None = None
    while True:
        found, before = newest(team, filters, before, STRETCH)
        yield from found
        if before is None:
            return


def _branch(
    source: Source, team: Team, filters: AuditFilters, before: Place | None, most: int
) -> QuerySet[Any, tuple[str, Any, int]] | None:
    rows = source.newest(team, before, filters, most) if isinstance(source, DecisionSource) else None
    if rows is None:
        rows = source.asked(team, filters)
        if rows is None:
            return None
        if before is not None:
            rows = rows.filter(_below(source, before))
    ordered = rows.order_by(f"-{source.at}", f"-{source.key}")
    told: QuerySet[Any, Any] = ordered.annotate(
        audit_source=Value(source.name, TextField()), audit_at=F(source.at), audit_key=F(source.key)
    )
    places: QuerySet[Any, tuple[str, Any, int]] = told.values_list("audit_source", "audit_at", "audit_key")[:most]
    return places


def _below(source: Source, before: Place) -> Q:
    """What stands below a place: of the same time first what is of a later source, then what has a larger key."""
    if source.name == before.source:
        same = Q(**{source.at: before.at, f"{source.key}__lt": before.key})
        return Q(**{f"{source.at}__lte": before.at}) & (Q(**{f"{source.at}__lt": before.at}) | same)
    step = "lte" if source.name < before.source else "lt"
    return Q(**{f"{source.at}__{step}": before.at})


def _entries(asked: list[Source], places: list[Place], team: Team) -> list[Entry]:
    keys: dict[str, list[int]] = defaultdict(list)
    for place in places:
        keys[place.source].append(place.key)
    names = Names(team)
    read = [source for source in asked if keys[source.name]]
    kept = [(source, keys[source.name]) for source in read if isinstance(source, HistorySource)]
    others = [source.load(keys[source.name], names) for source in read if not isinstance(source, HistorySource)]
    make = [load_kept(kept, team, names), *others]
    names.fetch()
    found = {entry.place: entry for entries in make for entry in entries()}
    return [found[place] for place in places if place in found]
