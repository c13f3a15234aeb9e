"""Outpainting: the settings say the format, the photo stays whole, and what cannot be laid out is refused."""

from typing import Any

import numpy as np
import pytest

from accounts.tests.factories import Cast
from generation.models import Candidate, GenerationRequest, ModelVersion
from generation.services.derivatives import load_image, load_mask
from generation.services.elsewhere import adopt_candidates
from generation.services.production import produce_candidates
from generation.services.requests import RequestRefused, open_request
from generation.tests.factories import make_revision, make_version
from generation.tests.painting import WIDTH, Painter, make_product
from generation.variants import VARIANTS

pytestmark = pytest.mark.django_db(transaction=True)


def ask(cast: Cast, **values: Any) -> GenerationRequest:
    wanted: dict[str, Any] = {"variant": "outpainting", "prompt": "a bottle", "seed": 7, "steps": 2} | values
    return open_request(cast.team, cast.operator, revisions=[make_product(cast.operator).revisions.get()], **wanted)


def test_a_setting_that_nobody_chose_has_its_first_value(cast: Cast) -> None:
    assert ask(cast).parameters == {"aspect": "16:9", "place": "middle"}
    assert ask(cast, parameters={"aspect": "9:16"}).parameters == {"aspect": "9:16", "place": "middle"}


@pytest.mark.parametrize(
    ("parameters", "field", "code"),
    [
        ({"aspect": "5:1"}, "aspect", "choice"),
        ({"colour": "red"}, "colour", "choice"),
        ({"place": ""}, "place", "choice"),
    ],
)
def test_what_is_not_offered_is_refused(cast: Cast, parameters: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(RequestRefused) as caught:
        ask(cast, parameters=parameters)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert not GenerationRequest.objects.exists()


@pytest.mark.parametrize(
    ("photo", "aspect", "told"),
    [
        ((900, 1600), "16:9", "nearly this format"),
        ((880, 1600), "16:9", "nearly this format"),
        ((6000, 4000), "16:9", "6000 pixels"),
        ((5000, 3000), "1:1", ""),
        ((5200, 3000), "1:1", "25 megapixels"),
        ((1000, 1000), "16:9", ""),
    ],
)
def test_the_photos_shape_alone_says_what_cannot_be_done(photo: tuple[int, int], aspect: str, told: str) -> None:
    stage = VARIANTS["outpainting"].stage
    assert stage is not None
    obstacle = stage.obstacle([photo], {"aspect": aspect, "place": "middle"})
    assert told in obstacle
    assert bool(obstacle) == bool(told)


def test_such_a_photo_is_refused_before_anything_is_stored(cast: Cast) -> None:
    revision = make_revision(cast.operator)
    assert revision.photo.width == revision.photo.height
    with pytest.raises(RequestRefused, match="nearly this format") as caught:
        open_request(
            cast.team, cast.operator, revisions=[revision], variant="outpainting", prompt="a bottle",
            parameters={"aspect": "1:1"},
        )  # fmt: skip
    assert (caught.value.code, caught.value.field) == ("layout", "aspect")
    assert not GenerationRequest.objects.exists()


def test_the_worker_lays_the_canvas_out_once_and_paints_on_it(cast: Cast) -> None:
    make_version("generator", "outpainting", state="active")
    request = ask(cast, parameters={"aspect": "9:16", "place": "end"}, candidate_count=2)
    painter = Painter()
    assert produce_candidates(request, painter.load)
    request.refresh_from_db()
    assert request.canvas is not None
    assert request.kept is not None
    canvas, kept = load_image(request.canvas), load_mask(request.kept)
    assert canvas.shape[:2] == kept.shape == (-(-WIDTH * 16 // 9), WIDTH)
    photo = load_image(request.revisions.get().photo)
    np.testing.assert_array_equal(canvas[kept].reshape(photo.shape), photo)
    assert Candidate.objects.filter(request=request).count() == 2


def test_candidates_from_elsewhere_are_refused_with_what_to_do(cast: Cast) -> None:
    revision = make_product(cast.operator).revisions.get()
    with pytest.raises(RequestRefused, match="Ask for its candidates here"):
        adopt_candidates(
            cast.team, cast.operator, revision=revision, variant="outpainting", model_name="Other", prompt="a bottle",
            images=[(b"x", "image/png")],
        )  # fmt: skip
    assert not ModelVersion.objects.exists()
