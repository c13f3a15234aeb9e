"""Is the process alive, and is everything there that it needs?"""

from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from generation.models import ModelVersion


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Touches nothing, so that a restart is never asked for because a database is away."""
    return HttpResponse("ok", content_type="text/plain")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations have not been applied" if waiting else ""


def _broker() -> str:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()
    return ""


def _models() -> str:
    return "" if ModelVersion.objects.filter(state=ModelVersion.State.ACTIVE).exists() else "no model version is active"


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "models": _models,
}


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: 200 when database, migrations, broker and an active model are there, else 503 saying what is missing."""
    found: dict[str, Any] = {}
    for name, check in _CHECKS.items():
        try:
            found[name] = check() or "ok"
        except Exception as error:  # noqa: BLE001  (whatever it is, it is the answer; its text could tell secrets)
            found[name] = f"unreachable ({type(error).__name__})"
    ready = all(value == "ok" for value in found.values())
    return JsonResponse(found, status=200 if ready else 503)
