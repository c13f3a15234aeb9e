"""A browser, and a furnished house that is built once a module and given back to every test as it was."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from accounts.tests.factories import make_cast
from canvas_review.tests.browsing import a_browser
from canvas_review.tests.house import House, make_house

ANSWERED_WITHIN_SECONDS = 10


@pytest.fixture(scope="module")
def running_browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def browser(running_browser: Browser) -> Iterator[Browser]:
    """Afterwards its pages are closed and the test's server is silent, before the database is emptied: a late message
    of a page would meet that in the middle, and one of the two would lose a deadlock."""
    yield running_browser
    for context in list(running_browser.contexts):
        context.close()
    _wait_for_silence()


def _wait_for_silence() -> None:
    until = time.monotonic() + ANSWERED_WITHIN_SECONDS
    while busy := [thread.name for thread in threading.enumerate() if "process_request_thread" in thread.name]:
        assert time.monotonic() < until, f"the test's server still answers: {busy}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def furnished(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Path]]:
    folder = tmp_path_factory.mktemp("house")
    files = {
        "BACKEND": "canvas_review.file_storage.WholeFileStorage",
        "OPTIONS": {"location": str(folder), "base_url": None},
    }
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(STORAGES={**settings.STORAGES, "default": files}):
            house = make_house(make_cast())
        yield house, folder
        transaction.set_rollback(True)


@pytest.fixture
def house(furnished: tuple[House, Path], db: None, own_files: Path) -> House:
    """What a test changes is undone by its own transaction, which lies inside of the house's."""
    shutil.copytree(furnished[1], own_files / "files")
    return furnished[0]
