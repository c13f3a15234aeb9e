"""A request that was painted on a canvas: the desk compares with the canvas, the outline is that of what was kept, and
a dataset's source is the canvas, one for each request."""

from fractions import Fraction

import numpy as np
import pytest

from accounts.tests.factories import Cast
from generation.imaging.canvases import widen
from generation.models import GenerationRequest
from generation.services.derivatives import store_mask
from generation.tests.factories import make_picture
from reviews.services.judged import SnapshotFilters
from reviews.services.snapshots import freeze_snapshot, open_snapshot
from reviews.tests.factories import make_item
from reviews.tests.judged_world import World
from reviews.tests.test_desk_api import Desk


def put_on_canvas(request: GenerationRequest) -> None:
    request.canvas = make_picture(request.team, width=320, height=180)
    request.kept = make_picture(request.team, width=320, height=180)
    request.save()


def test_the_desk_shows_the_canvas_as_the_source(cast: Cast) -> None:
    item = make_item(cast.operator, 2)
    put_on_canvas(item.request)
    shown = Desk(cast).item()["source"]
    assert item.request.canvas is not None
    assert shown["url"].endswith(item.request.canvas.fit_name)
    assert (shown["width"], shown["height"]) == (320, 180)


def test_the_outline_is_that_of_what_was_kept(cast: Cast) -> None:
    item = make_item(cast.operator)
    canvas = widen(np.zeros((90, 60, 3), np.uint8), Fraction(16, 9), Fraction(0))
    item.request.canvas = make_picture(cast.team, width=160, height=90)
    item.request.kept = store_mask(cast.team, canvas.kept)
    item.request.save()
    desk = Desk(cast)
    (line,) = desk.client.get(f"/api/v1/review/leases/{desk.item()['token']}/aids/").json()["outline"]
    assert max(x for x, _y in line) == pytest.approx(60 / 160, abs=0.02)


def test_two_requests_of_one_photo_have_two_canvases_in_a_dataset(cast: Cast) -> None:
    first, second = World(cast).add_judged(2)
    put_on_canvas(first)
    put_on_canvas(second)
    placed = second.request_products.get()
    placed.revision = first.revisions.get()
    placed.save()
    snapshot = freeze_snapshot(cast.team, cast.ml_engineer, name="wide", filters=SnapshotFilters())
    sources = [group.source for group in open_snapshot(snapshot).groups()]
    assert first.canvas is not None
    assert second.canvas is not None
    assert {source.photo for source in sources} == {first.canvas.name, second.canvas.name}
    assert len({source.key for source in sources}) == 2
    assert len({source.product for source in sources}) == 1
    assert {(source.width, source.height) for source in sources} == {(320, 180)}
