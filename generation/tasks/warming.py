"""A worker for the GPU loads its model before the first request asks for it.

After a crash a minute passes before the sweep starts the work again; loading would come on top of it.
"""

import logging
import threading
from typing import Any

from celery.signals import celeryd_init, worker_process_init
from django.db import Error as DatabaseFault
from django.db import connection

from generation.contracts import EngineError
from generation.models import ModelVersion
from generation.tasks.production import ready_generator

logger = logging.getLogger(__name__)

_serves_gpu = threading.Event()


@celeryd_init.connect
def remember_queues(options: dict[str, Any] | None = None, **_: Any) -> None:
    """Before the pool forks: does this worker serve the queue whose tasks need a model?"""
    queues = (options or {}).get("queues") or []
    if "gpu" in (queues.split(",") if isinstance(queues, str) else queues):
        _serves_gpu.set()


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Load in a thread: a pool process that is not up within four seconds is killed."""
    if _serves_gpu.is_set():
        threading.Thread(target=load_active_generators, name="warm-up", daemon=True).start()


def load_active_generators() -> int:
    """Load what the next request will probably need; returns how many. What does not load is the task's to report."""
    loaded = 0
    try:
        for version in ModelVersion.objects.filter(kind=ModelVersion.Kind.GENERATOR, state=ModelVersion.State.ACTIVE):
            ready_generator(version)
            loaded += 1
    except (EngineError, DatabaseFault) as error:
        logger.warning("not warmed up: %s", error)
    finally:
        connection.close()
    return loaded
