"""The menu: daily work in the bar, the rest in one list, one button where there is no room. Nothing gets lost in it."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, User
from accounts.rules import all_rules
from accounts.tests.factories import Cast
from canvas_review.menu import _GROUPS, menu_of
from canvas_review.tests.browsing import barriers, sign_in, sticks_out

BAR_AT_MOST = 5


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_a_role_finds_all_it_may_open_and_nothing_twice(cast: Cast, role: str) -> None:
    user: User = getattr(cast, role)
    menu = menu_of(user, "/", {})
    found = [entry.url for entry in menu.daily + [entry for group in menu.groups for entry in group.entries]]
    rules = all_rules()
    allowed = [reverse(name) for _, names in _GROUPS for name, _ in names if rules[name].allows(user, "GET")]
    assert sorted(found) == sorted(allowed)
    assert 2 <= len(menu.daily) <= BAR_AT_MOST
    assert all(group.entries for group in menu.groups)


@pytest.mark.django_db
def test_what_waits_is_told_where_it_is_found(cast: Cast) -> None:
    menu = menu_of(cast.admin, "/repairs/7/", {"generation:repairs": 3, "reviews:questions": 2})
    assert (menu.waiting, menu.waiting_in_list) == (5, 3)
    assert menu.is_in_list
    assert not menu_of(cast.admin, "/questions/", {}).is_in_list


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 800})
    sign_in(context, live_server.url, cast.admin)
    yield context.new_page()
    context.close()


def _opened(page: Page, name: str) -> None:
    """Open the list as somebody does who has a keyboard only."""
    button = page.locator("#nav summary")
    expect(button).to_have_text(name, use_inner_text=True)
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_a_wide_bar_holds_the_daily_work_and_the_list_the_rest(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/limits/")
    bar = page.get_by_role("navigation", name="Main")
    expect(bar.get_by_role("link")).to_have_text(["Review", "Requests", "Gallery", "Questions", "Floor"])
    _opened(page, "More")
    running = bar.get_by_role("list", name="Running the team").get_by_role("link")
    expect(running).to_have_text(["Reports", "Queues", "Rework", "Quotas", "Team", "Simulator", "Webhooks", "Limits"])
    expect(bar.locator("[aria-current=page]")).to_have_text("Limits")
    assert barriers(page) == []
    page.keyboard.press("Tab")
    expect(bar.get_by_role("link", name="My day")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#nav summary")).to_be_focused()
    expect(bar.get_by_role("link", name="My day")).to_be_hidden()


@pytest.mark.browser
def test_a_phone_has_one_button_with_everything_in_it(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{live_server.url}/requests/")
    bar = page.get_by_role("navigation", name="Main")
    expect(bar.get_by_role("link")).to_have_count(0)
    _opened(page, "Menu")
    expect(bar.get_by_role("link")).to_have_count(sum(len(names) for _, names in _GROUPS))
    expect(bar.locator("[aria-current=page]:visible")).to_have_text("Requests")
    assert barriers(page) == []
    assert not sticks_out(page)
    page.set_viewport_size({"width": 1440, "height": 700})
    expect(bar.get_by_role("link", name="Questions")).to_be_visible()


@pytest.mark.browser
def test_larger_text_folds_the_menu_where_the_bar_has_no_room(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/requests/")
    expect(page.locator("#nav summary")).to_have_text("More", use_inner_text=True)
    page.evaluate("document.documentElement.style.fontSize = '300%'")
    expect(page.locator("#nav summary")).to_have_text("Menu", use_inner_text=True)


@pytest.mark.browser
def test_the_desk_has_the_button_alone(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/review/")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_count(0)
    _opened(page, "Menu")
    expect(page.get_by_role("link", name="My day")).to_be_visible()
