"""A furnished house, built once a module and given back to every test as it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.tests.factories import make_cast
from canvas_review.tests.house import House, make_house


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
