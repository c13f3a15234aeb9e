"""The desk in a browser: from the key that decides an item to the next one's images on the screen.

A headless Chromium against a web server of its own, real key presses, items of four candidates of 1024 px whose
pictures the browser has never seen. The time runs from the `timeStamp` of the keydown event to the `renderTime` that
the browser's Element Timing gives the last of the next item's pictures: the frame in which it was first painted. The
baseline is the same desk in turns with it, for a second reviewer, with every prefetching claim answered "nothing"
inside the page. At both desks 800 ms pass before the deciding key.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import numpy as np
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Response

from accounts.models import User
from accounts.tests.factories import Cast, make_cast
from benchmarks.measuring import Result, median, percentile, rounded
from canvas_review.tests.browsing import a_browser
from canvas_review.tests.desk import log_in
from canvas_review.tests.processes import running, wait_until
from generation.models import Candidate, Picture, Product, ProductRevision, RequestProduct
from generation.services.derivatives import store_bytes, store_picture
from generation.tests.image_cast import table_scene
from reviews.services import quotas
from reviews.tests.factories import fill_queue, make_queue

SIDE, SIBLINGS, SCENES = 1024, 4, 8
LOOKS_MS = 800  # nobody judges four images faster; what comes next is fetched meanwhile
TURN = 10  # decisions at one desk before the other has its turn

MEASURE = """
(() => {
  const bench = (window.deskBench = { shift: 0, next: null });
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) bench.shift += value;
  }).observe({ type: "layout-shift", buffered: true });
  let paints = () => {};
  new PerformanceObserver((list) => list.getEntries().forEach(paints)).observe({ type: "element" });
  new MutationObserver((records) => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
    for (const node of added) if (node.matches?.("#siblings img")) node.setAttribute("elementtiming", "picture");
  }).observe(document, { childList: true, subtree: true });
  const images = () => [...document.querySelectorAll("#siblings img")].filter((image) => image.offsetParent);
  bench.arm = () => {
    bench.next = new Promise((resolve) => addEventListener("keydown", ({ timeStamp }) => {
      const before = new Set(images().map(({ src }) => src));
      const painted = new Map();
      paints = ({ url, renderTime }) => {
        painted.set(url, renderTime);
        const now = images().map(({ src }) => src);
        const isThere = now.some((src) => !before.has(src)) && now.every((src) => before.has(src) || painted.has(src));
        if (isThere) resolve(Math.max(...now.map((src) => painted.get(src) ?? 0)) - timeStamp);
      };
    }, { capture: true, once: true }));
  };
})();
"""
NO_PREFETCH = """
(() => {
  const { fetch } = window;
  window.fetch = (path, options) => {
    if (!String(path).endsWith("/claim/") || !JSON.parse(options.body).soft) return fetch(path, options);
    const quota = { today: { judged: 0, limit: 1 }, more: "", told: "" };
    return Promise.resolve(Response.json({ item: null, reason: "nothing_waits", quota }));
  };
})();
"""


class _Desk:
    """One reviewer's desk in a browser of their own."""

    def __init__(self, browser: Browser, address: str, reviewer: User, *, prefetches: bool) -> None:
        entrance = browser.new_context()
        log_in(entrance.new_page(), address, reviewer)
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1440, "height": 900}, storage_state=entrance.storage_state()
        )
        entrance.close()
        self.context.add_init_script(MEASURE if prefetches else MEASURE + NO_PREFETCH)
        self.page: Page = self.context.new_page()
        self.responses: list[Response] = []
        self.page.on("response", lambda response: self.responses.append(response))
        self.page.goto(f"{address}/review/")
        self.page.wait_for_selector("#desk:not([hidden])")
        self.page.wait_for_load_state("networkidle")
        self.times: list[float] = []

    def page_kb(self) -> float:
        """All but pictures, with headers, as the production server sends it: static text compressed by brotli."""
        return sum(map(_on_the_wire, self.responses)) / 1000

    def judge(self, count: int) -> None:
        for _ in range(count):
            for _ in range(SIBLINGS - 1):
                self.page.keyboard.press("a")
            self.page.wait_for_timeout(LOOKS_MS)
            self.times.append(self._timed_press("a"))

    def pass_by(self, count: int) -> None:
        for _ in range(count):
            self._timed_press("n")

    def _timed_press(self, key: str) -> float:
        self.page.evaluate("deskBench.arm()")
        self.page.keyboard.press(key)
        return float(self.page.evaluate("deskBench.next"))

    def shift(self) -> float:
        return float(self.page.evaluate("deskBench.shift"))

    def heap_mb(self, devtools: CDPSession) -> float:
        devtools.send("HeapProfiler.collectGarbage")
        return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def measure(quick: bool) -> Result:
    turns, long_run = (1, 10) if quick else (20, 1_000)
    cast = make_cast()
    for reviewer in (cast.reviewer, cast.second_reviewer):
        quotas.set_limit(reviewer, 100_000, cast.admin)
    _furnish(cast, unseen=2 * (turns * TURN + TURN), more=long_run + TURN)
    with _server() as address, a_browser() as browser:
        desk = _Desk(browser, address, cast.reviewer, prefetches=True)
        page_kb = desk.page_kb()
        bare = _Desk(browser, address, cast.second_reviewer, prefetches=False)
        for _ in range(turns):
            desk.judge(TURN)
            bare.judge(TURN)
        bare.context.close()
        devtools = desk.context.new_cdp_session(desk.page)
        before = desk.heap_mb(devtools)
        desk.pass_by(long_run)
        grown = desk.heap_mb(devtools) - before
        connection.close()  # Playwright's loop has a connection of its own
        figures = _quantiles(desk.times) | {
            "page_kb": page_kb,
            "layout_shift": desk.shift(),
            "heap_growth_mb": max(grown, 0.0),
            "decisions": len(desk.times),
            "decisions_for_heap": long_run,
        }
    baseline = _quantiles(bare.times)
    ratio = {name: figures[name] / baseline[name] for name in baseline}
    return Result("desk", rounded(figures), rounded(baseline), rounded(ratio))


