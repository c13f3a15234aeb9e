"""A fresh clone speaks every language: what is compiled is made by the program itself, when it is missing or old."""

import gettext
import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import override_settings

from canvas_review.checks import words_are_compiled
from canvas_review.words import compiling
from canvas_review.words.places import mo_file, po_file, script_file

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def clone(tmp_path: Path):  # type: ignore[no-untyped-def]
    """The catalogues as they lie in git, without anything made of them."""
    texts = {domain: po_file("de", domain).read_text() for domain in ("django", "djangojs")}
    with override_settings(BASE_DIR=tmp_path, LOCALE_PATHS=[tmp_path / "locale"]):
        for domain, text in texts.items():
            po_file("de", domain).parent.mkdir(parents=True, exist_ok=True)
            po_file("de", domain).write_text(text)
        yield tmp_path


def _texts() -> dict[str, str | list[str]]:
    body = re.search(r"texts: (\{.*\}) \};\n$", script_file("de").read_text())
    assert body
    found: dict[str, str | list[str]] = json.loads(body[1])
    return found


def test_starting_makes_what_is_missing(clone: Path) -> None:
    assert len(words_are_compiled(None)) == 2
    apps.get_app_config("canvas_review").ready()
    with mo_file("de").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Sign in") == "Anmelden"
    assert _texts()["Copied"] == "Kopiert"
    assert words_are_compiled(None) == []


def test_what_is_new_enough_is_left_alone(clone: Path) -> None:
    compiling.compile_words()
    before = [path.stat().st_mtime_ns for path in (mo_file("de"), script_file("de"))]
    compiling.compile_words()
    assert [path.stat().st_mtime_ns for path in (mo_file("de"), script_file("de"))] == before


def test_a_catalogue_that_was_edited_is_compiled_again(clone: Path) -> None:
    compiling.compile_words()
    path = po_file("de", "djangojs")
    path.write_text(path.read_text().replace('msgstr "Kopiert"', 'msgstr "Abgeschrieben"'))
    os.utime(path, ns=(mo_file("de").stat().st_mtime_ns + 10**9,) * 2)
    compiling.compile_words()
    assert _texts()["Copied"] == "Abgeschrieben"


def test_processes_that_start_together_leave_whole_files(clone: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: compiling.compile_words(), range(8)))
    assert sorted(path.name for path in mo_file("de").parent.iterdir()) == ["django.mo", "django.po", "djangojs.po"]
    assert [path.name for path in script_file("de").parent.iterdir()] == ["de.js"]
    assert _texts()["Copied"] == "Kopiert"


def test_what_cannot_be_written_stops_the_start_with_a_word(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(target: Path, content: bytes) -> None:
        raise PermissionError(13, "read-only", str(target))

    monkeypatch.setattr(compiling, "_replace", refuse)
    apps.get_app_config("canvas_review").ready()
    assert {error.id for error in words_are_compiled(None)} == {"canvas_review.E004"}


def test_what_is_compiled_is_not_in_git() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.mo", "static/words"], cwd=ROOT, capture_output=True, text=True)
    assert tracked.stdout == ""


def test_the_image_has_the_catalogues() -> None:
    assert "COPY locale/ locale/" in (ROOT / "Dockerfile").read_text()
    assert "!locale/" in (ROOT / ".dockerignore").read_text().splitlines()
