"""What is taken out of templates, Python and JavaScript is what gettext is asked for when they run."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.extract import extract
from django.template import Context, Template
from django.utils.translation import override, trans_real

from canvas_review.words.extraction import find_messages
from canvas_review.words.templates import extract_template

TEMPLATE = """{% load i18n %}
{% translate "Half" %}, {% translate "5 % of it" %}, {% translate 'single' %} {% translate "set" as kept %}{{ kept }}
{% translate "Left" context "side" %}
{% translate name %}
{{ missing|default:_("none at 3 %") }} {% firstof missing _("in a tag") %}
{% blocktranslate with who=name|upper %}
  kept as   it stands, {{ who }}
{% endblocktranslate %}
{% blocktranslate trimmed %}
  one line
  and {{ name }} at 100 %
{% endblocktranslate %}
{% blocktranslate trimmed count n=count context "a" %}{{ n }} frame{% plural %}{{ n }} frames{% endblocktranslate %}
{% blocktranslate count n=count %}{{ n }} mask{% plural %}{{ n }} masks{% endblocktranslate %}
"""


class Recorder(trans_real.DjangoTranslation):
    """Keeps what it is asked for, and answers in English."""

    asked: set[tuple[str | None, tuple[str, ...]]] = set()

    def _keep(self, *texts: str) -> None:
        context, separator, first = texts[0].rpartition(trans_real.CONTEXT_SEPARATOR)
        rest = tuple(text.rpartition(trans_real.CONTEXT_SEPARATOR)[2] for text in texts[1:])
        self.asked.add((context if separator else None, (first, *rest)))

    def gettext(self, message: str) -> str:
        self._keep(message)
        return message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self._keep(msgid1, msgid2)
        return (msgid1 if n == 1 else msgid2).rpartition(trans_real.CONTEXT_SEPARATOR)[2]


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    before = trans_real.translation("en")
    found = Recorder("en")
    found.asked = set()
    monkeypatch.setitem(trans_real._translations, "en", found)  # type: ignore[attr-defined]
    trans_real.activate("en")
    monkeypatch.setattr(trans_real._active, "value", found)  # type: ignore[attr-defined]
    yield found
    trans_real._active.value = before  # type: ignore[attr-defined]


def _extracted(source: str) -> set[tuple[str | None, tuple[str, ...]]]:
    found: set[tuple[str | None, tuple[str, ...]]] = set()
    for _line, name, texts, _comments in extract_template(io.BytesIO(source.encode()), None, [], {}):
        parts = (texts,) if isinstance(texts, str) else texts
        found.add((parts[0], parts[1:]) if "p" in name else (None, parts))
    return found


def test_a_template_asks_for_exactly_what_was_found_in_it(recorder: Recorder) -> None:
    Template(TEMPLATE).render(Context({"name": "Ada", "count": 3}))
    assert recorder.asked - {(None, ("Ada",))} == _extracted(TEMPLATE)


@pytest.mark.parametrize(
    "source",
    ["{% load i18n %}{% blocktranslate %}no end", "{% blocktranslate %}{% if x %}{% endblocktranslate %}"],
)
def test_a_block_that_django_refuses_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        _extracted(source)


def _found_in(method: str, source: str) -> list[Any]:
    return [texts for _line, texts, _comments, _context in extract(method, io.BytesIO(source.encode()))]


def test_a_long_text_of_a_script_may_go_over_several_lines() -> None:
    assert _found_in("javascript", 'say(fill(gettext("one " +\n  "two %(n)s"), { n }));') == ["one two %(n)s"]


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        ("django", "Sign in"),  # a template
        ("django", "The training is cancelled."),  # gettext in a view
        ("django", "Approved"),  # gettext_lazy in a model
        ("django", "soft light"),  # gettext_noop in code that knows no Django
        ("djangojs", "The mask is being saved."),  # a module
        ("djangojs", "Bad: %(defect)s"),  # in the braces of a template of a module
    ],
)
def test_every_kind_of_source_is_read(domain: str, text: str) -> None:
    assert text in find_messages(domain)


def test_a_language_can_be_set_for_a_while() -> None:
    with override("de"):
        assert trans_real.gettext("Sign in") == "Anmelden"
    assert trans_real.gettext("Sign in") == "Sign in"
