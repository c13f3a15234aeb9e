"""Everything that can be done at the desk, by its key alone: no mouse, no button.

Each action of reviews/desk_actions.py is done in one of three runs, and its effect is seen on the screen, and in the
database where it is sent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, complaints, sign_in, sticks_out
from canvas_review.tests.desk import leave, open_desk, saved
from canvas_review.tests.stage_world import fill_stage, furnish_aids
from generation.models import MaskRepair
from reviews.desk_actions import ACTIONS
from reviews.models import Decision, Escalation, Retraction, Skip, Snooze, Verdict

pytestmark = pytest.mark.browser

CURRENT = ".sibling--current"


class Desk:
    """A page with the desk on it. `done` holds the actions whose keys were pressed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done: set[str] = set()

    def do(self, *names: str) -> None:
        for name in names:
            self.done.add(name)
            self.page.keyboard.press(_key_of(name))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def has(self, selector: str, text: str) -> None:
        expect(self.page.locator(selector)).to_have_text(text)

    def seen(self, selector: str) -> Locator:
        found = self.page.locator(selector).first
        expect(found).to_be_visible()
        return found

    def gone(self, selector: str) -> None:
        expect(self.page.locator(f"{selector} >> visible=true")).to_have_count(0)

    def pressed(self, name: str, is_on: bool = True) -> None:
        state = "true" if is_on else "false"
        expect(self.page.locator(f"#desk [data-action={name}]").first).to_have_attribute("aria-pressed", state)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """After what is done here another item comes, and what was said of this one is stored."""
        scene = self.page.locator("#desk-prompt")
        before = scene.inner_text()
        yield
        expect(scene).not_to_have_text(before)
        saved(self.page)

    def moved(self) -> str:
        """How the picture lies in its frame."""
        return str(self.page.locator(f"{CURRENT} .lens .plate").first.get_attribute("style"))


def _key_of(name: str) -> str:
    """As Playwright writes it."""
    words = {" ": "Space", "arrowleft": "ArrowLeft", "arrowright": "ArrowRight", "arrowup": "ArrowUp"}
    words |= {"arrowdown": "ArrowDown", "enter": "Enter"}
    key = ACTIONS[name].key
    bare = key.removeprefix("shift+")
    return ("Shift+" if bare != key else "") + words.get(bare, bare)


def _looks(desk: Desk) -> None:
    number = f"{CURRENT} [data-number]"
    desk.do("view")
    expect(desk.page.locator(".sibling:visible")).to_have_count(1)
    desk.do("next")
    desk.has(number, "2")
    desk.do("previous")
    desk.has(number, "1")
    desk.do("zoom")
    desk.has("#stage-zoom", "100%")
    desk.do("zoom_in")
    desk.has("#stage-zoom", "125%")
    for name in ("pan_left", "pan_right", "pan_up", "pan_down"):
        before = desk.moved()
        desk.do(name)
        assert desk.moved() != before, name
    desk.do("zoom_out")
    desk.has("#stage-zoom", "100%")
    desk.do("zoom")
    expect(desk.page.locator("[data-zoomed]")).to_have_count(0)
    desk.do("panels")
    desk.gone(".desk-foot, .desk-side, .stage-bar, .bar")
    desk.do("panels")
    desk.seen(".desk-foot")


def _compares(desk: Desk) -> None:
    desk.done.add("blink")
    desk.page.keyboard.down(_key_of("blink"))
    desk.seen(f"{CURRENT} .lens--over")
    desk.page.keyboard.up(_key_of("blink"))
    desk.gone(".lens--over")
    desk.do("slider")
    expect(desk.page.get_by_role("slider", name="Line between")).to_be_focused()
    for name in ("ghost", "difference"):
        desk.do(name)
        expect(desk.page.locator("#desk-stage")).to_have_attribute("data-compare", name)
    desk.do("difference")
    desk.gone(".lens--over")


def _looks_up_aids(desk: Desk) -> None:
    desk.do("mask")
    desk.seen(f"{CURRENT} .outline-line")
    desk.do("heat_map")
    heat = desk.seen(f"{CURRENT} .heat")
    assert heat.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    desk.do("findings")
    expect(desk.page.locator("#stage-findings")).to_contain_text("Seam")
    desk.seen(f"{CURRENT} .plate > .finding-number")
    assert barriers(desk.page) == []
    with desk.going_on():
        desk.press("a", "a")
    assert sorted(Decision.objects.get().aids) == ["findings", "heat_map", "mask"]
    desk.gone(".outline-line, .heat, #stage-findings")


def look(desk: Desk) -> None:
    _looks(desk)
    _compares(desk)
    _looks_up_aids(desk)


def _says_what_is_wrong(desk: Desk) -> None:
    """Of the first image; the second one is current then."""
    desk.do("comment")
    desk.page.keyboard.type("A crease, 1 cm")
    desk.press("Escape")
    desk.do("mark")
    expect(desk.page.locator("#crosshair")).to_be_focused()
    desk.press("Enter", "Escape")
    expect(desk.page.locator(f"{CURRENT} .places .mark:not(.mark--halo)")).to_have_count(1)
    first = desk.page.locator("#desk-codes .toggle").first
    usual = first.inner_text()
    desk.do("more")
    expect(first).not_to_have_text(usual)
    desk.do("more")
    desk.do("product_axis", "scene_axis")
    desk.pressed("product_axis")
    desk.pressed("scene_axis")
    desk.press("1")
    desk.do("reject")
    desk.seen("[data-verdict=reject]")
    desk.do("undo")  # the mark alone
    desk.gone("[data-verdict=reject]")
    assert not Decision.objects.exists()
    desk.pressed("scene_axis", is_on=False)
    desk.do("scene_axis", "reject")
    desk.seen("#desk[data-asking]")
    desk.press("1")
    desk.has(f"{CURRENT} [data-number]", "2")


