"""While one item is judged the pictures of the next are painted once, at their size, where nobody sees them."""

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import sign_in
from canvas_review.tests.desk import approve_all, fill_desk, wait_for_another
from canvas_review.tests.processes import wait_until
from generation.models import Candidate
from generation.services.derivatives import store_picture
from generation.tests.image_cast import table_scene

pytestmark = pytest.mark.browser

SOURCES = "(images) => images.map((image) => image.getAttribute('src'))"


def fill_desk_with_pictures_of_their_own(cast: Cast, items: int) -> None:
    fill_desk(cast.operator, items)
    for number, candidate in enumerate(Candidate.objects.order_by("pk")):
        scene = np.roll(table_scene(192, 256), 10 * number, axis=1)
        candidate.composed = store_picture(cast.team, scene, lossless=False)
        candidate.save()


def shown(page: Page) -> set[str]:
    return set(page.locator("#siblings .lens:not(.lens--over) img").evaluate_all(SOURCES))


def warmed(page: Page) -> set[str]:
    return set(page.locator("#stage-warm img").evaluate_all(SOURCES))


def test_what_comes_next_is_painted_beforehand(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    fill_desk_with_pictures_of_their_own(cast, 3)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    sign_in(context, live_server.url, cast.reviewer)
    page = context.new_page()
    page.goto(f"{live_server.url}/review/")
    images = page.locator("#siblings .lens:not(.lens--over) img")
    expect(images.first).to_be_visible()
    expect(page.locator("#stage-warm img")).to_have_count(images.count())
    room = page.locator("#stage-warm")
    assert room.bounding_box() == {"x": 1279, "y": 799, "width": 1, "height": 1}
    expect(room).to_have_attribute("aria-hidden", "true")
    size = "(image) => { const { width, height } = image.getBoundingClientRect(); return [width, height]; }"
    warm = page.locator("#stage-warm img").first
    wait_until(lambda: warm.evaluate(size) == images.nth(1).evaluate(size), 10, "it has the size of a frame")
    before, expected = shown(page), warmed(page)
    assert len(expected - before) == 2, "two candidates; the photo is the same"
    wait_for_another(page, approve_all(page))
    assert shown(page) == expected
