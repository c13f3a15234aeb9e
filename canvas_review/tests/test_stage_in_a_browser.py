"""Looking at the images of the desk: views, zoom, comparing, aids and places, by keyboard alone and by touch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from canvas_review.tests.stage_world import answer_aids, fill_stage
from reviews.models import Verdict

pytestmark = pytest.mark.browser

Theme = Literal["light", "dark"]
Opener = Callable[..., Page]
CURRENT = ".sibling--current"
PLATES = ".sibling .lens .plate"


@pytest.fixture
def open_desk(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Opener]:
    """Opens the desk with `fill_stage(**items)`; `before` may prepare the page."""
    contexts = []

    def opened(
        *, window: tuple[int, int] = (1280, 800), theme: Theme = "dark", touch: bool = False,
        before: Callable[[Page], Any] = lambda page: None, **items: int,
    ) -> Page:  # fmt: skip
        fill_stage(cast.operator, **items)
        size: ViewportSize = {"width": window[0], "height": window[1]}
        context = browser.new_context(color_scheme=theme, viewport=size, has_touch=touch)
        contexts.append(context)
        sign_in(context, live_server.url, cast.reviewer)
        page = context.new_page()
        before(page)
        page.goto(f"{live_server.url}/review/")
        page.wait_for_selector("#desk:not([hidden])")
        expect(page.locator(f"{CURRENT} .lens .plate > img").first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


@contextmanager
def sending(page: Page) -> Iterator[Any]:
    """The decision that is sent; over when the claim after it is answered, or that would meet an emptied database."""
    with page.expect_response("**/claim/"), page.expect_request("**/decide/") as sent:
        yield sent


def transforms(page: Page) -> set[str]:
    """How the plates of all frames are moved: one way if they are locked together."""
    found = page.eval_on_selector_all(PLATES, "plates => plates.map((plate) => plate.style.transform)")
    return set(found)


def readout(page: Page) -> str:
    return page.locator("#stage-zoom").inner_text()


def test_views_zoom_and_panels_by_keyboard(open_desk: Opener) -> None:
    page = open_desk(items=2, candidates=4, height=900, width=1200)
    heard = complaints(page)
    seen = page.locator(".sibling:visible")
    expect(seen).to_have_count(5)
    fitted = readout(page)
    page.keyboard.press("Space")
    expect(page.locator("#stage-zoom")).to_have_text("100%")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    (moved,) = transforms(page)
    page.keyboard.press("ArrowRight")
    assert transforms(page) == {moved}, "the next image is seen at the same place"
    page.keyboard.press("+")
    expect(page.locator("#stage-zoom")).to_have_text("125%")
    page.keyboard.press("v")
    expect(seen).to_have_count(1)
    expect(page.locator("#stage-zoom")).to_have_text("125%")
    expect(page.locator("#stage-strip li")).to_have_count(5)
    page.keyboard.press("v")
    expect(seen).to_have_count(2)
    expect(page.locator(".sibling--source")).to_be_visible()
    page.keyboard.press("y")
    expect(page.locator(".desk-side, .desk-foot, .stage-bar, .bar >> visible=true")).to_have_count(0)
    page.keyboard.press("y")
    page.wait_for_timeout(500)  # what is remembered is written a little later
    page.reload()
    expect(seen).to_have_count(2)
    expect(page.locator("#stage-zoom")).to_have_text("125%")
    page.keyboard.press("v")
    page.keyboard.press("Space")
    expect(page.locator("#stage-zoom")).to_have_text(fitted)
    assert transforms(page) == {""} and heard == []


def test_the_next_item_is_seen_as_the_one_before(open_desk: Opener) -> None:
    page = open_desk(items=2, candidates=1, height=900, width=1200)
    page.keyboard.press("v")
    page.keyboard.press("Space")
    expect(page.locator("#stage-zoom")).to_have_text("100%")
    page.keyboard.press("d")
    before = transforms(page)
    with sending(page):
        page.keyboard.press("a")
    expect(page.locator("#desk-stage")).to_have_attribute("data-compare", "")  # a fresh look
    assert transforms(page) == before and page.locator(".sibling:visible").count() == 1


def test_the_original_is_compared_by_keyboard(open_desk: Opener) -> None:
    page = open_desk(candidates=2)
    over = page.locator(f"{CURRENT} .lens--over")
    expect(over).to_be_hidden()
    page.keyboard.down("c")
    expect(over).to_be_visible()
    expect(page.locator("#stage-mode")).to_have_text("The original")
    page.keyboard.up("c")
    expect(over).to_be_hidden()

    page.keyboard.press("t")
    line = page.get_by_role("slider", name="Line between")
    expect(line).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(line).to_have_attribute("aria-valuetext", "Original up to 38% from the left")
    page.keyboard.press("a")  # on to the next image, with the line
    expect(page.locator(f"{CURRENT} .slider-line")).to_be_focused()

    for key, way in (("o", "ghost"), ("d", "difference")):
        page.keyboard.press(key)
        expect(page.locator("#desk-stage")).to_have_attribute("data-compare", way)
        expect(page.locator(f".stage-bar [data-action={way}]")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".stage-bar [aria-pressed=true]")).to_have_count(2)  # the way, and the view
    expect(page.locator("#stage-mode")).to_contain_text("grey where nothing changed")
    expect(line).to_have_count(0)


def test_aids_are_off_at_first_and_their_use_is_sent(open_desk: Opener) -> None:
    asked: list[list[str]] = []
    page = open_desk(items=2, candidates=1, before=lambda page: asked.append(answer_aids(page)))
    outline = page.locator(f"{CURRENT} .outline-line")
    expect(outline).to_have_count(0)
    assert asked == [[]]
    page.keyboard.press("m")
    expect(outline.first).to_be_visible()
    expect(page.locator(".sibling--source .outline-line").first).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("#stage-findings")).to_contain_text("Colour of the product It strays by 3.1 dE")
    expect(page.locator(f"{CURRENT} .plate > .finding-number")).to_be_visible()
    page.keyboard.press("m")
    expect(outline.first).to_be_hidden()
    assert len(asked[0]) == 1
    with sending(page) as sent:
        page.keyboard.press("a")
    assert sorted(sent.value.post_data_json["aids"]) == ["findings", "mask"]
    expect(page.locator("#stage-findings")).to_be_hidden()
    expect(page.locator(".stage-bar [data-action=findings]")).to_have_attribute("aria-pressed", "false")
    assert len(asked[0]) == 1


def test_aids_that_cannot_be_had_are_no_obstacle(open_desk: Opener) -> None:
    page = open_desk(candidates=1, before=lambda page: answer_aids(page, status=409))
    page.keyboard.press("h")
    expect(page.locator("#stage-mode")).to_have_text("The aids did not load")
    page.wait_for_load_state("networkidle")  # or what is fetched beforehand meets an emptied database


def test_places_are_shown_by_keyboard_and_belong_to_the_image(open_desk: Opener) -> None:
    page = open_desk(candidates=2, height=600, width=800)
    heard = complaints(page)
    page.keyboard.press("x")
    expect(page.locator("#crosshair")).to_be_focused()
    assert barriers(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # a point stays a point
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")  # this one has become a box
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")  # taken away again
    marks = page.locator(f"{CURRENT} .places > :is(.mark, .mark-box):not(.mark--halo, .mark-box--halo)")
    expect(marks).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#crosshair")).to_be_hidden()
    page.keyboard.press("a")
    expect(marks).to_have_count(0)
    with sending(page):
        page.keyboard.press("a")
    marked, plain = sorted(Verdict.objects.values_list("marks", flat=True), key=len, reverse=True)
    assert plain == [] and marked[0] == {"x": 0.5, "y": 0.5} and set(marked[1]) == {"x", "y", "width", "height"}
    assert heard == []


def test_places_are_right_in_a_zoomed_image(open_desk: Opener) -> None:
    page = open_desk(candidates=1, height=1200, width=1600)
    page.keyboard.press("v")
    page.keyboard.press("Space")
    page.keyboard.press("x")
    box = page.locator(f"{CURRENT} .lens--notes").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    page.mouse.move(middle[0] + 40, middle[1] + 40)
    page.mouse.down()
    page.mouse.move(middle[0] + 120, middle[1] + 100, steps=4)
    page.mouse.up()
    expect(page.locator(f"{CURRENT} .mark-box:not(.mark-box--halo)")).to_have_count(1)
    with sending(page) as sent:
        page.keyboard.press("a")
    point, drawn = sent.value.post_data_json["verdicts"][0]["marks"]
    assert point == pytest.approx({"x": 0.5, "y": 0.5}, abs=0.002)
    assert drawn == pytest.approx(
        {"x": 0.5 + 40 / 1600, "y": 0.5 + 40 / 1200, "width": 80 / 1600, "height": 60 / 1200}, abs=0.002
    )


def test_sharper_pictures_come_when_the_screen_shows_more(open_desk: Opener) -> None:
    def with_full_size(page: Page) -> None:
        def claimed(route: Route) -> None:
            response = route.fetch()
            answer = response.json()
            item = answer["item"] or {"candidates": [], "source": None}
            for picture in filter(None, [item["source"], *(one["picture"] for one in item["candidates"])]):
                picture["full_url"] = picture["url"] + "?full"
            route.fulfill(response=response, json=answer)

        page.route("**/review/claim/", claimed)

    page = open_desk(candidates=2, height=1500, width=2000, before=with_full_size)
    image = page.locator(f"{CURRENT} .lens:not(.lens--over) .plate > img")
    box = page.locator(f"{CURRENT} .lens .plate").first.bounding_box()
    assert not str(image.get_attribute("src")).endswith("?full")
    page.keyboard.press("Space")
    expect(page.locator(".sibling .lens:not(.lens--over) > .plate > img[src$='?full']")).to_have_count(3)
    page.keyboard.press("Space")
    assert page.locator(f"{CURRENT} .lens .plate").first.bounding_box() == box


def test_fingers_swipe_pinch_and_press(open_desk: Opener) -> None:
    page = open_desk(window=(360, 740), touch=True, candidates=3)
    cdp = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    page.keyboard.press("v")
    box = page.locator(f"{CURRENT} .lens").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch("touchStart", (x + 60, y))
    touch("touchMove", (x, y))
    touch("touchMove", (x - 60, y))
    touch("touchEnd")
    expect(page.locator(f"{CURRENT} [data-number]")).to_have_text("2")

    touch("touchStart", (x, y))
    expect(page.locator("#desk-stage[data-blink]")).to_have_count(1)
    touch("touchEnd")
    expect(page.locator("#desk-stage[data-blink]")).to_have_count(0)

    touch("touchStart", (x - 30, y))
    touch("touchStart", (x - 30, y), (x + 30, y))
    touch("touchMove", (x - 60, y), (x + 60, y))
    touch("touchEnd")
    expect(page.locator("#desk-stage[data-zoomed]")).to_have_count(1)
    expect(page.locator(f"{CURRENT} [data-number]")).to_have_text("2")


SIZES: list[tuple[Theme, int, int]] = [("dark", 1280, 800), ("light", 360, 740), ("light", 320, 400)]


@pytest.mark.parametrize(("theme", "width", "height"), SIZES)
def test_no_view_has_a_barrier(open_desk: Opener, theme: Theme, width: int, height: int) -> None:
    page = open_desk(theme=theme, candidates=3, before=answer_aids, window=(width, height))
    heard = complaints(page)
    for keys in ("mf", "v", "t", "v", "o", "y"):
        for key in keys:
            page.keyboard.press(key)
        assert barriers(page) == [], keys
        assert not sticks_out(page), keys
    assert heard == []
