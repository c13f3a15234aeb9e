"""A part of a page that is asked for again and again leaves alone what the reader has opened."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import sign_in
from generation.models import GenerationRequest
from generation.tests.factories import make_request

pytestmark = pytest.mark.browser


def test_what_is_open_stays_open_when_the_request_moves_on(
    browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    request = make_request(cast.operator)
    context = browser.new_context()
    page = context.new_page()
    sign_in(context, live_server.url, cast.operator)
    page.goto(f"{live_server.url}/requests/{request.pk}/")
    page.locator("#how-made > summary").press("Enter")
    GenerationRequest.objects.filter(pk=request.pk).update(state="cancelled")
    expect(page.locator("#live .chip").first).to_have_text("Cancelled")
    expect(page.locator("#live-words")).to_have_text("Cancelled")
    expect(page.locator("#how-made[open]")).to_be_visible()
    expect(page.locator("#how-made > summary")).to_be_focused()
    context.close()
