"""Quotas as a table of CSV: what is written out reads back in."""

import csv
import io
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from reviews.services.quota_changes import Change

COLUMNS = (
    "reviewer", "group", "queue", "variant", "period", "unit", "shared", "cap", "target", "carries_over",
)  # fmt: skip
MOST_BYTES = 1_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


class TableRefused(Exception):
    """The table cannot be read: (line, why). Nothing was changed."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"{line}: {why}" for line, why in problems))
        self.problems = problems


def write_table(changes: Iterable[Change]) -> str:
    out = io.StringIO(newline="")
    # Everything is quoted: a lone carriage return in a name would otherwise end the row.
    rows = csv.writer(out, quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for change in changes:
        names = map(_guarded, (change.reviewer, change.group, change.queue, change.variant))
        numbers = ("" if number is None else number for number in (change.cap, change.target))
        shared, carries = ("yes" if flag else "no" for flag in (change.is_shared, change.carries_over))
        rows.writerow([*names, change.period, change.unit, shared, *numbers, carries])
    return out.getvalue()


def read_table(text: str) -> tuple[list[Change], list[int]]:
    """The changes, and on which line each ends. Raises TableRefused with everything that is wrong, by line."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restkey="", strict=True)
    changes, lines, problems = [], [], []
    try:
        _check_head(reader.fieldnames or [])
        for row in reader:
            try:
                changes.append(_change(row))
                lines.append(reader.line_num)
            except ValueError as error:
                problems.append((reader.line_num, str(error)))
    except csv.Error as error:
        problems.append((reader.line_num, _("This is not CSV: %(why)s") % {"why": error}))
    if not problems and not changes:
        problems.append((1, _("There is no quota in the table.")))
    if problems:
        raise TableRefused(problems)
    return changes, lines


def _check_head(names: Iterable[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or not ({"cap", "target"} & set(names)):
        message = _("The first line names the columns: %(columns)s. It needs cap or target.")
        raise TableRefused([(1, message % {"columns": ", ".join(COLUMNS)})])


def _change(row: Mapping[str, str | None]) -> Change:
    if "" in row:
        raise ValueError(_("There are more cells than columns."))
    cell = {name: row.get(name) or "" for name in COLUMNS}
    if any("\0" in value for value in cell.values()):
        raise ValueError(_("A cell holds a character that no name has."))
    return Change(
        reviewer=_bare(cell["reviewer"]), group=_bare(cell["group"]), queue=_bare(cell["queue"]),
        variant=_bare(cell["variant"]), period=cell["period"].strip().lower() or "day",
        unit=cell["unit"].strip().lower() or "images", is_shared=_yes(cell["shared"], "shared"),
        cap=_number(cell["cap"], "cap"), target=_number(cell["target"], "target"),
        carries_over=_yes(cell["carries_over"], "carries_over"),
    )  # fmt: skip


def _guarded(name: str) -> str:
    """A name that a spreadsheet would take for a formula gets a ' in front; so does one that begins with a '."""
    return "'" + name if name.startswith((*_FORMULA, "'")) else name


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def _number(cell: str, column: str) -> int | None:
    cell = cell.strip()
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 7):
        raise ValueError(_("%(column)s must be a whole number from 0 to 1,000,000.") % {"column": column})
    return int(cell)


def _yes(cell: str, column: str) -> bool:
    try:
        return _YES[cell.strip().lower()]
    except KeyError:
        raise ValueError(_("%(column)s is yes or no.") % {"column": column}) from None
