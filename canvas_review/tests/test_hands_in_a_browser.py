"""The desk's panels, its keys and its settings, by keyboard alone."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from canvas_review.tests.desk import fill_desk, leave, open_desk, saved, shown
from reviews.models import Decision, DeskSettings, Escalation, Snooze, Verdict

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    sign_in(context, live_server.url, cast.reviewer)
    page = context.new_page()
    heard = complaints(page)
    yield page
    assert heard == []
    leave(context)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_question_an_unsuitable_photo_and_later(page: Page, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 3)
    open_desk(page, live_server.url)
    first = shown(page)
    press(page, "e")
    expect(page.get_by_role("form", name="Ask an admin")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("form", name="Ask an admin")).to_be_hidden()
    press(page, "e", "Enter")  # a question is needed
    expect(page.get_by_label("Question")).to_be_focused()
    page.keyboard.type("Is this crease a defect?")
    press(page, "Enter")
    expect(page.locator("#desk-product")).not_to_have_text(first)
    second = shown(page)
    press(page, "u")
    expect(page.get_by_role("form", name="The photo is unsuitable")).to_be_visible()
    page.keyboard.type("a blurred 1")
    press(page, "Enter")
    expect(page.locator("#desk-product")).not_to_have_text(second)
    press(page, "w")
    expect(page.get_by_role("form", name="The mask is wrong")).to_be_visible()
    press(page, "Escape", "l")
    expect(page.locator(".desk-panel:visible")).to_have_count(1)
    press(page, "2")
    expect(page.get_by_text("Only what you put off is left")).to_be_visible()
    saved(page)
    assert Escalation.objects.get().question == "Is this crease a defect?"
    assert sorted(Decision.objects.values_list("kind", flat=True)) == ["escalated", "unsuitable_source"]
    snooze = Snooze.objects.get()
    assert 59 <= (snooze.until - snooze.created_at).total_seconds() / 60 <= 61


def test_a_key_is_changed_and_holds_at_once(page: Page, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 1)
    open_desk(page, live_server.url)
    press(page, "?")
    change = page.get_by_role("button", name="Change: Approve")
    change.focus()
    press(page, "Enter", "r")
    expect(page.get_by_text("already stands for: Reject")).to_be_visible()
    press(page, "1")
    expect(page.get_by_text("always means the same")).to_be_visible()
    press(page, "q")
    expect(page.locator(".desk-foot [data-key-of=approve]")).to_have_text("Q")
    expect(change).to_be_focused()
    press(page, "Escape", "q")
    expect(page.locator("[data-verdict=approve]:visible")).to_have_count(1)
    press(page, "a")
    expect(page.locator("[data-verdict=approve]:visible")).to_have_count(1)
    assert DeskSettings.objects.get(reviewer=cast.reviewer).keys == {"approve": "q"}
    page.reload()
    expect(page.locator(".desk-foot [data-key-of=approve]")).to_have_text("Q")
    press(page, "?")
    page.get_by_role("button", name="Reset all").press("Enter")
    expect(page.locator(".desk-foot [data-key-of=approve]")).to_have_text("A")
    page.get_by_label("Single keys do something").press(" ")
    expect(page.get_by_text("Single keys are off.")).to_be_visible()
    press(page, "Escape", "?")
    expect(page.locator("#desk-keys")).to_be_hidden()


def test_with_enter_the_last_mark_does_not_send(page: Page, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 1)
    DeskSettings.objects.create(reviewer=cast.reviewer, send_on="enter")
    open_desk(page, live_server.url)
    send = page.get_by_role("button", name="Send")
    expect(send).to_have_attribute("aria-disabled", "true")
    press(page, "a", "Enter")
    expect(page.get_by_text("1 image has no mark yet.")).to_be_visible()
    press(page, "j", "r")
    expect(page.locator("#desk[data-asking]")).to_be_visible()
    press(page, "1")
    expect(send).to_have_attribute("aria-disabled", "false")
    assert not Decision.objects.exists()
    press(page, "Enter")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    saved(page)
    assert Verdict.objects.filter(approved=False).count() == 1


def test_an_axis_can_be_said_wrong_beside_a_code_of_the_other(page: Page, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 1)
    open_desk(page, live_server.url)
    scene = page.get_by_role("button", name="Scene")
    expect(scene).to_have_attribute("aria-pressed", "false")
    press(page, "k")
    expect(scene).to_contain_text("wrong")
    press(page, "1", "r", "a")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    saved(page)
    verdict = Verdict.objects.get(approved=False)
    assert (verdict.product_right, verdict.scene_right) == (False, False)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_panels_sheet_settings_and_day_have_no_barrier(
    browser: Browser, live_server: LiveServer, cast: Cast, theme: Literal["light", "dark"], width: int
) -> None:
    fill_desk(cast.operator, 2)
    context: BrowserContext = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 800})
    page = context.new_page()
    heard = complaints(page)
    sign_in(context, live_server.url, cast.reviewer)
    open_desk(page, live_server.url)
    press(page, "a", "a")
    saved(page)
    for key in ("l", "Escape", "e", "Escape", "?", "Escape"):
        press(page, key)
        if key != "Escape":
            assert barriers(page) == []
            assert not sticks_out(page)
    if width < 960:
        page.get_by_role("button", name="More", exact=True).press("Enter")
        expect(page.locator("#desk-more")).to_be_visible()
        assert barriers(page) == []
    for path in ("/review/settings/", "/day/"):
        page.goto(live_server.url + path)
        assert barriers(page) == []
        assert not sticks_out(page)
    assert heard == []
    leave(context)
