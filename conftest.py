"""What every test stands on: the cast, a storage of its own, and a browser where one is needed."""

from pathlib import Path

import pytest
from django.test import override_settings

from accounts.tests.factories import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Each test has an empty storage and an empty models folder; what it writes is gone with it."""
    from django.conf import settings

    storages = {**settings.STORAGES}
    storages["default"] = {
        "BACKEND": "canvas_review.file_storage.WholeFileStorage",
        "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
    }
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=storages, DATA_DIR=tmp_path, MODELS_DIR=tmp_path / "models"):
        yield tmp_path
