"""Every page of every role in a real browser, wide in English and narrow in German: no barrier, nothing sticks out."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from canvas_review.tests.house import House, make_house
from canvas_review.tests.pages import ADMINS, ENGINEERS, GALLERY, OPERATORS, PAGES, REVIEWERS

pytestmark = pytest.mark.browser

# Pieces of a page, asked for by a page that is open; a browser never shows them alone.
PIECES = {"progress", "training progress", "import progress"}
WAYS = [(1440, "en"), (320, "de")]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def furnished_house(cast: Cast) -> House:
    """Committed, unlike the fixture `house`: the server answers from threads of its own."""
    return make_house(cast)


def _look_at(page: Page, address: str, heard: list[str]) -> None:
    heard.clear()
    page.goto(address)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        assert barriers(page) == [], f"{address}, {theme}"
    assert not sticks_out(page), address
    assert [text for text in heard if "404" not in text] == [], address  # the house's pictures are rows without files


@pytest.mark.parametrize(("width", "language"), WAYS)
@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("operator", [*sorted({*OPERATORS, *GALLERY} - PIECES), "home"]),
        ("reviewer", [*sorted(set(REVIEWERS) - {"desk"}), "home"]),
        ("ml_engineer", [*sorted(set(ENGINEERS) - PIECES), "home"]),
        ("admin", [*sorted(ADMINS), "tokens", "notices", "notices by e-mail", "home"]),
    ],
)
def test_no_page_has_a_barrier(
    browser: Browser, live_server: LiveServer, furnished_house: House, role: str, names: list[str], width: int,
    language: str,
) -> None:  # fmt: skip
    # No colour is on its way to the other theme when it is measured.
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    User.objects.update(language=language)
    sign_in(context, live_server.url, getattr(furnished_house.cast, role))
    page = context.new_page()
    heard = complaints(page)
    for name in names:
        _look_at(page, live_server.url + PAGES[role, name](furnished_house), heard)
    context.close()
