"""A mask drawn by mouse, by keyboard alone and by touch: from a photo without one to a revision with one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from django.utils.module_loading import autodiscover_modules
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.celery import app
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from generation.contracts import Mask
from generation.imaging.encoding import encode_mask
from generation.models import MaskProposal, Product, ProductRevision
from generation.services.masks import Base, save_mask
from generation.tests.image_cast import product_photo
from generation.tests.painting import make_product, make_unmasked_product, mask_of

pytestmark = pytest.mark.browser
AROUND = (0.3, 0.2, 0.7, 0.9)
"""A rectangle around the bottle."""


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    sign_in(context, live_server.url, cast.operator)
    yield context
    context.close()


def open_editor(context: BrowserContext, live_server: LiveServer, product: Product, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{live_server.url}/products/{product.pk}/mask/{query}")
    page.wait_for_selector("#mask-editor[data-ready]")
    return page


def board(page: Page) -> Locator:
    return page.locator("#mask-board")


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of the photo is."""
    box = board(page).bounding_box()
    assert box is not None
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    page.mouse.move(*place(page, *end))
    page.mouse.up()


def cut_out(page: Page, ask: Callable[[], None]) -> MaskProposal:
    """Ask for a proposal, and do what the worker would do."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and "mask-proposals" in answer.url):
        ask()
    expect(page.locator("[data-do=stop]")).to_be_visible()
    proposal = MaskProposal.objects.latest("pk")
    autodiscover_modules("tasks")  # a worker does so when it starts
    app.tasks["generation.propose_mask"](proposal.pk)
    expect(page.locator("#mask-status")).to_contain_text("Here is a proposal")
    proposal.refresh_from_db()
    assert proposal.state == "ready"
    return proposal


def said(page: Page) -> str:
    return page.locator("#mask-status").inner_text()


def saved(page: Page, product: Product) -> ProductRevision:
    page.wait_for_url(f"**/products/{product.pk}/")
    revision: ProductRevision = product.revisions.latest("number")
    return revision


def likeness(one: Mask, other: Mask) -> float:
    """Intersection over union."""
    return float((one & other).sum() / (one | other).sum())


def test_by_mouse_from_a_rectangle_to_a_saved_mask(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    product = make_unmasked_product(cast.operator)
    page = open_editor(context, live_server, product)
    heard = complaints(page)
    expect(page.get_by_role("button", name="Rectangle")).to_have_attribute("aria-pressed", "true")
    drag(page, AROUND[:2], AROUND[2:])
    assert "Rectangle from 30 %" in said(page)
    cut_out(page, page.get_by_role("button", name="Cut out C").click)
    expect(page.get_by_role("button", name="Brush B")).to_have_attribute("aria-pressed", "true")
    drag(page, (0.05, 0.05), (0.2, 0.05))
    assert "Painted" in said(page)
    page.get_by_role("button", name="Undo Z").click()
    assert "Undone" in said(page)
    page.get_by_role("button", name="Save the mask").click()
    revision = saved(page, product)
    _photo, exact = product_photo()
    drawn = mask_of(revision)
    assert revision.number == 2
    assert revision.created_by == cast.operator
    assert likeness(drawn, exact) > 0.95
    assert not drawn[:20, :60].any()  # the stroke that was undone
    expect(page.get_by_role("button", name="Mask over the photo")).to_be_visible()
    assert heard == []


def test_by_keyboard_alone(context: BrowserContext, live_server: LiveServer, cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    page = open_editor(context, live_server, product)
    page.locator("#mask-stage").focus()
    for label, value in zip(("Left", "Top", "Right", "Bottom"), ("30", "20", "70", "90"), strict=True):
        page.keyboard.press("Tab")
        expect(page.get_by_label(label, exact=True)).to_be_focused()
        page.keyboard.type(value)
    cut_out(page, lambda: page.keyboard.press("Enter"))
    page.locator("#mask-stage").focus()
    page.keyboard.press("b")
    for _ in range(60):
        page.keyboard.press("Shift+ArrowLeft")
    assert "0 % from the left" in said(page)
    assert "scene" in said(page)
    page.keyboard.press(" ")
    assert "Painted" in said(page)
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    assert "Erased" in said(page)
    page.keyboard.press("z")
    page.get_by_role("button", name="Save the mask").press("Enter")
    drawn = mask_of(saved(page, product))
    assert drawn[96, 0]  # the dab, from which nothing was erased in the end
    assert likeness(drawn, product_photo()[1]) > 0.9


def touch(page: Page, session: CDPSession, kind: str, points: list[tuple[float, float]]) -> None:
    places = [place(page, *point) for point in points]
    touches: list[dict[str, Any]] = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_by_touch_one_finger_paints_and_two_move_the_photo(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    product = make_unmasked_product(cast.operator)
    page = open_editor(context, live_server, product)
    page.get_by_role("button", name="Brush B").tap()
    fingers = context.new_cdp_session(page)
    touch(page, fingers, "touchStart", [(0.3, 0.5)])
    touch(page, fingers, "touchMove", [(0.5, 0.5)])
    touch(page, fingers, "touchMove", [(0.7, 0.5)])
    touch(page, fingers, "touchEnd", [])
    assert "Painted" in said(page)
    width = board(page).bounding_box()
    touch(page, fingers, "touchStart", [(0.4, 0.2)])
    touch(page, fingers, "touchStart", [(0.4, 0.2), (0.6, 0.2)])
    touch(page, fingers, "touchMove", [(0.3, 0.2), (0.7, 0.2)])
    touch(page, fingers, "touchEnd", [])
    grown = board(page).bounding_box()
    assert width is not None
    assert grown is not None
    assert grown["width"] > 1.3 * width["width"]
    page.get_by_role("button", name="Save the mask").tap()
    drawn = mask_of(saved(page, product))
    assert drawn[96, 80:176].all()
    assert not drawn[:70].any()  # two fingers paint nothing


def test_what_was_drawn_survives_a_reload_and_a_refusal(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    product = make_unmasked_product(cast.operator)
    page = open_editor(context, live_server, product)
    page.get_by_role("button", name="Save the mask").click()
    expect(page.get_by_text("The mask marks no product yet.")).to_be_visible()
    page.get_by_role("button", name="Brush B").click()
    drag(page, (0.4, 0.5), (0.6, 0.5))
    page.reload()
    page.wait_for_selector("#mask-editor[data-ready]")
    assert "is back" in said(page)
    page.get_by_role("button", name="Save the mask").click()
    assert mask_of(saved(page, product))[96, 110:145].all()


def test_a_revision_that_came_meanwhile_is_told_once(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    product = make_product(cast.operator)
    page = open_editor(context, live_server, product)
    save_mask(product.revisions.get(), cast.operator, Base("present"), [], seen=1)
    drag(page, (0.05, 0.05), (0.2, 0.05))
    page.get_by_role("button", name="Save the mask").click()
    expect(page.get_by_text("Revision 2 was added while you were drawing.")).to_be_visible()
    page.get_by_role("button", name="Save the mask").click()
    assert saved(page, product).number == 3


def test_an_uploaded_mask_is_shown_checked_and_stays_exact_outside_of_the_strokes(
    context: BrowserContext, live_server: LiveServer, cast: Cast, tmp_path: Path
) -> None:
    product = make_unmasked_product(cast.operator)
    _photo, exact = product_photo()
    shifted = np.roll(exact, 30, axis=1)
    (tmp_path / "mask.png").write_bytes(encode_mask(shifted))
    (tmp_path / "small.png").write_bytes(encode_mask(exact[::2, ::2]))
    page = open_editor(context, live_server, product)
    page.locator("#mask-file").set_input_files(tmp_path / "small.png")
    expect(page.get_by_text("Make them equal.")).to_be_visible()
    page.locator("#mask-file").set_input_files(tmp_path / "mask.png")
    expect(page.locator("#mask-notes")).to_contain_text("Is the mask in the right place?")
    page.get_by_role("button", name="Eraser E").click()
    drag(page, (0.02, 0.02), (0.1, 0.02))
    page.get_by_role("button", name="Save the mask").click()
    assert (mask_of(saved(page, product)) == shifted).all()


def test_after_saving_it_goes_where_it_was_asked_to(
    context: BrowserContext, live_server: LiveServer, cast: Cast
) -> None:
    product = make_product(cast.operator)
    page = open_editor(context, live_server, product, "?next=/requests/")
    page.get_by_role("button", name="Save the mask").click()
    page.wait_for_url("**/requests/")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_the_editor_has_no_barrier(
    browser: Browser, live_server: LiveServer, cast: Cast, theme: Literal["light", "dark"], width: int
) -> None:
    product = make_product(cast.operator)
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 800})
    sign_in(context, live_server.url, cast.operator)
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{live_server.url}/products/{product.pk}/mask/")
    page.wait_for_selector("#mask-editor[data-ready]")
    assert barriers(page) == []
    assert not sticks_out(page)
    page.keyboard.press("?")
    assert barriers(page) == []
    assert heard == []
    context.close()
