"""What a person draws becomes the mask of a new revision: exact outside of the strokes, refused where it is none."""

import numpy as np
import pytest

from accounts.tests.factories import Cast
from generation.contracts import Rectangle, Stroke
from generation.imaging.encoding import encode_mask
from generation.models import MaskProposal, Product
from generation.services.masks import Base, MaskRefused, draw_mask, notes_of_drawn, notes_of_picture, save_mask
from generation.services.proposals import ask_for_mask, upload_mask
from generation.tests.image_cast import product_photo
from generation.tests.painting import make_product, make_unmasked_product, mask_of

DAB = Stroke("brush", 0.05, ((0.1, 0.1),))
LINE = Stroke("brush", 0.1, ((0.4, 0.5), (0.6, 0.5)))
EVERYTHING = Stroke("brush", 0.25, tuple((x / 8, y / 8) for y in range(9) for x in range(9)))


def test_strokes_on_nothing_become_a_revision_of_the_same_photo(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    first = product.revisions.get()
    revision = save_mask(first, cast.operator, Base(), [LINE], seen=1)
    assert (revision.number, revision.photo_id) == (2, first.photo_id)
    drawn = mask_of(revision)
    assert drawn[96, 128]
    assert revision.mask_coverage == pytest.approx(drawn.mean())
    assert not Product.objects.without_mask().exists()
    first.refresh_from_db()
    assert first.mask is None


def test_outside_of_the_strokes_the_base_stays_exact(cast: Cast) -> None:
    revision = make_product(cast.operator).revisions.get()
    exact = mask_of(revision)
    drawn = draw_mask(revision, Base("present"), [DAB])
    touched = draw_mask(revision, Base(), [DAB])
    assert drawn[touched].all()
    assert np.array_equal(drawn[~touched], exact[~touched])
    assert np.array_equal(mask_of(save_mask(revision, cast.operator, Base("present"), [], seen=1)), exact)


def test_a_proposal_is_a_base_for_its_own_photo_only(cast: Cast) -> None:
    revision = make_unmasked_product(cast.operator).revisions.get()
    _photo, exact = product_photo()
    proposal = upload_mask(revision, cast.operator, mask_bytes=encode_mask(exact), mask_type=None)
    base = Base("proposal", proposal.handle)
    second = save_mask(revision, cast.operator, base, [], seen=1)
    assert np.array_equal(mask_of(second), exact)
    assert np.array_equal(draw_mask(second, base, []), exact)  # the photo is the same
    elsewhere = make_unmasked_product(cast.operator).revisions.get()
    theirs = make_unmasked_product(cast.stranger).revisions.get()
    for other in (elsewhere, theirs):
        with pytest.raises(MaskRefused) as refused:
            draw_mask(other, base, [])
        assert refused.value.code == "base"


def test_a_base_that_is_not_there_is_refused(cast: Cast) -> None:
    revision = make_unmasked_product(cast.operator).revisions.get()
    waiting = ask_for_mask(revision, cast.operator, segmenter="grabcut", rectangle=Rectangle(0.3, 0.2, 0.7, 0.9))
    for base in (Base("present"), Base("proposal"), Base("proposal", waiting.handle)):
        with pytest.raises(MaskRefused) as refused:
            draw_mask(revision, base, [LINE])
        assert refused.value.code == "base"


def test_a_mask_of_nothing_or_of_everything_is_refused_and_changes_nothing(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    for strokes, code in (([], "mask_empty"), ([EVERYTHING], "mask_full")):
        with pytest.raises(MaskRefused) as refused:
            save_mask(product.revisions.get(), cast.operator, Base(), strokes, seen=1)
        assert refused.value.code == code
    assert product.revisions.count() == 1
    assert not MaskProposal.objects.exists()


def test_what_came_meanwhile_is_not_covered_up_unnoticed(cast: Cast) -> None:
    product = make_product(cast.operator)
    first = product.revisions.get()
    save_mask(first, cast.operator, Base("present"), [DAB], seen=1)
    with pytest.raises(MaskRefused) as refused:
        save_mask(first, cast.operator, Base("present"), [], seen=1)
    assert refused.value.code == "newer_revision"
    assert "Revision 2" in str(refused.value)
    assert save_mask(first, cast.operator, Base("present"), [], seen=2).number == 3


def test_notes_come_from_previews_and_a_lost_file_gives_none(cast: Cast) -> None:
    revision = make_product(cast.operator).revisions.get()
    assert notes_of_picture(revision, revision.mask) == []
    moved = np.roll(mask_of(revision), 30, axis=1)
    assert "off_edge" in {note.code for note in notes_of_drawn(revision, moved)}
    assert revision.mask is not None
    revision.mask.fit_name = "gone.webp"
    assert notes_of_picture(revision, revision.mask) == []
