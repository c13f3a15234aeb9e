"""Three people get 100 images a day, by keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast, make_user
from canvas_review.tests.browsing import barriers, sign_in
from reviews.services import quotas

pytestmark = pytest.mark.browser


def test_three_people_get_100_a_day(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    people = [cast.reviewer, cast.second_reviewer, make_user(cast.team, "reviewer")]
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    sign_in(context, live_server.url, cast.admin)
    page = context.new_page()
    page.goto(f"{live_server.url}/quotas/")
    assert barriers(page) == []
    for person in people:
        page.get_by_role("checkbox", name=str(person), exact=True).focus()
        page.keyboard.press("Space")
    page.get_by_label("At most").focus()
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Set 3 quotas").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 quotas are set.")).to_be_visible()
    assert [quotas.state(person).limit for person in people] == [100, 100, 100]
    context.close()
