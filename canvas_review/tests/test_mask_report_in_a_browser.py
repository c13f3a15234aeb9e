"""A wrong mask, by keyboard: reported at the desk, taken back, sent after an outage; and repaired by an operator."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from canvas_review.tests.desk import fill_desk, saved, shown, wait_for_another
from generation.models import GenerationRequest, MaskRepair
from generation.services import products
from generation.tests.painting import mask_of
from reviews.models import Decision, Retraction, ReviewItem

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[tuple[Page, BrowserContext]]:
    fill_desk(cast.operator, 2)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    sign_in(context, live_server.url, cast.reviewer)
    page = context.new_page()
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    yield page, context
    context.close()


def test_it_is_reported_by_keyboard_and_the_next_item_comes(desk: tuple[Page, BrowserContext]) -> None:
    page, _context = desk
    heard = complaints(page)
    before = shown(page)
    expect(page.locator("#desk-mask")).to_be_hidden()
    page.keyboard.press("w")
    comment = page.locator("#desk-mask").get_by_label("What is wrong with it")
    expect(comment).to_be_focused()
    assert barriers(page) == []
    page.keyboard.type("a 1 w: the cap is cut off")  # letters and numbers are text here
    page.keyboard.press("Enter")
    wait_for_another(page, before)
    expect(page.locator("#desk-mask")).to_be_hidden()
    expect(comment).to_have_value("")
    saved(page)
    repair = MaskRepair.objects.get()
    assert (repair.note, repair.marks) == ("a 1 w: the cap is cut off", [])
    assert Decision.objects.get().kind == "mask_wrong"
    assert repair.request.review_items.get().state == "withdrawn"

    page.keyboard.press("z")
    expect(page.locator("#desk-product")).to_have_text(before)
    saved(page)
    repair.refresh_from_db()
    assert repair.state == "taken_back" and Retraction.objects.count() == 1
    assert heard == []


def test_the_panel_is_left_without_a_trace(desk: tuple[Page, BrowserContext]) -> None:
    page, _context = desk
    page.keyboard.press("w")
    page.keyboard.press("Escape")
    expect(page.locator("#desk-mask")).to_be_hidden()
    page.keyboard.press("a")
    expect(page.locator("[data-verdict=approve]:visible")).to_have_count(1)
    assert not MaskRepair.objects.exists()


def test_places_are_shown_on_the_original(desk: tuple[Page, BrowserContext]) -> None:
    page, _context = desk
    before = shown(page)
    page.keyboard.press("w")
    photo = page.locator("#desk-marks")
    box = photo.bounding_box()
    assert box is not None
    places = [(box["width"] * 0.5, box["height"] * 0.5), (box["width"] * 0.3, box["height"] * 0.5)]
    for x, y in [*places, places[1]]:  # the second one is taken away again
        photo.click(position={"x": x, "y": y})
    expect(page.locator("#desk-marks .mark:not(.mark--halo)")).to_have_count(1)
    expect(page.locator("#desk-mask-hint")).to_contain_text("Places shown: 1")
    page.keyboard.press("Enter")
    wait_for_another(page, before)
    expect(page.locator("#desk-marks .mark")).to_have_count(0)
    saved(page)
    (mark,) = MaskRepair.objects.get().marks
    assert mark == {"x": pytest.approx(0.5, abs=0.01), "y": pytest.approx(0.5, abs=0.01)}


def test_a_report_made_without_network_is_sent_when_it_is_back(desk: tuple[Page, BrowserContext]) -> None:
    page, context = desk
    saved(page)
    page.wait_for_load_state("networkidle")
    before = shown(page)
    context.set_offline(True)
    page.keyboard.press("w")
    page.keyboard.type("cut off")
    page.keyboard.press("Enter")
    wait_for_another(page, before)
    expect(page.locator("#desk-saved")).to_have_text("Not sent yet: 1")
    assert not MaskRepair.objects.exists()
    context.set_offline(False)
    saved(page)
    assert MaskRepair.objects.get().note == "cut off"


WIDTHS: list[tuple[int, Literal["light", "dark"]]] = [(1440, "light"), (360, "dark")]


@pytest.mark.parametrize(("width", "theme"), WIDTHS)
def test_an_operator_asks_again_with_a_later_mask(
    browser: Browser, live_server: LiveServer, desk: tuple[Page, BrowserContext], cast: Cast, width: int,
    theme: Literal["light", "dark"],
) -> None:  # fmt: skip
    reviewer, _context = desk
    before = shown(reviewer)
    reviewer.keyboard.press("w")
    reviewer.keyboard.type("The cap is cut off")
    reviewer.keyboard.press("Enter")
    wait_for_another(reviewer, before)
    saved(reviewer)
    repair = MaskRepair.objects.get()
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
    sign_in(context, live_server.url, cast.operator)
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{live_server.url}/")
    if width < 400:
        page.locator(".nav-more > summary").press("Enter")
    page.get_by_role("link", name="Repairs 1").press("Enter")
    page.get_by_role("link", name=before).press("Enter")
    expect(page.get_by_text("The cap is cut off")).to_be_visible()
    assert barriers(page) == [] and not sticks_out(page)
    products.add_mask(repair.revision, cast.operator, mask_of(repair.revision))
    page.reload()
    assert barriers(page) == [] and not sticks_out(page)
    page.get_by_role("button", name="Ask again with revision 2").press("Enter")
    expect(page.get_by_text("Asked again with a repaired mask.")).to_be_visible()
    assert GenerationRequest.objects.latest("pk").revisions.get().number == 2
    assert ReviewItem.objects.filter(state="withdrawn").count() == 1
    assert heard == []
    context.close()
