"""Production's static files can be collected, and its modules import each other by their hashed names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
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


def test_a_type_in_a_comment_is_no_import_and_an_import_that_is_waited_for_is_one(tmp_path: Path) -> None:
    modules = {
        "js/one.js": '/** @typedef {import("./two.js").Two} Two */\nconst two = await import("./two.js");\n',
        "js/two.js": '/** @typedef {import("./one.js").One} One */\n',
    }
    storage = HashedModulesStorage(location=tmp_path, base_url="/static/")
    for name, text in modules.items():
        storage.save(name, ContentFile(text))
    problems = [
        fault for *_, fault in storage.post_process({name: (storage, name) for name in modules}) if fault is not True
    ]
    assert problems == []
    types, waited_for = (tmp_path / storage.stored_name("js/one.js")).read_text().splitlines()
    assert 'import("./two.js")' in types
    assert f'import("./{Path(storage.stored_name("js/two.js")).name}")' in waited_for


def test_no_module_imports_while_running_without_waiting() -> None:
    """Such an import would not be renamed, and the page would load that module a second time."""
    comment = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
    for module in (ROOT / "static" / "js").rglob("*.js"):
        assert re.findall(r"(?<!await )\bimport\(", comment.sub("", module.read_text())) == [], module.name
