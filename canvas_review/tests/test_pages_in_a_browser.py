"""The pages that every app builds on: no barriers, no complaint of the policy, nothing sticks out on a phone."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out

pytestmark = pytest.mark.browser

PASSWORD = "a long enough secret"
SIGNED_OUT = ["/account/login/", "/account/password/reset/", "/nowhere/"]
SIGNED_IN = ["/", "/profile/", "/account/password/change/", "/account/2fa/", "/account/logout/"]


@pytest.fixture
def reviewer(cast: Cast) -> User:
    user: User = cast.reviewer
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_pages_have_no_barrier(
    browser: Browser, live_server: LiveServer, reviewer: User, theme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 800})
    page = context.new_page()
    heard = complaints(page)
    for path in [*SIGNED_OUT, *SIGNED_IN]:
        if path == SIGNED_IN[0]:
            sign_in(context, live_server.url, reviewer)
        page.goto(live_server.url + path)
        assert barriers(page) == [], path
        assert not sticks_out(page), path
    assert [text for text in heard if "404" not in text] == []
    context.close()


def test_a_wrong_password_is_said_beside_the_form(browser: Browser, live_server: LiveServer, reviewer: User) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Username or e-mail").fill(reviewer.username)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username or e-mail")).to_have_value(reviewer.username)
    assert barriers(page) == []
    page.close()


@pytest.mark.parametrize("name", ["username", "email"])
def test_people_sign_in_by_name_or_address(
    browser: Browser, live_server: LiveServer, reviewer: User, name: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/account/login/?next=/profile/")
    page.get_by_label("Username or e-mail").fill(getattr(reviewer, name))
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=reviewer.username)).to_be_visible()
    context.close()


def test_the_menu_works_by_keyboard_and_the_theme_stays(
    browser: Browser, live_server: LiveServer, reviewer: User
) -> None:
    context = browser.new_context(color_scheme="light")
    sign_in(context, live_server.url, reviewer)
    page = context.new_page()
    page.goto(f"{live_server.url}/profile/")
    menu = page.locator("summary", has_text=reviewer.username)
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Dark").check()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("radio", name="Dark")).not_to_be_visible()
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    context.close()


def test_an_error_toast_stays_until_it_is_closed(browser: Browser, live_server: LiveServer, reviewer: User) -> None:
    context = browser.new_context()
    sign_in(context, live_server.url, reviewer)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/profile/")
    for level in ("error", "info"):
        detail = {"text": f"An {level} to read.", "level": level}
        page.evaluate("detail => document.dispatchEvent(new CustomEvent('canvas:toast', {detail}))", detail)
    expect(page.get_by_text("An info to read.")).to_be_visible()
    page.clock.fast_forward(7_000)
    expect(page.get_by_text("An info to read.")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("An error to read.")).to_have_count(0)
    context.close()
