"""Production's static files can be collected, and its modules import each other by their hashed names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import override_settings

from canvas_review.static_storage import HashedModulesStorage

ROOT = Path(settings.BASE_DIR)
SLOW_TO_COMPRESS = ["css", "js", "json", "map", "svg", "txt", "html", "xml", "md", "ttf", "eot", "otf"]


@pytest.fixture
def collected(tmp_path: Path) -> Iterator[HashedModulesStorage]:
    folder = tmp_path / "static"
    backends = {"staticfiles": {"BACKEND": "canvas_review.static_storage.HashedModulesStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=backends, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=SLOW_TO_COMPRESS):
        call_command("collectstatic", interactive=False, verbosity=0)
        storage = storages["staticfiles"]
        assert isinstance(storage, HashedModulesStorage)
        yield storage


def test_every_module_imports_files_that_are_there_under_hashed_names(collected: HashedModulesStorage) -> None:
    imported = {}
    for module in (ROOT / "static" / "js").rglob("*.js"):
        stored = Path(collected.path(collected.stored_name(module.relative_to(ROOT / "static").as_posix())))
        for path in re.findall(r'^import .* from "(.+)";', stored.read_text(), re.MULTILINE):
            imported[stored.parent / path] = path
    assert len(imported) > 10
    assert [
        path for path in imported.values() if not re.fullmatch(r"(\.\.?/)+([\w-]+/)*[\w-]+\.[0-9a-f]{12}\.js", path)
    ] == []
    assert [path for path in imported if not path.is_file()] == []
