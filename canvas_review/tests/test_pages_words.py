"""Every word a page says can be translated: under a language that brackets each message, nothing stands outside."""

import json
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.utils.translation import trans_real

from canvas_review.design import icons, tokens
from canvas_review.tests.house import FORMAT, PROMPT, QUESTION, TITLE, WHY, House
from canvas_review.tests.pages import PAGES, parse, visible, visitor
from delivery.events import EVENTS
from generation.importfiles.sources import KINDS
from generation.models import DatasetSnapshot, GenerationRequest, ModelVersion, Product
from reviews.models import Queue

OPEN, CLOSE = "⟦", "⟧"
_SEPARATOR = trans_real.CONTEXT_SEPARATOR
# Names, units and signs that are the same in every language.
SAME = (
    "Canvas Review", "Canvas Review API", "SHA-256", "KB", "MB", "GB", "AUC", "esc", "API", "mug", "CSV",
    "train/manifest.json", "efficientnet-head", FORMAT, "English", "Deutsch",
)  # fmt: skip
_KEY = re.compile(r"^[A-Z?]$")
_DATA = re.compile(r'^\{"')
"""What was measured or asked for, as it is kept: the audit shows it as it is."""


class Bracketed(trans_real.DjangoTranslation):
    """English in brackets, so that what was not given to gettext shows."""

    def gettext(self, message: str) -> str:
        return self._bracket(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._bracket(msgid1 if n == 1 else msgid2)

    @staticmethod
    def _bracket(message: str) -> str:
        words = message.rpartition(_SEPARATOR)[2]
        return f"{OPEN}{words}{CLOSE}" if words.strip() else words


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = trans_real.translation("en")
    monkeypatch.setitem(trans_real._translations, "en", Bracketed("en"))  # type: ignore[attr-defined]
    trans_real.activate("en")
    yield
    trans_real._active.value = before  # type: ignore[attr-defined]


def _outside(text: str) -> str:
    """What of `text` stands in no brackets."""
    depth, kept = 0, []
    for mark in text:
        depth += (mark == OPEN) - (mark == CLOSE)
        if not depth and mark != CLOSE:
            kept.append(mark)
    return "".join(kept)


def _own_words(house: House) -> list[str]:
    """What people and the installation called things, longest first."""
    cast = house.cast
    people = [cast.operator, cast.reviewer, cast.second_reviewer, cast.ml_engineer, cast.admin]
    found = [
        TITLE,
        PROMPT,
        WHY,
        QUESTION,
        house.group.name,
        house.skill.name,
        f"{house.skill.name} 4",
        cast.team.name,
        "UTC",
        house.token.name,
        house.token.prefix,
    ]
    found += [word for person in people for word in (person.username, person.email, str(person.handle))]
    found += [house.revision.product.external_id, *Product.objects.values_list("title", flat=True)]
    found += [*GenerationRequest.objects.values_list("prompt", flat=True), *map(str, ModelVersion.objects.all())]
    found += [word for row in ModelVersion.objects.all() for word in (f"{row.name} · {row.number}", row.name)]
    called = apps.get_model("generation", "ProductEvent").objects.values_list("title", "category")
    found += [word for names in called for word in names if word]
    found += [*DatasetSnapshot.objects.values_list("name", flat=True)]
    found += [str(house.snapshot), *house.token.scopes, *SAME]
    found += [house.checked_import.name, "NAME.jpg", "NAME.mask.png", "NAME.png"]
    found += [word for kind in KINDS.values() for word in (kind.table, *kind.required, *kind.optional)]
    found += [*map(str, Queue.objects.all()), *available_timezones()]
    found += [*icons(), *(name for kind in tokens().sizes.values() for pair in kind for name in pair)]
    found += [word for colour in tokens().colours for word in (colour.name, colour.light, colour.dark)]
    found += [house.webhook.url, *EVENTS, *_sent(house), "webhook"]
    found += [str(number) for number in range(10)]
    return sorted(found, key=len, reverse=True)


def _sent(house: House) -> list[str]:
    """What the log of a webhook shows as it was sent."""
    sent = house.webhook.messages.all()
    return [word for each in sent for word in (str(each.handle), " ".join(json.dumps(each.body, indent=2).split()))]


def _unspoken(page: Any, own: list[str]) -> list[str]:
    found = []
    for text in visible(parse(page.content.decode())):
        rest = _outside(text)
        for word in own:
            rest = rest.replace(word, "")
        if re.search(r"[^\W\d_]", rest) and not _KEY.match(text) and not _DATA.match(text):
            found.append(text)
    return found


@pytest.mark.parametrize(("role", "page"), [key for key in PAGES if key != ("operator", "description of the API")])
def test_every_word_of_a_page_is_a_message(house: House, bracketed: None, role: str, page: str) -> None:
    answer = visitor(house, role).get(PAGES[role, page](house))
    assert OPEN in answer.content.decode()
    assert _unspoken(answer, _own_words(house)) == []


@pytest.mark.parametrize(
    ("role", "address", "form"),
    [
        ("operator", "/products/new/", {"title": ""}),
        ("operator", "/requests/new/", {"candidate_count": "x", "seed": -1}),
        ("ml_engineer", "/datasets/freeze/", {"name": "a b"}),
        (
            "ml_engineer",
            "/datasets/freeze/",
            {"name": "empty", "variant": "background_enhancement", "since": "2099-01-01"},
        ),
        ("operator", "/profile/tokens/", {"days": 0}),
        ("operator", "/profile/notices/", {"mailed": "no.such"}),
        ("admin", "/webhooks/new/", {"url": "", "topics": "no.such"}),
        ("admin", "/webhooks/new/", {"url": "http://10.0.0.1/", "topics": "snapshot.ready"}),
        ("admin", "/limits/background_enhancement/seam_energy/", {"threshold": "nan", "effect": "?"}),
        ("admin", "/limits/background_enhancement/seam_energy/", {"threshold": 1000, "effect": "blocks"}),
        ("admin", "/limits/background_enhancement/seam_energy/", {"threshold": 3, "effect": "blocks", "reason": ""}),
        ("admin", "/limits/background_enhancement/changed_bytes/", {"threshold": 0, "effect": "reports"}),
    ],
)
def test_every_word_of_a_refused_form_is_a_message(
    house: House, bracketed: None, role: str, address: str, form: dict[str, object]
) -> None:
    answer = visitor(house, role).post(address, form)
    assert answer.status_code == 400
    assert _unspoken(answer, _own_words(house)) == []


def test_every_word_of_the_desk_is_a_message(house: House, bracketed: None) -> None:
    item = visitor(house, "reviewer").post("/api/v1/review/claim/", {}, content_type="application/json").json()["item"]
    said = [code[key] for code in item["codes"] for key in ("label", "help")]
    said += [entry["picture"]["alt"] for entry in item["candidates"]] + [item["source"]["alt"]]
    assert said
    assert [text for text in said if not text.startswith(OPEN)] == []


@pytest.mark.parametrize(("address", "status"), [("/nothing/", 404), ("/quotas/", 403)])
def test_every_word_of_an_error_is_a_message(house: House, bracketed: None, address: str, status: int) -> None:
    answer = visitor(house, "operator").get(address)
    assert answer.status_code == status
    assert _unspoken(answer, _own_words(house)) == []
