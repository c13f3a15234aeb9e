"""Products come in whole or not at all, and their revisions never change."""

from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import Cast
from generation.imaging.encoding import encode_mask, encode_png
from generation.imaging.uploads import UploadRejected
from generation.models import GenerationRequest, Product, ProductRevision
from generation.services.derivatives import load_image
from generation.services.products import ProductRefused, add_revision, create_product
from generation.services.requests import RequestRefused, open_request
from generation.tests.image_cast import product_photo
from generation.tests.painting import make_product, mask_of
from generation.variants import DEFAULT_VARIANT

PHOTO, MASK = product_photo(192, 256)


def create(user: User, photo: bytes, mask: bytes | None = None, **words: str) -> Product:
    assert user.team is not None
    given: dict[str, Any] = {"title": "Mug", "category": "", "external_id": ""} | words
    return create_product(
        user.team, user, photo_bytes=photo, photo_type="image/png", mask_bytes=mask, mask_type=None, **given
    )


def _ask(user: User, revision: ProductRevision) -> GenerationRequest:
    assert user.team is not None
    return open_request(user.team, user, revisions=[revision], variant=DEFAULT_VARIANT, prompt="a mug")


def test_a_product_has_its_photo_and_mask(cast: Cast) -> None:
    revision = make_product(cast.operator).revisions.get()
    assert revision.number == 1
    np.testing.assert_array_equal(load_image(revision.photo), PHOTO)
    np.testing.assert_array_equal(mask_of(revision), MASK)
    assert revision.mask_coverage == pytest.approx(MASK.mean())


def test_a_transparent_background_draws_the_mask(cast: Cast) -> None:
    cut_out = np.dstack([PHOTO, MASK.astype(np.uint8) * 255])
    revision = create(cast.operator, encode_png(cut_out)).revisions.get()
    np.testing.assert_array_equal(mask_of(revision), MASK)


def test_a_photo_without_a_mask_waits_for_one(cast: Cast) -> None:
    product = create(cast.operator, encode_png(PHOTO))
    first = product.revisions.get()
    assert (first.mask, first.mask_coverage) == (None, None)
    with pytest.raises(RequestRefused) as refusal:
        _ask(cast.operator, first)
    assert refusal.value.code == "mask_missing"
    second = add_revision(product, cast.operator, mask_bytes=encode_mask(MASK))
    assert (second.number, second.photo) == (2, first.photo)
    assert _ask(cast.operator, second).revisions.get() == second


def test_a_mask_of_another_size_is_refused(cast: Cast) -> None:
    with pytest.raises(UploadRejected) as refusal:
        create(cast.operator, encode_png(PHOTO), encode_mask(product_photo(96, 128)[1]))
    assert refusal.value.code == "mask_size"
    assert not Product.objects.exists()


def test_words_are_cleaned(cast: Cast) -> None:
    product = make_product(cast.operator, title="  Red\n\x00 mug \u202e", category="Mug\ud800")
    assert (product.title, product.category) == ("Red mug", "Mug")


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        ({"title": " \n"}, "title_missing", "title"),
        ({"title": "x" * 201}, "too_long", "title"),
        ({"external_id": "x" * 121}, "too_long", "external_id"),
    ],
)
def test_unfit_words_are_refused(cast: Cast, words: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(ProductRefused) as refusal:
        make_product(cast.operator, **words)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_an_external_id_is_taken_once_a_team(cast: Cast) -> None:
    make_product(cast.operator, external_id="A-1")
    with pytest.raises(ProductRefused) as refusal:
        make_product(cast.operator, external_id=" A-1")
    assert refusal.value.code == "external_id_taken"
    make_product(cast.stranger, external_id="A-1")
    assert Product.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_the_external_id(cast: Cast) -> None:
    start = Barrier(2)
    refused: list[str] = []

    def send() -> None:
        start.wait()
        try:
            make_product(cast.operator, external_id="A-1")
        except ProductRefused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["external_id_taken"]
    assert Product.objects.get().revisions.count() == 1


def test_a_better_mask_is_a_new_revision_of_the_same_photo(cast: Cast) -> None:
    product = make_product(cast.operator)
    better = MASK.copy()
    better[:, :120] = False
    revision = add_revision(product, cast.operator, mask_bytes=encode_mask(better), mask_type="image/png")
    first = product.revisions.get(number=1)
    assert (revision.number, revision.photo) == (2, first.photo)
    np.testing.assert_array_equal(mask_of(revision), better)
    np.testing.assert_array_equal(mask_of(first), MASK)


def test_a_revision_of_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(ProductRefused):
        add_revision(make_product(cast.operator), cast.operator)
