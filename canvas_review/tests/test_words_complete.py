"""A text that nobody has translated fails the build; so does a translation nobody asks for, or with other places."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.test import override_settings

from canvas_review.words import catalogues
from canvas_review.words.extraction import DOMAINS
from canvas_review.words.places import po_file, translated_languages

HEADER = '# of a test\nmsgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.mark.parametrize("language", translated_languages())
def test_nothing_is_left_to_translate(language: str) -> None:
    assert list(catalogues.problems(language)) == [], "run `make words`, then translate what it lists"


@pytest.mark.parametrize("language", translated_languages())
def test_the_files_are_as_make_words_writes_them(language: str, tmp_path: Path) -> None:
    """So that nothing moves in a file but what somebody has changed."""
    before = {domain: po_file(language, domain).read_text() for domain in DOMAINS}
    with override_settings(LOCALE_PATHS=[tmp_path]):
        for domain, text in before.items():
            po_file(language, domain).parent.mkdir(parents=True, exist_ok=True)
            po_file(language, domain).write_text(text)
        call_command("make_words", verbosity=0)
        assert {domain: po_file(language, domain).read_text() for domain in DOMAINS} == before


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sources ask for two messages; what the catalogue says lies in the file that this returns."""
    wanted = Catalog()
    wanted.add("Sign in, %(name)s")
    wanted.add(("%(count)s image", "%(count)s images"))
    monkeypatch.setattr(catalogues, "find_messages", lambda domain: wanted)
    monkeypatch.setattr(catalogues, "DOMAINS", ("django",))
    with override_settings(LOCALE_PATHS=[tmp_path]):
        path = po_file("de", "django")
    path.parent.mkdir(parents=True)
    return path


def _problems(path: Path, entries: str) -> list[str]:
    path.write_text(HEADER + entries)
    with override_settings(LOCALE_PATHS=[path.parents[2]]):
        return list(catalogues.problems("de"))


ONE = 'msgid "Sign in, %(name)s"\nmsgstr "Anmelden, %(name)s"\n\n'
TWO = 'msgid "%(count)s image"\nmsgid_plural "%(count)s images"\nmsgstr[0] "ein Bild"\nmsgstr[1] "%(count)s Bilder"\n\n'


def test_a_whole_catalogue_has_no_problem(asked: Path) -> None:
    assert _problems(asked, ONE + TWO) == []


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        (TWO, "not in the catalogue"),
        (ONE + TWO + 'msgid "Old"\nmsgstr "Alt"\n', "nobody asks for it"),
        (ONE + TWO + '#~ msgid "Old"\n#~ msgstr "Alt"\n', "left over"),
        (ONE.replace("Anmelden, %(name)s", "") + TWO, "not translated"),
        ("#, fuzzy\n" + ONE + TWO, "marked as doubtful"),
        (ONE.replace("Anmelden, %(name)s", "Anmelden, %(named)s") + TWO, "other places"),
        (ONE.replace("Anmelden, %(name)s", "Anmelden, %(name)s ") + TWO, "other white space"),
        (ONE + TWO.replace('"%(count)s Bilder"', '""'), "not translated"),
        (ONE + TWO.replace('"%(count)s Bilder"', '"viele Bilder"'), "other places"),
        (ONE + TWO.replace('msgstr[1] "%(count)s Bilder"\n', ""), "not translated"),
    ],
    ids=lambda value: value if " " in value and "\n" not in value else "",
)
def test_what_is_wrong_is_found(asked: Path, entries: str, problem: str) -> None:
    found = _problems(asked, entries)
    assert [problem in line for line in found] == [True], found
