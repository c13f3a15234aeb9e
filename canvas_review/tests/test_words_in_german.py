"""Every page of every role in a second language: it stands, no word is missing, and machines can still read it."""

import re
from collections.abc import Iterator

import pytest
from django.utils.translation import trans_real

from accounts.models import User
from canvas_review.tests.house import FORMAT, House
from canvas_review.tests.pages import PAGES, parse, visible, visitor
from canvas_review.words.catalogues import read_catalogue
from generation.models import GenerationRequest
from reviews.formats import EXPORT_FORMATS
from reviews.models import Queue

MISSING = object()
# What the furnished house calls itself and what its machines said: no messages, and the same in every language.
OWN = {"The engine gave up.", "It broke off once.", "The storage was away.", EXPORT_FORMATS[FORMAT][0]}


class Listening(trans_real.DjangoTranslation):
    """German, that notes what it has no word for."""

    unknown: set[str]
    _catalog: dict[str | tuple[str, int], object]

    def gettext(self, message: str) -> str:
        found = self._catalog.get(message, self._catalog.get((message, self.plural(1)), MISSING))
        if found is MISSING and message.strip():
            self.unknown.add(message)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        if self._catalog.get((msgid1, self.plural(n)), MISSING) is MISSING:
            self.unknown.add(msgid1)
        return super().ngettext(msgid1, msgid2, n)


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    before = trans_real.translation("en")
    german = Listening("de")
    german.unknown = set()
    monkeypatch.setitem(trans_real._translations, "de", german)  # type: ignore[attr-defined]
    yield german.unknown
    trans_real._active.value = before  # type: ignore[attr-defined]


ENGLISH = [
    message.id
    for message in read_catalogue("de", "django")
    if isinstance(message.id, str)
    and message.id not in (message.string, "")
    and re.fullmatch(r"[^%]* [^%]*", message.id)
]
"""What is said otherwise in German, without places to fill in. Of one word alone nobody can tell its language."""

ONCE = {page: role for role, page in PAGES if page != "description of the API"}
"""Each page for one of the roles that may see it; the menu of every role is among them."""


@pytest.mark.parametrize(("page", "role"), ONCE.items())
def test_a_page_stands_in_german(house: House, unknown: set[str], role: str, page: str) -> None:
    User.objects.update(language="de")
    answer = visitor(house, role).get(PAGES[role, page](house), HTTP_ACCEPT_LANGUAGE="de")
    assert answer.status_code == 200
    assert answer["Content-Language"] == "de"
    assert unknown - OWN == set()
    html = answer.content.decode()
    _is_readable_by_machines(html)
    said = "\n".join(visible(parse(html)))
    prompts, queues = (
        GenerationRequest.objects.values_list("prompt", flat=True),
        Queue.objects.values_list("name", flat=True),
    )
    for own in sorted([*prompts, *queues], key=len, reverse=True):
        said = said.replace(own, "")  # what is called so by people stays
    assert [text for text in ENGLISH if text in said] == []


# Numbers that a browser or a script reads have a point in every language.
NUMBERS = re.compile(r"\d,\d")
READ_BY_MACHINES = re.compile(
    r"^(value|min|max|step|width|height|x|y|x1|x2|y1|y2|cx|cy|r|viewBox|d|datetime|href|src|action|data-.*)$"
)


def _is_readable_by_machines(html: str) -> None:
    attributes = parse(html).attributes
    assert [found for found in attributes if READ_BY_MACHINES.match(found[1]) and NUMBERS.search(found[2])] == []


def test_figures_and_dates_are_written_as_germans_write_them(house: House) -> None:
    User.objects.update(language="de")
    page = visitor(house, "admin").get(PAGES["admin", "limit that was changed"](house)).content.decode()
    words = " ".join(text for _element, text in parse(page).texts)
    assert re.search(r"\d,\d", words)
    request = visitor(house, "admin").get(PAGES["admin", "request ready"](house)).content.decode()
    assert re.search(r">\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}</time>", request)


def test_the_script_of_the_words_comes_before_whatever_reads_it(house: House) -> None:
    User.objects.update(language="de")
    scripts = parse(visitor(house, "operator").get("/products/").content.decode()).scripts
    names = [script["src"] for script in scripts]
    assert "words/de.js" in names[1]
    assert "defer" in scripts[1]
    User.objects.update(language="en")
    assert "words/" not in visitor(house, "operator").get("/products/").content.decode()
