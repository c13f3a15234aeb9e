"""An unsuitable photo: the item leaves as with a wrong mask, and only another photo, or none wrong, brings it back."""

import pytest

from accounts.tests.factories import Cast
from generation.models import GenerationRequest, MaskRepair, ProductRevision
from generation.services import repairs
from generation.services.requests import RequestRefused
from generation.tests.factories import make_picture, make_revision
from generation.tests.test_repairs import corrected
from reviews.models import Decision, Outcome, PreferencePair
from reviews.services import decisions, queue, withdrawals
from reviews.services.bundles import SourceReport
from reviews.services.refusals import ItemWithdrawn, MaskSettled
from reviews.tests.factories import assert_books_balance, claimed, decide, make_item, make_queue, token_of, used


def _reported(cast: Cast, overlap: int = 1) -> MaskRepair:
    make_queue(cast.team, overlap=overlap)
    make_item(cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer), [], unsuitable_source=SourceReport("Out of focus"))
    return MaskRepair.objects.get()


def test_the_item_is_withdrawn_for_everybody(cast: Cast) -> None:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator, 2)
    theirs = claimed(cast.second_reviewer)
    decision = decide(cast.reviewer, claimed(cast.reviewer), [], unsuitable_source=SourceReport("Out of focus"))
    item.refresh_from_db()
    assert (item.state, decision.kind) == ("withdrawn", "unsuitable_source")
    assert set(Outcome.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert not PreferencePair.objects.exists() and not decision.verdicts.exists()
    with pytest.raises(ItemWithdrawn, match="photo of this item is unsuitable"):
        queue.extend(token_of(theirs), cast.second_reviewer)
    assert (used(cast.reviewer), used(cast.second_reviewer)) == (2, 0)
    assert_books_balance()


def test_the_operators_get_the_photo_with_the_reason(cast: Cast) -> None:
    repair = _reported(cast)
    assert (repair.reason, repair.note, repair.reported_by) == ("source", "Out of focus", cast.reviewer)


def test_found_fine_it_goes_back_to_review(cast: Cast) -> None:
    repair = _reported(cast)
    repairs.keep_mask(repair, cast.operator)
    assert withdrawals.reopen_kept(repair)
    with pytest.raises(MaskSettled, match="found the photo fine"):
        decisions.undo(cast.reviewer, Decision.objects.get())
    assert claimed(cast.second_reviewer).item.request == repair.request
    assert_books_balance()


def test_taken_back_it_comes_again(cast: Cast) -> None:
    repair = _reported(cast)
    assert decisions.undo(cast.reviewer).state == "leased"
    repair.refresh_from_db()
    assert repair.state == "taken_back"


def test_a_mask_alone_does_not_repair_it(cast: Cast) -> None:
    repair = _reported(cast)
    with pytest.raises(RequestRefused, match="another photo"):
        repairs.repair_mask(repair, cast.operator, mask_bytes=corrected(), mask_type="image/png")
    before = repair.revision
    same_photo = ProductRevision.objects.create(
        product=before.product, number=2, photo=before.photo, mask=make_picture(cast.team), mask_coverage=0.3,
        created_by=cast.operator,
    )  # fmt: skip
    assert repairs.newest_later(repair) is None
    with pytest.raises(RequestRefused, match="no other photo"):
        repairs.ask_again(repair, cast.operator, same_photo.number)
    repair.refresh_from_db()
    assert repair.state == "open" and GenerationRequest.objects.count() == 1


def test_a_later_revision_with_another_photo_does(cast: Cast) -> None:
    repair = _reported(cast)
    later = make_revision(cast.operator, repair.revision.product)
    assert repairs.newest_later(repair) == later
    opened = repairs.ask_again(repair, cast.operator, later.number)
    repair.refresh_from_db()
    assert (repair.state, repair.new_revision, repair.new_request) == ("repaired", later, opened)
    with pytest.raises(MaskSettled, match="photo has been replaced"):
        decisions.undo(cast.reviewer)
