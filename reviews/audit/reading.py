"""Rows of a history become entries: what differs from the row before, in words, and who it was."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import Team, User
from reviews.audit.entries import By, Change, Entry, Place, Thing, Value
from reviews.audit.filters import ref_of
from reviews.audit.kept import Kept, read_kept
from reviews.audit.known import Known, known
from reviews.audit.names import Names
from reviews.audit.sources import HistorySource
from reviews.audit.values import label_of, target_of, value_of
from reviews.audit.words import DONE

_UNTOLD = frozenset({"id", "created_at", "team", "handle"})
"""The object, the time of the entry, whose audit this is; and the name by which exports do not tell who somebody is."""


def load_kept(
    asked: Sequence[tuple[HistorySource, list[int]]], team: Team, names: Names
) -> Callable[[], Iterator[Entry]]:
    """Read the rows and say which names they need; what is returned makes entries of them once these are there."""
    found = list(read_kept(asked))
    for kept in found:
        names.want(kept.source.tracked, kept.row.pgh_obj_id)
        names.want(User, kept.user)
        for field in _fields(kept.row):
            if (model := target_of(field)) is not None:
                names.want(model, getattr(kept.row, field.attname), getattr(kept.before, field.attname, None))
    return lambda: _entries(found, names, ZoneInfo(team.time_zone))


def _entries(found: list[Kept], names: Names, zone: ZoneInfo) -> Iterator[Entry]:
    for kept in found:
        how = known(kept.source.tracked)
        with names.only_ours(how.shared):
            yield _entry(kept, how, names, zone)


def _entry(kept: Kept, how: Known, names: Names, zone: ZoneInfo) -> Entry:
    source, row = kept.source, kept.row
    by, who, via = _doer(kept, names)
    changes = list(_changes(row, kept.before, names, zone))
    reason = _reason(row, changes)
    act = row.pgh_label
    return Entry(
        Place(row.pgh_created_at, source.name, row.pgh_id), source.word, act, _(DONE[act]) if act in DONE else act,
        _thing(source.tracked, how, row, names, zone), by, who, via, reason,
        [change for change in changes if not (reason and change.field == "reason")],
    )  # fmt: skip


def _fields(row: Any) -> Iterable[Any]:
    return (field for field in row._meta.concrete_fields if not field.name.startswith("pgh_"))


def _changes(row: Any, before: Any, names: Names, zone: ZoneInfo) -> Iterator[Change]:
    """What differs; of a row that was added or taken away, whatever it holds."""
    act = row.pgh_label
    if act.startswith("new_"):
        name = act.removeprefix("new_")
        yield Change(name, _(DONE[act]) if act in DONE else name, None, Value("changed", _("changed")))
        return
    for field in _fields(row):
        if field.name in _UNTOLD:
            continue
        old, new = getattr(before, field.attname, None), getattr(row, field.attname)
        if act == "delete":
            old, new = new, None
        elif act == "insert":
            old, new = None, new or None
        if old == new:
            continue
        was, is_now = value_of(field, old, names, zone), value_of(field, new, names, zone)
        if was or is_now:
            yield Change(field.name, label_of(field), was, is_now)


def _reason(row: Any, changes: list[Change]) -> str:
    """What was given as the reason of this act, where the object has a field for it in a person's own words."""
    for change in changes:
        if change.field == "reason" and change.after and not row._meta.get_field("reason").choices:
            return change.after.shown
    return ""


def _doer(kept: Kept, names: Names) -> tuple[By, str, str]:
    said = kept.said
    via = str(said.get("program") or said.get("url") or "")
    if kept.user is not None:
        return By.PERSON, names.label(User, kept.user), via
    if said.get("program") or said.get("command"):
        return By.COMMAND, "", via
    return (By.NOBODY, "", via) if said.get("url") else (By.SYSTEM, "", via)


def _thing(model: type[Model], how: Known, row: Any, names: Names, zone: ZoneInfo) -> Thing:
    parts = []
    for name in how.label or _usual(row):
        value = value_of(row._meta.get_field(name), getattr(row, row._meta.get_field(name).attname), names, zone)
        if value:
            parts.append(value.shown)
    if how.whom and not any(getattr(row, row._meta.get_field(name).attname) for name in how.whom):
        parts.insert(0, _("Everybody"))
    ref = ref_of(model, row.pgh_obj_id)
    label = " · ".join(parts) or f"#{row.pgh_obj_id}"
    if not how.page:
        return Thing(ref, label, names.url(model, row.pgh_obj_id))
    field = row._meta.get_field(how.page)
    target = target_of(field)
    return Thing(ref, label, names.url(target, getattr(row, field.attname)) if target else "")


def _usual(row: Any) -> tuple[str, ...]:
    there = {field.name for field in _fields(row)}
    return tuple(name for name in ("name", "title") if name in there)[:1]
