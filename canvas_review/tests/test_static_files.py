"""Production's static files can be collected, and its modules import each other by their hashed names."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import override_settings

from canvas_review.static_storage import HashedModulesStorage

SLOW_TO_COMPRESS = ["css", "js", "json", "map", "svg", "txt", "html", "xml", "md", "ttf", "eot", "otf"]


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    backends = {"staticfiles": {"BACKEND": "canvas_review.static_storage.HashedModulesStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=backends, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=SLOW_TO_COMPRESS):
        call_command("collectstatic", interactive=False, verbosity=0)
        storage = storages["staticfiles"]
        assert isinstance(storage, HashedModulesStorage)
        return folder / str(storage.stored_name("js/desk/desk.js"))


def test_the_desk_imports_files_that_are_there_under_hashed_names(collected: Path) -> None:
    imported = re.findall(r'^import .* from "(.+)";', collected.read_text(), re.MULTILINE)
    names = [Path(path).name for path in imported]
    assert names
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in names)
    assert all((collected.parent / name).is_file() for name in names)
