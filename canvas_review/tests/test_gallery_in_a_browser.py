"""The gallery by keyboard and by shift-click: moving, choosing, taking all between; and on to what would happen."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, sign_in
from generation.tests.factories import make_scored_request

pytestmark = pytest.mark.browser


def test_images_are_chosen_by_keys_and_by_shift(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    for _ in range(3):
        make_scored_request(cast.operator, [0.5, 0.4, 0.3])
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    sign_in(context, live_server.url, cast.operator)
    page = context.new_page()
    page.goto(f"{live_server.url}/gallery/")
    links, boxes = page.locator(".tile > .thumb"), page.locator(".tile-pick > input")
    chosen = page.locator("#selection-count")
    links.first.focus()
    page.keyboard.press("Space")
    expect(chosen).to_have_text("1 image chosen")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("Shift+Space")
    expect(chosen).to_have_text("3 images chosen")
    page.keyboard.press("End")
    expect(links.nth(8)).to_be_focused()
    boxes.nth(8).click()
    boxes.nth(6).click(modifiers=["Shift"])
    expect(chosen).to_have_text("6 images chosen")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("2 requests are opened, for 6 of 6 images.")).to_be_visible()
    assert barriers(page) == []
    page.go_back()
    expect(chosen).to_have_text("6 images chosen")
    page.get_by_role("button", name="Choose none").click()
    expect(chosen).to_have_text("Choose images")
    context.close()
