"""A reviewer's day at the desk, by keyboard alone: sign in, judge, undo, reach the quota, sign out."""

from collections.abc import Iterator
from typing import Literal

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from canvas_review.tests.desk import (
    PASSWORD,
    SIBLINGS,
    approve_all,
    fill_desk,
    leave,
    open_desk,
    saved,
    shown,
    wait_for_another,
)  # fmt: skip
from reviews.models import Decision, Retraction, Verdict
from reviews.services import quotas

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[tuple[Page, BrowserContext]]:
    cast.reviewer.set_password(PASSWORD)
    cast.reviewer.save()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(context, live_server.url, cast.reviewer)
    yield page, context
    leave(context)


def test_a_day_at_the_desk(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 11)
    quotas.set_limit(cast.reviewer, 10 * SIBLINGS + 1, cast.admin)
    cast.reviewer.set_password(PASSWORD)
    cast.reviewer.save()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    heard = complaints(page)

    page.goto(f"{live_server.url}/review/")  # not signed in: to the login page, and back
    page.get_by_label("Username or e-mail").fill(cast.reviewer.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#desk:not([hidden])")

    seen = []
    for number in range(10):
        before = shown(page)
        seen.append(before)
        page.keyboard.press("a")
        if number % 2:
            page.keyboard.press("r")
            expect(page.locator("#desk[data-asking]")).to_be_visible()
            page.keyboard.press("2")
        else:
            page.keyboard.press("1")
            page.keyboard.press("2")
            page.keyboard.press("r")
        if number < 9:
            wait_for_another(page, before)
    expect(page.get_by_text("That is today's work")).to_be_visible()
    saved(page)
    assert len(set(seen)) == 10
    assert Decision.objects.count() == 10
    assert Verdict.objects.filter(approved=True).count() == 10
    rejects = Verdict.objects.filter(approved=False).order_by("pk")
    codes = [sorted(found) for found in rejects.values_list("codes", flat=True)]
    assert codes == [["colour_shift", "cutout_edge"], ["cutout_edge"]] * 5
    assert quotas.state(cast.reviewer).used == 10 * SIBLINGS

    page.keyboard.press("z")
    page.wait_for_selector("#desk:not([hidden])")
    assert shown(page) == seen[-1]
    assert Retraction.objects.count() == 1
    page.keyboard.press("n")
    expect(page.get_by_text("That is today's work")).to_be_visible()
    saved(page)
    assert Decision.objects.filter(kind="cannot_judge").count() == 1

    page.goto(f"{live_server.url}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").press("Enter")
    page.goto(f"{live_server.url}/review/")
    expect(page.get_by_label("Password")).to_be_visible()
    assert heard == []
    leave(page.context)


def test_a_number_typed_into_the_comment_is_text(
    desk: tuple[Page, BrowserContext], live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 1)
    page, _context = desk
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    page.get_by_role("textbox", name="Comment").fill("")
    page.keyboard.type("ar1 z")
    page.keyboard.press("Escape")
    expect(page.locator(".sibling-verdict:visible")).to_have_count(0)
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    saved(page)
    assert sorted(Verdict.objects.values_list("comment", flat=True)) == ["", "ar1 z"]


def test_a_decision_made_without_network_is_sent_when_it_is_back(
    desk: tuple[Page, BrowserContext], live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 2)
    page, context = desk
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    saved(page)
    before = shown(page)
    context.set_offline(True)
    page.keyboard.press("a")
    page.keyboard.press("a")
    wait_for_another(page, before)  # the next item was fetched beforehand
    expect(page.locator("#desk-saved")).to_have_text("Not sent yet: 1")
    assert not Decision.objects.exists()
    context.set_offline(False)
    saved(page)
    assert Decision.objects.count() == 1


def test_a_decision_made_after_the_session_ended_is_sent_once_they_are_signed_in_again(
    desk: tuple[Page, BrowserContext], live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 2)
    page, context = desk
    open_desk(page, live_server.url)
    page.wait_for_load_state("networkidle")
    Session.objects.all().delete()
    approve_all(page)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(page.locator("#desk-saved")).to_have_text("Not sent yet: 1")
    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    tab = opened.value
    tab.get_by_label("Username or e-mail").fill(cast.reviewer.username)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("The desk is open in another tab")).to_be_visible()
    tab.close()
    page.bring_to_front()
    saved(page)
    expect(dialog).to_be_hidden()
    assert Decision.objects.count() == 1


def test_an_undo_whose_answer_was_lost_is_not_done_twice(
    desk: tuple[Page, BrowserContext], live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 3)
    page, _context = desk
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    seen = []
    for _ in range(2):
        seen.append(shown(page))
        page.keyboard.press("a")
        page.keyboard.press("a")
        wait_for_another(page, seen[-1])
    saved(page)

    def undo_without_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/review/undo/", undo_without_answer, times=1)
    page.keyboard.press("z")
    expect(page.locator("#desk-product")).to_have_text(seen[1])
    assert Retraction.objects.count() == 1


def test_a_defect_named_on_the_best_makes_it_a_reject_that_is_no_longer_the_best(
    desk: tuple[Page, BrowserContext], live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 1)
    page, _context = desk
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    page.keyboard.press("b")
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    saved(page)
    decision = Decision.objects.get()
    assert decision.best is None
    assert sorted(decision.verdicts.values_list("approved", flat=True)) == [False, True]


def test_a_picture_that_does_not_load_is_said_to_be_missing(
    desk: tuple[Page, BrowserContext], live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 1)
    page, _context = desk
    page.route("**/pictures/**", lambda route: route.abort())
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    expect(page.get_by_text("This image did not load.")).to_have_count(1 + SIBLINGS)
    expect(page.locator("[data-missing]:visible")).to_have_count(1 + SIBLINGS)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_the_desk_has_no_barrier(
    browser: Browser, live_server: LiveServer, cast: Cast, theme: Literal["light", "dark"], width: int
) -> None:
    fill_desk(cast.operator, 1)
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 800})
    page = context.new_page()
    heard = complaints(page)
    sign_in(context, live_server.url, cast.reviewer)
    page.goto(f"{live_server.url}/review/")
    page.wait_for_selector("#desk:not([hidden])")
    page.keyboard.press("a")
    assert barriers(page) == []
    assert not sticks_out(page)
    page.keyboard.press("?")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    assert heard == []
    leave(context)
