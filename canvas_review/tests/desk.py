"""A desk with something on it, and what a test sees of it."""

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from generation.models import Candidate
from generation.services.derivatives import store_picture
from generation.tests.factories import make_scored_request
from generation.tests.image_cast import table_scene
from generation.tests.painting import make_product
from reviews.services import enqueueing

PASSWORD = "a long enough secret"
SIBLINGS = 2


def fill_desk(operator: User, items: int) -> None:
    """`items` review items of two candidates each, with real pictures in storage."""
    assert operator.team is not None
    desk_queue = enqueueing.ensure_queue(operator.team, "background_enhancement")
    desk_queue.exploration_share = 0.0
    desk_queue.save()
    scene = table_scene(192, 256)
    shades = [store_picture(operator.team, np.roll(scene, shift, axis=1), lossless=False) for shift in (0, 40)]
    for number in range(items):
        revision = make_product(operator, title=f"Product {number + 1}").revisions.get()
        request = make_scored_request(operator, [0.9, 0.8], revision=revision)
        for candidate, picture in zip(request.candidates.order_by("position"), shades, strict=True):
            Candidate.objects.filter(pk=candidate.pk).update(composed=picture)
        enqueueing.enqueue_request(request)


def open_desk(page: Page, address: str) -> None:
    """Go to the desk and wait for the first item."""
    page.goto(f"{address}/review/")
    page.wait_for_selector("#desk:not([hidden])")


def log_in(page: Page, address: str, user: User) -> None:
    """By the login page, as a person does: the page's CSRF token belongs to the session."""
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{address}/review/")
    page.get_by_label("Username or e-mail").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#desk:not([hidden])")


def shown(page: Page) -> str:
    return page.locator("#desk-product").inner_text()


def approve_all(page: Page) -> str:
    """Decide what is on the screen; answers with the product it showed."""
    before = shown(page)
    for _ in range(SIBLINGS):
        page.keyboard.press("a")
    return before


def wait_for_another(page: Page, before: str) -> None:
    expect(page.locator("#desk-product")).not_to_have_text(before)


def saved(page: Page) -> None:
    expect(page.locator("#desk-saved[data-waiting='0']")).to_have_text("Saved", timeout=20_000)


def leave(context: BrowserContext) -> None:
    """Close it. Without network: what a page gives back as it goes must not meet the database being emptied."""
    context.set_offline(True)
    context.close()