def _quantiles(times: Sequence[float]) -> dict[str, float]:
    return {"key_to_image_p50_ms": median(times), "key_to_image_p95_ms": percentile(times, 0.95)}


@contextmanager
def _server() -> Iterator[str]:
    with running("web", data_dir=Path(settings.DATA_DIR)) as programs:
        wait_until(programs["web"].listens, 60, "the web server listens")
        yield f"http://127.0.0.1:{programs['web'].port}"


def _on_the_wire(response: Response) -> int:
    if "/pictures/" in response.url or response.url.startswith("data:"):
        return 0
    sizes = response.request.sizes()
    is_text = "/static/" in response.url and response.status == 200
    size = len(brotli.compress(response.body())) if is_text else int(sizes["responseBodySize"])
    return size + int(sizes["responseHeadersSize"])


def _furnish(cast: Cast, *, unseen: int, more: int) -> None:
    """Items whose pictures nobody has seen, then `more` that share a few: a browser keeps what it has seen."""
    scene = table_scene(SIDE, SIDE)
    scenes = [
        store_picture(cast.team, np.roll(scene, shift * SIDE // SCENES, axis=1), lossless=False)
        for shift in range(SCENES)
    ]
    items = fill_queue(make_queue(cast.team), cast.operator, unseen + more, images=SIBLINGS)
    bodies = [(Path(settings.DATA_DIR) / "files" / scene.fit_name).read_bytes() for scene in scenes]
    copies = iter(_copies(scenes, bodies, unseen * (SIBLINGS + 1)))
    candidates = list(Candidate.objects.filter(request__review_items__in=items).order_by("pk"))
    for number, candidate in enumerate(candidates):
        candidate.composed = next(copies) if number < unseen * SIBLINGS else scenes[number % SCENES]
    Candidate.objects.bulk_update(candidates, ["composed"], batch_size=500)
    shown = RequestProduct.objects.filter(request__review_items__in=items).order_by("pk")
    revisions = [_revision(cast.operator, photo) for photo in [*copies, *scenes]]
    for number, request_product in enumerate(shown):
        request_product.revision = revisions[number if number < unseen else unseen + number % SCENES]
        request_product.save()


def _revision(operator: User, photo: Picture) -> ProductRevision:
    product = Product.objects.create(team=photo.team, title=f"Mug {photo.pk}", category="mug", created_by=operator)
    return ProductRevision.objects.create(
        product=product, number=1, photo=photo, mask=photo, mask_coverage=0.3, created_by=operator
    )


def _copies(scenes: Sequence[Picture], bodies: Sequence[bytes], count: int) -> list[Picture]:
    """Pictures that look like the scenes under addresses of their own: a few bytes after the image's end differ."""
    made = []
    for number in range(count):
        scene = scenes[number % SCENES]
        name = store_bytes(bodies[number % SCENES] + number.to_bytes(4, "big"), "webp")
        made.append(
            Picture(
                team=scene.team, name=name, thumb_name=scene.thumb_name, fit_name=name, sha256=f"{number:064x}",
                media_type="image/webp", width=SIDE, height=SIDE, byte_size=len(bodies[0]),
            )
        )  # fmt: skip
    return Picture.objects.bulk_create(made)
