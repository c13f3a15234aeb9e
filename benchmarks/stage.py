"""A database and a storage that exist for one run: whatever the settings name, no real row and no real file is met."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases


@contextmanager
def throwaway_database() -> Iterator[None]:
    """Migrate a new database on the configured server, and drop it in the end. The role must be allowed to create it.

    The name is this process's own, so that two runs, or a run beside the test-suite, never share one.
    """
    connection.settings_dict["TEST"]["NAME"] = f"canvas_benchmark_{os.getpid()}"
    databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        yield
    finally:
        teardown_databases(databases, verbosity=0)


@contextmanager
def throwaway_files() -> Iterator[Path]:
    """An empty storage and data folder; pages find their static files without a manifest."""
    with tempfile.TemporaryDirectory(prefix="canvas-benchmark-") as name:
        folder = Path(name)
        storages = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "canvas_review.file_storage.WholeFileStorage",
                "OPTIONS": {"location": str(folder / "files"), "base_url": None},
            },
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        with override_settings(STORAGES=storages, DATA_DIR=folder, MODELS_DIR=folder / "models"):
            yield folder


def empty_tables() -> None:
    """Leave nothing of one benchmark to the next."""
    with pgtrigger.ignore():  # histories stay, also where everything is thrown away
        call_command("flush", verbosity=0, interactive=False, allow_cascade=True, inhibit_post_migrate=True)


def settle_tables(*tables: str) -> None:
    """Do what autovacuum does within a minute of a large batch; the throw-away server runs without it."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
