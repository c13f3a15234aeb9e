"""How the database goes about a statement: its plan, with how many rows each part of it looked at."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from accounts.models import User
from reviews.models.quotas import DEFAULT_DAILY_IMAGES
from reviews.services import lease_statements

Node = dict[str, Any]
WHOLE = ("Seq Scan", "Bitmap Heap Scan")
"""What reads more than it gives: never over a table that grows."""


def explained(statement: str, values: Mapping[str, Any]) -> list[Node]:
    """The statement as it is run, with what each part of it came to; what it changes is changed."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, values)
        told = cursor.fetchone()[0]
    return list(_nodes((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))


def explained_claim(reviewer: User) -> list[Node]:
    values: dict[str, Any] = {
        "reviewers": [reviewer.pk], "soft": False, "seen": True, "seen_at": None, "item": None,
        "default_limit": DEFAULT_DAILY_IMAGES,
    }  # fmt: skip
    return explained(lease_statements.GRANT, values)


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def scans_of(nodes: list[Node], *tables: str) -> list[Node]:
    return [node for node in nodes if node.get("Relation Name") in tables and "Scan" in node["Node Type"]]


def looked_at(node: Node) -> float:
    """Rows, those that were dropped among them."""
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return float((node["Actual Rows"] + dropped) * node["Actual Loops"])


def more_than(most: float, scans: list[Node]) -> list[tuple[str, str, float]]:
    """(alias, by what it was read, rows) of each scan that looked at more."""
    return [
        (scan["Alias"], str(scan.get("Index Name", scan["Node Type"])), looked_at(scan))
        for scan in scans
        if looked_at(scan) > most
    ]
