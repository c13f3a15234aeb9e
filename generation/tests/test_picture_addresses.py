"""A preview is served to its own team, under an address that never changes; an original has none."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from accounts.tests.factories import Cast
from generation.models import Picture
from generation.services.derivatives import store_picture
from generation.tests.api_calls import api
from generation.tests.image_cast import product_photo


@pytest.fixture
def picture(cast: Cast) -> Picture:
    return store_picture(cast.team, product_photo(400, 600)[0], lossless=True)


def test_a_preview_is_kept_for_ever_and_by_its_browser_alone(cast: Cast, picture: Picture) -> None:
    answer = api(cast.reviewer).get(f"/pictures/{picture.thumb_name}")
    assert answer.status_code == 200
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    shown = np.asarray(Pillow.open(io.BytesIO(b"".join(answer.streaming_content))))  # type: ignore[attr-defined]
    assert shown.shape == (171, 256, 3)


def test_who_has_it_gets_no_bytes(cast: Cast, picture: Picture) -> None:
    client = api(cast.reviewer)
    etag = client.get(f"/pictures/{picture.fit_name}")["ETag"]
    answer = client.get(f"/pictures/{picture.fit_name}", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert "immutable" in answer["Cache-Control"]
    assert client.get(f"/pictures/{picture.fit_name}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_an_original_has_no_address(cast: Cast, picture: Picture) -> None:
    for person in (cast.admin, cast.operator):
        assert api(person).get(f"/pictures/{picture.name}").status_code == 404


def test_another_team_is_not_told_that_it_is_there(cast: Cast, picture: Picture) -> None:
    client = api(cast.stranger)
    there = client.get(f"/pictures/{picture.fit_name}")
    not_there = client.get("/pictures/ab/cd/nothing.webp")
    assert there.status_code == not_there.status_code == 404
    assert client.get(f"/pictures/{picture.fit_name}", headers={"If-None-Match": "*"}).status_code == 404


def test_a_file_that_is_gone_is_not_found(cast: Cast, picture: Picture) -> None:
    Picture.objects.filter(pk=picture.pk).update(fit_name="gone.webp")
    assert api(cast.operator).get("/pictures/gone.webp").status_code == 404
