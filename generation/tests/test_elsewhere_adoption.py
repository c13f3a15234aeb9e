"""Candidates made elsewhere: stored as they came, and handed on as if they were ours."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from accounts.files import StorageAway
from accounts.tests.bucket import BucketServer
from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.engines.loading import load_guard
from generation.models import Candidate, ModelVersion, Picture
from generation.services.derivatives import load_image
from generation.services.production import produce_candidates
from generation.services.requests import cancel_request, retry_request
from generation.services.screening import screen_candidates
from generation.tests.adopting import MODEL, PROMPT, adopt, painted_scene, sent
from generation.tests.painting import HEIGHT, WIDTH, Painter, make_product


def test_they_wait_for_the_guards_with_what_follows_posted(cast: Cast) -> None:
    request, is_new = adopt(cast.operator)
    request.refresh_from_db()
    assert is_new
    assert request.is_made_elsewhere
    assert (request.state, request.prompt, request.candidate_count) == ("screening", PROMPT, 2)
    assert (request.seed, request.steps, request.guidance) == (None, None, None)
    message = OutboxMessage.objects.get()
    assert (message.topic, message.key) == ("request.generated", request.pk)
    assert request.generator_version is not None
    assert (str(request.generator_version), request.generator_version.kind) == (MODEL, "external")
    for position, candidate in enumerate(request.candidates.select_related("raw")):
        assert candidate.position == position
        assert candidate.generator_version == request.generator_version
        np.testing.assert_array_equal(load_image(candidate.raw), painted_scene(position))


def test_what_was_sent_is_recorded_and_nothing_is_invented(cast: Cast) -> None:
    request, _ = adopt(cast.operator, images=[sent(painted_scene(0, HEIGHT * 2, WIDTH * 2))])
    candidate = request.candidates.get()
    assert set(candidate.recipe) == {"made_elsewhere", "sent_sha256", "sent_width", "sent_height"}
    assert (candidate.recipe["sent_width"], candidate.recipe["sent_height"]) == (WIDTH * 2, HEIGHT * 2)


def test_what_is_larger_than_the_photo_is_shrunk_to_it(cast: Cast) -> None:
    request, _ = adopt(cast.operator, images=[sent(painted_scene(0, HEIGHT * 3, WIDTH * 3))])
    raw = request.candidates.get().raw
    assert (raw.height, raw.width) == (HEIGHT, WIDTH)


def test_what_is_smaller_stays_as_it_is(cast: Cast) -> None:
    request, _ = adopt(cast.operator, images=[sent(painted_scene(0, 96, 128))])
    raw = request.candidates.get().raw
    assert (raw.height, raw.width) == (96, 128)


def test_nothing_of_the_file_is_kept_but_the_picture(cast: Cast) -> None:
    exif = Pillow.Exif()
    exif[0x010E] = "taken at home"
    buffer = io.BytesIO()
    Pillow.fromarray(painted_scene()).save(buffer, "JPEG", exif=exif, quality=95)
    request, _ = adopt(cast.operator, images=[(buffer.getvalue(), None)])
    with Pillow.open(request_file(request.candidates.get())) as stored:
        assert stored.format == "WEBP"
        assert not stored.getexif()


def request_file(candidate: Candidate) -> io.BytesIO:
    from generation.services.derivatives import open_file

    with open_file(candidate.raw.name) as file:
        return io.BytesIO(file.read())


def test_a_models_name_is_one_version_however_it_is_spaced(cast: Cast) -> None:
    revision = adopt(cast.operator)[0].revisions.get()
    adopt(cast.operator, revision, model_name=f"  {MODEL.replace(' ', '   ')}\u200f", prompt="another prompt")
    adopt(cast.operator, revision, model_name="Second Painter")
    versions = ModelVersion.objects.filter(kind="external").order_by("number")
    assert [(version.name, version.number) for version in versions] == [(MODEL, 1), ("Second Painter", 2)]
    assert not any((version.engine, version.folder, version.sha256) != ("", "", "") for version in versions)


def test_asked_again_after_a_failure_nothing_is_painted(cast: Cast) -> None:
    request, _ = adopt(cast.operator)
    request.state, request.failure = "failed", "It broke."
    request.save()
    retry_request(request)
    painter = Painter()
    assert produce_candidates(request, painter.load)
    request.refresh_from_db()
    assert (request.state, painter.painted) == ("screening", 0)
    assert str(request.generator_version) == MODEL
    assert screen_candidates(request, load_guard)
    assert set(request.candidates.values_list("state", flat=True)) == {"cleared"}


def test_a_cancelled_one_is_not_brought_back_by_sending_it_again(cast: Cast) -> None:
    request, _ = adopt(cast.operator)
    cancel_request(request)
    again, is_new = adopt(cast.operator, request.revisions.get())
    assert (again, is_new) == (request, False)
    again.refresh_from_db()
    assert again.state == "cancelled"


@pytest.mark.parametrize("writes", [0, 1, 3])  # of two files for each of two small pictures
def test_a_storage_that_fails_leaves_nothing(cast: Cast, bucket: BucketServer, writes: int) -> None:
    revision = make_product(cast.operator).revisions.get()
    before = Picture.objects.count()
    bucket.fail_after(writes)
    with pytest.raises(StorageAway):
        adopt(cast.operator, revision)
    assert (Candidate.objects.count(), Picture.objects.count()) == (0, before)
    assert not revision.requests.exists()
    bucket.recover()
    assert adopt(cast.operator, revision)[1]