def judge(desk: Desk) -> None:
    _says_what_is_wrong(desk)
    with desk.going_on():
        desk.do("best")
    decision = Decision.objects.get()
    rejected = decision.verdicts.get(approved=False)
    assert (rejected.comment, rejected.codes) == ("A crease, 1 cm", ["colour_shift"])
    assert rejected.marks == [{"x": 0.5, "y": 0.5}]
    assert (rejected.product_right, rejected.scene_right) == (False, False)
    assert decision.best == decision.verdicts.get(approved=True).candidate
    assert (decision.pairs.count(), len(decision.shown_order)) == (1, 2)

    scene = desk.page.locator("#desk-prompt").inner_text()
    with desk.going_on():
        desk.do("approve", "approve")
    desk.do("undo")  # the item
    desk.has("#desk-prompt", scene)
    with desk.going_on():
        desk.do("submit")  # as it was
    assert (Decision.objects.count(), Retraction.objects.count()) == (3, 1)
    assert Verdict.objects.filter(approved=True, decision__best=None).count() == 4


def _opens_and_closes(desk: Desk) -> None:
    desk.do("guidelines")
    expect(desk.page.locator("#guidelines")).to_contain_text("Its colours")
    desk.seen("#guidelines .example[data-good=no]")
    assert barriers(desk.page) == []
    desk.do("guidelines")
    desk.gone("#guidelines")
    desk.do("help")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.press("Escape")
    desk.gone("dialog")


def _reports_the_mask(desk: Desk) -> None:
    """With a place on the original, shown by keyboard too."""
    desk.do("mask_wrong")
    desk.page.keyboard.type("a cut cap")
    desk.press("Tab", "Enter")
    expect(desk.page.locator("#crosshair")).to_be_focused()
    desk.press("Enter", "Escape")
    desk.has("#desk-mask-hint", "Places shown: 1. Click one again to remove it.")
    desk.press("Enter")


def pass_on(desk: Desk) -> None:
    _opens_and_closes(desk)
    with desk.going_on():
        desk.do("skip")
    assert Skip.objects.count() == 1
    with desk.going_on():
        desk.do("snooze")
        desk.press("2")
    assert Snooze.objects.count() == 1
    with desk.going_on():
        desk.do("cannot")
    with desk.going_on():
        _reports_the_mask(desk)
    report = MaskRepair.objects.get(reason="mask")
    assert (report.note, report.marks) == ("a cut cap", [{"x": 0.5, "y": 0.5}])
    for name, said in (("unsuitable", "a blur"), ("escalate", "Is this a crease?")):
        with desk.going_on():
            desk.do(name)
            desk.page.keyboard.type(said)
            desk.press("Enter")
    assert MaskRepair.objects.get(reason="source").note == "a blur"
    assert Escalation.objects.get().question == "Is this a crease?"
    kinds = ["cannot_judge", "escalated", "mask_wrong", "unsuitable_source"]
    assert sorted(Decision.objects.values_list("kind", flat=True)) == kinds


Theme = Literal["light", "dark"]
RUNS: list[tuple[tuple[int, int], Theme, int, Callable[[Desk], None], set[str]]] = [
    ((360, 740), "dark", 3, look, {
        "view", "next", "previous", "zoom", "zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down",
        "panels", "blink", "slider", "ghost", "difference", "mask", "heat_map", "findings",
    }),
    ((1280, 800), "light", 4, judge, {
        "comment", "mark", "more", "product_axis", "scene_axis", "reject", "undo", "best", "approve", "submit",
    }),
    ((2560, 1440), "dark", 7, pass_on, {
        "guidelines", "help", "skip", "snooze", "cannot", "mask_wrong", "unsuitable", "escalate",
    }),
]  # fmt: skip


def test_no_action_is_left_out() -> None:
    assert set.union(*(run[-1] for run in RUNS)) == set(ACTIONS)


@pytest.mark.parametrize(("window", "theme", "items", "run", "actions"), RUNS, ids=["looks", "judges", "passes on"])
def test_everything_is_done_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, cast: Cast, window: tuple[int, int], theme: Theme, items: int,
    run: Callable[[Desk], None], actions: set[str],
) -> None:  # fmt: skip
    fill_stage(cast.operator, items=items, candidates=2, height=480, width=640)
    furnish_aids(cast.admin, height=480, width=640)
    context = browser.new_context(color_scheme=theme, viewport={"width": window[0], "height": window[1]})
    sign_in(context, live_server.url, cast.reviewer)
    page = context.new_page()
    heard = complaints(page)
    open_desk(page, live_server.url)
    page.wait_for_load_state("networkidle")  # the next two items are there
    desk = Desk(page)
    run(desk)
    assert desk.done == actions
    assert barriers(page) == []
    assert not sticks_out(page)
    assert heard == []
    leave(context)
