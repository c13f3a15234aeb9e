"""Test processes side by side (`make test`): each has a database of its own, a part of the broker, and one thread.

The database is pytest-django's doing. What stands here happens before the settings are read: pyproject.toml names this
module as a plugin. A process that is started by a test inherits all of it.
"""

import os
from urllib.parse import urlsplit

import pytest

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_SLOW_MARKS = ("processes", "browser")
"""What takes longest begins first, or one process would end with it while the other has nothing left to do."""


def _share(worker: str) -> None:
    if broker := os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = urlsplit(broker)._replace(path=f"/{int(worker.removeprefix('gw')) % 16}").geturl()
    os.environ["OMP_NUM_THREADS"] = os.environ["CANVAS_TORCH_THREADS"] = "1"


if _WORKER:
    _share(_WORKER)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, mark in enumerate(_SLOW_MARKS) if item.get_closest_marker(mark)), len(_SLOW_MARKS))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first; within a file nothing changes."""
    if not _WORKER:
        return
    ranks: dict[str, int] = {}
    for item in items:
        file = item.location[0]
        ranks[file] = min(ranks.get(file, len(_SLOW_MARKS)), _rank(item))
    items.sort(key=lambda item: ranks[item.location[0]])
