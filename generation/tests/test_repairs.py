"""Repairing a reported mask: a new revision and the same request again, together or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.files import StorageAway
from accounts.tests.bucket import BucketServer
from accounts.tests.factories import Cast, make_cast
from delivery.models import OutboxMessage
from generation.imaging.encoding import encode_mask
from generation.imaging.uploads import UploadRejected
from generation.models import GenerationRequest, MaskRepair, Picture, ProductRevision
from generation.services import products, repairs
from generation.services.requests import RequestRefused
from generation.tests.factories import make_request, make_revision
from generation.tests.image_cast import product_photo
from generation.tests.painting import HEIGHT, WIDTH, make_product, mask_of


def corrected() -> bytes:
    """Another mask for the photo of `make_product`."""
    _photo, drawn = product_photo(HEIGHT, WIDTH)
    drawn[: HEIGHT // 2] = False
    return encode_mask(drawn)


def reported(cast: Cast, **values: Any) -> MaskRepair:
    revision = make_product(cast.operator).revisions.get()
    request = make_request(cast.operator, revision=revision, state="ready", **values)
    with transaction.atomic():
        return repairs.report_mask(request, cast.reviewer, note="The cap is missing")


def _rows() -> tuple[int, int, int, int]:
    return (
        ProductRevision.objects.count(),
        GenerationRequest.objects.count(),
        Picture.objects.count(),
        OutboxMessage.objects.count(),
    )


def test_a_corrected_mask_is_a_revision_and_asks_for_the_same_again(cast: Cast) -> None:
    repair = reported(cast, candidate_count=3, steps=5, guidance=4.5, prompt="a bottle in the snow", seed=7)
    opened = repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type="image/png")
    before = repair.request
    assert (opened.variant, opened.prompt, opened.candidate_count, opened.steps, opened.guidance) == (
        before.variant, before.prompt, 3, 5, 4.5,
    )  # fmt: skip
    assert (opened.team, opened.created_by, opened.state) == (cast.team, cast.operator, "queued")
    revision = opened.revisions.get()
    assert (revision.number, revision.photo, revision.created_by) == (2, repair.revision.photo, cast.operator)
    assert not mask_of(revision)[: HEIGHT // 2].any() and mask_of(revision).any()
    repair.refresh_from_db()
    assert (repair.state, repair.new_revision, repair.new_request) == ("repaired", revision, opened)
    assert repair.closed_by == cast.operator and repair.closed_at
    assert OutboxMessage.objects.filter(topic="request.opened", key=opened.pk).count() == 1


def test_a_new_seed_is_drawn(cast: Cast) -> None:
    repair = reported(cast, seed=7)
    assert repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type=None).seed != 7


def test_a_revision_made_meanwhile_is_asked_with(cast: Cast) -> None:
    repair = reported(cast)
    assert repairs.newest_later(repair) is None
    drawn = mask_of(repair.revision)
    drawn[: HEIGHT // 2] = False
    for _ in range(2):
        products.add_mask(repair.revision, cast.operator, drawn)
    newest = repairs.newest_later(repair)
    assert newest is not None and newest.number == 3
    opened = repairs.ask_again(repair, cast.operator, 2)
    assert opened.revisions.get().number == 2
    assert ProductRevision.objects.count() == 3


@pytest.mark.parametrize("number", [0, 1, 2, 3, 2_000_000_000])
def test_what_repairs_nothing_is_not_asked_with(cast: Cast, number: int) -> None:
    """The reported revision itself, a later one without a mask (2), and none at all."""
    repair = reported(cast)
    photo = repair.revision.photo
    product = repair.revision.product
    ProductRevision.objects.create(product=product, number=2, photo=photo, created_by=cast.operator)
    make_revision(cast.operator)
    before = _rows()
    with pytest.raises(RequestRefused, match="does not repair this mask"):
        repairs.ask_again(repair, cast.operator, number)
    assert _rows() == before
    repair.refresh_from_db()
    assert repair.state == "open"


@pytest.mark.parametrize("wrong", ["photo_size", "nothing", "no_picture"])
def test_a_mask_that_is_none_changes_nothing(cast: Cast, wrong: str) -> None:
    repair = reported(cast)
    sent = {"photo_size": encode_mask(product_photo(64, 64)[1]), "nothing": b"", "no_picture": b"<svg/>"}[wrong]
    before = _rows()
    with pytest.raises(UploadRejected):
        repairs.repair_mask(repair, cast.operator, mask_bytes=sent, mask_type="image/png")
    assert _rows() == before
    repair.refresh_from_db()
    assert repair.state == "open"


@pytest.mark.parametrize("writes", [0, 1])  # a small mask is two files: itself and one preview
def test_a_storage_that_fails_leaves_nothing_half_done(cast: Cast, bucket: BucketServer, writes: int) -> None:
    repair = reported(cast)
    before = _rows()
    bucket.fail_after(writes)
    with pytest.raises(StorageAway):
        repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type="image/png")
    assert _rows() == before
    repair.refresh_from_db()
    assert repair.state == "open"
    bucket.recover()
    assert repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type="image/png").pk


def test_a_request_that_cannot_be_opened_leaves_no_revision(cast: Cast) -> None:
    repair = reported(cast, steps=999)
    before = _rows()
    with pytest.raises(RequestRefused):
        repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type="image/png")
    assert _rows() == before


def test_what_is_settled_is_settled(cast: Cast) -> None:
    repair = reported(cast)
    repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type="image/png")
    before = _rows()
    late = MaskRepair.objects.get()
    for again in (
        lambda: repairs.repair_mask(late, cast.admin, mask_bytes=corrected(), mask_type="image/png"),
        lambda: repairs.ask_again(late, cast.admin, 2),
        lambda: repairs.keep_mask(late, cast.admin),
        lambda: repairs.take_back(late, cast.reviewer),
    ):
        with pytest.raises(repairs.RepairClosed, match="has been repaired"):
            again()
    assert _rows() == before


def test_one_report_of_a_request_is_open_at_a_time(cast: Cast) -> None:
    repair = reported(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        repairs.report_mask(repair.request, cast.reviewer)
    repairs.keep_mask(repair, cast.operator)
    with transaction.atomic():
        repairs.report_mask(repair.request, cast.reviewer)


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_ask_again_once() -> None:
    cast = make_cast()
    repair = reported(cast)
    sent = corrected()

    start = Barrier(4)

    def work(number: int) -> str:
        mine = MaskRepair.objects.select_related("revision__photo").get(pk=repair.pk)
        start.wait(30)
        try:
            if number == 0:
                repairs.keep_mask(mine, cast.admin)
            else:
                repairs.repair_mask(mine, cast.operator, mask_bytes=sent, mask_type="image/png")
        except repairs.RepairClosed:
            return "late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == ["done", "late", "late", "late"]
    repair.refresh_from_db()
    repaired = repair.state == "repaired"
    assert GenerationRequest.objects.count() == ProductRevision.objects.count() == (2 if repaired else 1)
