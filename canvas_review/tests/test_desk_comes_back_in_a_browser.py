"""What was marked, decided or held survives the tab, the lease and the other tab; and it never changes hands."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import sign_in
from canvas_review.tests.desk import (
    PASSWORD,
    SIBLINGS,
    approve_all,
    fill_desk,
    leave,
    log_in,
    open_desk,
    saved,
    shown,
    wait_for_another,
)  # fmt: skip
from canvas_review.tests.processes import wait_until
from reviews.models import Decision, Retraction, Slot
from reviews.services import decisions, queue

pytestmark = pytest.mark.browser

APPROVED = "[data-verdict=approve]:visible"


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    sign_in(context, live_server.url, cast.reviewer)
    yield context
    leave(context)


def in_hand(cast: Cast) -> Slot:
    """What the server takes to be on the screen; it is told once it is painted there."""
    on_screen = Slot.objects.filter(reviewer=cast.reviewer, state="leased", is_soft=False)
    wait_until(on_screen.exists, 10, "the server knows what is on the screen")
    return on_screen.get()


def give_back_behind_their_back(cast: Cast) -> Slot:
    slot = in_hand(cast)
    assert slot.lease_token is not None
    queue.release(slot.lease_token, cast.reviewer)
    return slot


def test_what_a_dead_tab_had_not_sent_is_sent_by_the_next_one(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 4)
    tab = context.new_page()
    open_desk(tab, live_server.url)
    tab.wait_for_load_state("networkidle")
    context.set_offline(True)
    wait_for_another(tab, approve_all(tab))
    tab.keyboard.press("a")  # marked, not decided
    expect(tab.locator(APPROVED)).to_have_count(1)
    product = shown(tab)
    tab.wait_for_timeout(300)  # marks are kept a moment after they are painted (kept.js)
    tab.close()
    assert not Decision.objects.exists()
    context.set_offline(False)
    tab = context.new_page()
    open_desk(tab, live_server.url)
    saved(tab)
    assert Decision.objects.count() == 1
    while shown(tab) != product:  # its lease may have been anything
        tab.keyboard.press("s")
        wait_for_another(tab, shown(tab))
    expect(tab.locator(APPROVED)).to_have_count(1)


def test_one_tab_at_a_time_and_nothing_is_lost_between_two(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 3)
    first, second = context.new_page(), context.new_page()
    open_desk(first, live_server.url)
    first.wait_for_load_state("networkidle")
    first.route("**/decide/", lambda route: route.abort())
    wait_for_another(first, approve_all(first))
    second.goto(f"{live_server.url}/review/")
    expect(second.get_by_text("The desk is open in another tab")).to_be_visible()
    expect(second.locator("#desk")).to_be_hidden()
    second.get_by_role("button", name="Use it here").click()
    expect(second.locator("#desk")).to_be_visible()
    expect(first.get_by_text("The desk is open in another tab")).to_be_visible()
    saved(second)
    assert Decision.objects.count() == 1


def test_a_decision_whose_lease_has_ended_is_stored_if_the_item_is_still_free(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 1)
    page = context.new_page()
    open_desk(page, live_server.url)
    page.wait_for_load_state("networkidle")
    slot = give_back_behind_their_back(cast)
    approve_all(page)
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    saved(page)
    assert Decision.objects.get().slot_id == slot.pk


def test_a_decision_that_somebody_else_has_made_meanwhile_is_not_needed_any_more(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 2)
    page = context.new_page()
    open_desk(page, live_server.url)
    page.wait_for_load_state("networkidle")
    slot = give_back_behind_their_back(cast)
    other = queue.claim(cast.second_reviewer, item=slot.item).slot
    assert other is not None
    assert other.lease_token is not None
    decisions.decide(cast.second_reviewer, other.lease_token, idempotency_key=slot.item.handle, cannot_judge=True)
    wait_for_another(page, approve_all(page))
    page.keyboard.press("a")
    expect(page.get_by_text("Somebody else has judged it meanwhile.")).to_be_visible()
    saved(page)
    expect(page.locator(APPROVED)).to_have_count(1)
    assert Decision.objects.get().reviewer == cast.second_reviewer


def test_an_item_is_given_back_while_nobody_is_there_and_comes_back_with_its_marks(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 3)
    page = context.new_page()
    page.clock.install()
    open_desk(page, live_server.url)
    page.wait_for_load_state("networkidle")
    product = shown(page)
    page.keyboard.press("a")
    expect(page.locator(APPROVED)).to_have_count(1)
    page.clock.fast_forward("09:00")
    expect(page.get_by_text("Given back while you were away")).to_be_visible()
    wait_until(lambda: not Slot.objects.filter(state="leased").exists(), 10, "everything was given back")
    page.keyboard.press("Enter")
    expect(page.locator("#desk")).to_be_visible()
    expect(page.locator("#desk-product")).to_have_text(product)
    expect(page.locator(APPROVED)).to_have_count(1)
    saved(page)
    assert in_hand(cast).item.request.revisions.get().product.title == product


def test_ten_decisions_are_taken_back_one_after_the_other_also_after_a_reload(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    fill_desk(cast.operator, 12)
    page = context.new_page()
    open_desk(page, live_server.url)
    decided = []
    for _ in range(11):
        decided.append(approve_all(page))
        wait_for_another(page, decided[-1])
    saved(page)
    for number, product in enumerate(reversed(decided[1:])):
        if number == 5:
            page.reload()
            page.wait_for_selector("#desk:not([hidden])")
        page.keyboard.press("z")
        expect(page.locator("#desk-product")).to_have_text(product)
        expect(page.locator(APPROVED)).to_have_count(SIBLINGS)  # as it was decided
    assert Retraction.objects.count() == 10
    approve_all(page)
    expect(page.locator("#desk-product")).to_have_text(decided[2])  # it was put aside, and comes next
    saved(page)
    assert Decision.objects.filter(retraction=None).count() == 2


def test_what_is_not_sent_yet_is_simply_taken_out(context: BrowserContext, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 3)
    page = context.new_page()
    open_desk(page, live_server.url)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    product = approve_all(page)
    wait_for_another(page, product)
    page.keyboard.press("z")
    expect(page.locator("#desk-product")).to_have_text(product)
    expect(page.locator(APPROVED)).to_have_count(SIBLINGS)
    context.set_offline(False)
    saved(page)
    assert not Decision.objects.exists()
    page.keyboard.press("z")
    page.keyboard.press("a")
    wait_for_another(page, product)
    saved(page)
    assert Decision.objects.count() == 1


def test_nothing_is_sent_in_the_name_of_somebody_else(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    fill_desk(cast.operator, 4)
    context = browser.new_context()
    page = context.new_page()
    log_in(page, live_server.url, cast.reviewer)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    wait_for_another(page, approve_all(page))
    context.clear_cookies()
    context.set_offline(False)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    cast.second_reviewer.set_password(PASSWORD)
    cast.second_reviewer.save()
    other = context.new_page()
    other.goto(f"{live_server.url}/account/login/?next=/day/")  # not to the desk: it would be theirs there
    other.get_by_label("Username or e-mail").fill(cast.second_reviewer.username)
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(lambda url: "login" not in url)
    theirs = page.locator(f"#desk[data-config*='{cast.second_reviewer.handle}']")
    expect(theirs).to_have_count(1, timeout=20_000)  # it has loaded itself again
    saved(page)
    assert not Decision.objects.exists()
    leave(context)
