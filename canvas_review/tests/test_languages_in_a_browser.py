"""A person chooses a language and everything follows: pages, what modules say, numbers; and a page can be mirrored."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from generation.tests.factories import make_revision

pytestmark = pytest.mark.browser


def test_who_is_not_signed_in_reads_the_sign_in_page_in_another_language(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 720})
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{live_server.url}/account/login/")
    expect(page.locator("h1")).to_have_text("Sign in")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("h1")).to_have_text("Anmelden")
    expect(page.get_by_role("button", name="Deutsch")).to_have_attribute("aria-pressed", "true")
    assert barriers(page) == []
    assert not sticks_out(page)
    assert heard == []
    context.close()


def test_modules_say_in_the_readers_language_what_they_say(
    browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    revision = make_revision(cast.operator)
    context = browser.new_context(locale="en-GB")
    sign_in(context, live_server.url, cast.operator)
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{live_server.url}/profile/")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save the language").click()
    expect(page.get_by_role("button", name="Sprache speichern")).to_be_visible()

    page.goto(f"{live_server.url}/products/{revision.product_id}/")
    expect(page.locator("time[data-relative]").first).to_have_text("jetzt")
    page.goto(f"{live_server.url}/products/{revision.product_id}/mask/")
    page.wait_for_selector("#mask-editor[data-ready]")
    page.locator("#mask-stage").press("b")
    expect(page.locator("#mask-status")).to_contain_text("Pixel breit")
    page.locator("#mask-stage").press("Space")
    expect(page.locator("#mask-status")).to_contain_text("Gemalt. Die Maske bedeckt")
    for side, share in {"left": "12.5", "top": "10", "right": "80", "bottom": "90"}.items():
        page.locator(f"#mask-{side}").fill(share)
    page.locator("#mask-bottom").press("Tab")
    expect(page.locator("#mask-status")).to_contain_text("Rechteck von 12,5 %, 10 %")
    assert [text for text in heard if "404" not in text] == []
    context.close()


def test_a_page_can_be_read_from_right_to_left(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 720})
    sign_in(context, live_server.url, cast.operator)
    page = context.new_page()
    page.goto(f"{live_server.url}/products/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert not sticks_out(page)
    brand = page.locator(".bar .brand").bounding_box()
    assert brand
    assert brand["x"] > 180  # at the right, where such a line begins
    context.close()
