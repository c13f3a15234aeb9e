"""Items for the stage of the desk, with real pictures of any shape, and what the endpoint of aids answers."""

import json
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route

from accounts.models import User
from generation.imaging.encoding import encode_mask, encode_png
from generation.imaging.heatmaps import heat_map
from generation.models import Candidate, Finding
from generation.services.derivatives import store_picture
from generation.services.products import create_product
from generation.tests.factories import make_scored_request
from generation.tests.image_cast import product_photo, table_scene
from reviews.services import enqueueing, guidelines
from reviews.services.guidelines import ExampleInput


def fill_stage(operator: User, *, items: int = 1, candidates: int = 3, height: int = 192, width: int = 256) -> None:
    """`items` review items of `candidates` different pictures each, all of the photo's size in pixels."""
    assert operator.team is not None
    desk_queue = enqueueing.ensure_queue(operator.team, "background_enhancement")
    desk_queue.exploration_share, desk_queue.top_ranks = 0.0, candidates
    desk_queue.save()
    photo, mask = product_photo(height, width)
    product = create_product(
        operator.team, operator, photo_bytes=encode_png(photo), photo_type="image/png",
        mask_bytes=encode_mask(mask), mask_type="image/png", title="Red bottle", category="bottle", external_id="",
    )  # fmt: skip
    scenes = [np.where(mask[..., None], photo, table_scene(height, width, seed)) for seed in range(candidates)]
    pictures = [store_picture(operator.team, scene.astype(np.uint8), lossless=False) for scene in scenes]
    for number in range(items):
        scores = [0.9 - 0.01 * position for position in range(candidates)]
        request = make_scored_request(operator, scores, revision=product.revisions.get(), prompt=f"Scene {number + 1}")
        for candidate, picture in zip(request.candidates.order_by("position"), pictures, strict=True):
            Candidate.objects.filter(pk=candidate.pk).update(composed=picture)
        enqueueing.enqueue_request(request)


def furnish_aids(admin: User, *, height: int = 192, width: int = 256) -> None:
    """What can be looked up beside the items of `fill_stage`.

    Each candidate gets a heat map and a finding with a place, the team guidelines with a good and a bad example.
    """
    assert admin.team is not None
    photo, mask = product_photo(height, width)
    strayed = np.where(mask[..., None], np.roll(photo, height // 8, axis=0), photo).astype(np.uint8)
    heat = store_picture(admin.team, heat_map(photo, mask, strayed), lossless=True)
    judged = Candidate.objects.filter(request__team=admin.team)
    judged.update(heat_map=heat)
    for candidate in judged:
        Finding.objects.create(
            candidate=candidate, guard="seam", measure="seam_energy", value=4.4, threshold=4.2, violated=True,
            blocking=False, regions=[{"x": 0.4, "y": 0.3, "width": 0.2, "height": 0.3}],
        )  # fmt: skip
    picture = judged[0].composed
    assert picture is not None
    shown = [ExampleInput(picture, True, "The label is sharp"), ExampleInput(picture, False, "A rim of light", "seam")]
    guidelines.publish_guideline(
        admin.team, admin, "background_enhancement", text="# Look at the product first\n\n- Its colours\n- Its edge",
        examples=shown,
    )  # fmt: skip


FINDING = {
    "label": "Colour of the product",
    "reason": "It strays by 3.1 dE inside the mask; 2.0 are allowed.",
    "regions": [{"x": 0.4, "y": 0.3, "width": 0.2, "height": 0.3}],
}
RING = [[0.34, 0.55], [0.42, 0.3], [0.5, 0.25], [0.58, 0.3], [0.66, 0.55], [0.58, 0.8], [0.5, 0.85], [0.42, 0.8]]
HEAT = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3' preserveAspectRatio='none'>"
    "<rect width='4' height='3' fill='black'/><circle cx='2' cy='1.6' r='.7' fill='orange'/></svg>"
)


def answer_aids(page: Page, *, status: int = 200) -> list[str]:
    """From now on answers for the endpoint of aids, with a finding on every other image; returns what was asked for."""
    handles: list[str] = []
    asked: list[str] = []

    def claimed(route: Route) -> None:
        response = route.fetch()
        item = response.json().get("item") or {"candidates": []}
        handles.extend(candidate["handle"] for candidate in item["candidates"])
        route.fulfill(response=response)

    def aids(route: Route) -> None:
        asked.append(route.request.url)
        found: list[dict[str, Any]] = [
            {"handle": handle, "heat_map": {"url": HEAT, "width": 4, "height": 3}, "findings": [FINDING][number % 2 :]}
            for number, handle in enumerate(handles)
        ]
        body = {"outline": [RING], "candidates": found} if status == 200 else {"title": "No"}
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    page.route("**/review/claim/", claimed)
    page.route("**/aids/", aids)
    return asked
