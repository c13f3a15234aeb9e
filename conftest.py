"""What every test stands on: the cast, a storage of its own, and a browser where one is needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import environ
import pgtrigger
import pytest
from django.test import TransactionTestCase, override_settings
from django.utils.translation import activate

from accounts.tests.factories import Cast, make_cast
from canvas_review.file_settings import file_backend

if TYPE_CHECKING:
    from accounts.tests.bucket import BucketServer


_empty_the_database = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty_also_what_stays(case: TransactionTestCase) -> None:
    """Histories cannot be emptied by anybody; between two tests whose rows are committed they have to be."""
    with pgtrigger.ignore():
        _empty_the_database(case)


TransactionTestCase._fixture_teardown = _empty_also_what_stays  # type: ignore[attr-defined]


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


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A request in another language leaves it behind in the thread; the next test does not find it there."""
    yield
    activate("en")


@pytest.fixture
def bucket(own_files: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[BucketServer]":
    """Files lie in a bucket, by the variables that an installation sets."""
    from django.conf import settings

    from accounts.tests.bucket import BucketServer  # the server takes a second to import

    server = BucketServer()
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    storages = {**settings.STORAGES, "default": file_backend(environ.Env(), own_files / "files")}
    with override_settings(STORAGES=storages):
        yield server
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def both_storages(request: pytest.FixtureRequest, own_files: Path) -> str:
    """The test runs twice: with files in a folder, and in a bucket."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return str(request.param)


@pytest.fixture(autouse=True)
def heartbeat_that_can_see(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a test's own transaction nothing is committed, so the heartbeat's connection would see no row and stop
    the work after a second. Such a test has none; the heartbeat itself is tested where rows are committed."""
    marker = request.node.get_closest_marker("django_db")
    committed = (marker and marker.kwargs.get("transaction")) or {"live_server", "transactional_db"} & set(
        request.fixturenames
    )
    if not committed:
        monkeypatch.setattr("generation.services.attempts.HEARTBEAT_SECONDS", 600)
