"""Counts are kept by triggers (reviews.models.counts): here they are merged, compared with the rows and put right."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from reviews.services.count_statements import COUNTS, MERGE, Count

MERGED_AT_ONCE = 50_000


@dataclass(frozen=True)
class CountTrouble:
    """A count that is not what the rows say: `counted` in `table` for `owner`, while `found` rows are there."""

    table: str
    owner: dict[str, str]
    counted: dict[str, int]
    found: dict[str, int]
    repaired: bool


def merge_tallies() -> int:
    """Make one row of the many by which a queue's tally grew; returns how many were merged.

    One statement: whoever reads sees the same sum before and after it, whatever is counted at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute(MERGE, {"limit": MERGED_AT_ONCE})
        return int(cursor.fetchone()[0])


def check_counts(*, repair: bool = False) -> Iterator[CountTrouble]:
    """Every count that differs from its rows; with `repair` it is put right by the difference."""
    for count in COUNTS:
        yield from _check(count, repair)


def _check(count: Count, repair: bool) -> list[CountTrouble]:
    with transaction.atomic(), connection.cursor() as cursor:
        # It reads whole tables, once, at night: longer than a page may.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(count.repair() if repair else count.compare())
        rows = cursor.fetchall()
    return [_trouble(count, row, repair) for row in rows]


def _trouble(count: Count, row: tuple[object, ...], repaired: bool) -> CountTrouble:
    owners, width = len(count.owners), len(count.columns)
    owner = {key: str(value) for key, value in zip(count.owners, row, strict=False)}
    numbers = [int(str(value)) for value in row[owners:]]
    counted = dict(zip(count.columns, numbers[:width], strict=True))
    found = dict(zip(count.columns, numbers[width:], strict=True))
    return CountTrouble(count.table, owner, counted, found, repaired)
