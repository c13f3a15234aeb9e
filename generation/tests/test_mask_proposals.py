"""A proposal is made by a worker, once, whatever happens to the worker; and an uploaded mask is one from the start."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.contracts import EngineError, Image, Mask, Rectangle, Stroke
from generation.imaging.encoding import encode_mask
from generation.imaging.uploads import UploadRejected
from generation.lifecycle import IllegalMove
from generation.models import MaskProposal
from generation.services.derivatives import load_mask
from generation.services.masks import MaskRefused
from generation.services.proposals import (
    ask_for_mask,
    cancel_proposal,
    offered_segmenters,
    propose_mask,
    upload_mask,
)
from generation.services.sweeping import restart_silent_work
from generation.tasks.masks import propose_mask as task
from generation.tests.image_cast import product_photo
from generation.tests.painting import make_unmasked_product

AROUND = Rectangle(0.3, 0.2, 0.7, 0.9)


class Cutter:
    """A segmenter whose answer is known, or that breaks; remembers what it was shown."""

    def __init__(self, mask: Mask | None = None, error: Exception | None = None) -> None:
        self.mask, self.error = mask, error
        self.seen: list[tuple[Image, Rectangle | None, Sequence[Stroke]]] = []

    def load(self, key: str) -> "Cutter":
        self.key = key
        return self

    def segment(self, photo: Image, rectangle: Rectangle | None, hints: Sequence[Stroke] = ()) -> Mask:
        self.seen.append((photo, rectangle, hints))
        if self.error:
            raise self.error
        return product_photo()[1] if self.mask is None else self.mask


def asked(user: User, **values: object) -> MaskProposal:
    revision = make_unmasked_product(user).revisions.get()
    arguments = {"segmenter": "grabcut", "rectangle": AROUND} | values
    proposal = ask_for_mask(revision, user, **arguments)  # type: ignore[arg-type]
    return MaskProposal.objects.get(pk=proposal.pk)


def test_asking_writes_the_proposal_and_what_must_follow(cast: Cast) -> None:
    hint = Stroke("brush", 0.02, ((0.5, 0.5), (0.6, 0.5)))
    proposal = asked(cast.operator, hints=[hint])
    assert (proposal.state, proposal.mask) == ("queued", None)
    message = OutboxMessage.objects.latest("pk")
    assert (message.topic, message.key) == ("mask.asked", proposal.pk)
    cutter = Cutter()
    assert propose_mask(proposal, cutter.load) is True
    photo, rectangle, hints = cutter.seen[0]
    assert photo.shape == (192, 256, 3)
    assert rectangle == AROUND
    assert tuple(hints) == (hint,)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.attempt_token, cutter.key) == ("ready", None, "grabcut")
    assert proposal.ended_at is not None
    assert proposal.mask is not None
    assert np.array_equal(load_mask(proposal.mask), product_photo()[1])


def test_the_task_cuts_the_product_out(cast: Cast) -> None:
    proposal = asked(cast.operator)
    task(proposal.pk)
    proposal.refresh_from_db()
    assert proposal.mask is not None
    found, exact = load_mask(proposal.mask), product_photo()[1]
    assert (found & exact).sum() / (found | exact).sum() > 0.95


def test_a_second_delivery_does_nothing(cast: Cast) -> None:
    proposal = asked(cast.operator)
    propose_mask(proposal, Cutter().load)
    again = Cutter()
    assert propose_mask(MaskProposal.objects.get(), again.load) is False
    assert again.seen == []


def test_a_worker_that_was_killed_is_followed_by_another(cast: Cast) -> None:
    proposal = asked(cast.operator)
    long_ago = timezone.now() - timedelta(seconds=61)
    MaskProposal.objects.update(state="running", attempt_token=uuid.uuid4(), attempts=1, heartbeat_at=long_ago)
    OutboxMessage.objects.all().delete()
    assert restart_silent_work(frozenset()) == 1
    assert list(OutboxMessage.objects.values_list("topic", "key")) == [("mask.asked", proposal.pk)]
    assert propose_mask(MaskProposal.objects.get(), Cutter().load) is True
    assert MaskProposal.objects.get().state == "ready"


def test_a_message_that_the_broker_lost_is_posted_again(cast: Cast) -> None:
    asked(cast.operator)
    OutboxMessage.objects.all().delete()
    MaskProposal.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert restart_silent_work(frozenset({"cpu"})) == 1


def test_what_broke_is_tried_again_and_fails_after_three(cast: Cast) -> None:
    proposal = asked(cast.operator)
    for _ in range(3):
        assert propose_mask(MaskProposal.objects.get(), Cutter(error=RuntimeError("no memory")).load) is False
    proposal.refresh_from_db()
    assert (proposal.state, proposal.failure) == ("failed", "RuntimeError: no memory")
    assert proposal.ended_at is not None


@pytest.mark.parametrize(
    ("cutter", "words"),
    [
        (Cutter(error=EngineError("The folder is gone.", permanent=True)), "folder"),
        (Cutter(mask=np.zeros((192, 256), np.bool_)), "Draw the mask"),
        (Cutter(mask=np.ones((192, 256), np.bool_)), "Draw the mask"),
        (Cutter(mask=np.eye(64, dtype=np.bool_)), "Draw the mask"),
    ],
)
def test_what_can_never_work_fails_at_once(cast: Cast, cutter: Cutter, words: str) -> None:
    proposal = asked(cast.operator)
    propose_mask(proposal, cutter.load)
    proposal.refresh_from_db()
    assert proposal.state == "failed"
    assert words in proposal.failure
    assert proposal.mask is None


def test_a_cancelled_one_keeps_nothing_of_a_late_worker(cast: Cast) -> None:
    proposal = asked(cast.operator)

    class Slow(Cutter):
        def segment(self, photo: Image, rectangle: Rectangle | None, hints: Sequence[Stroke] = ()) -> Mask:
            cancel_proposal(MaskProposal.objects.get())
            return super().segment(photo, rectangle, hints)

    assert propose_mask(proposal, Slow().load) is False
    proposal.refresh_from_db()
    assert (proposal.state, proposal.mask) == ("cancelled", None)
    with pytest.raises(IllegalMove):
        cancel_proposal(proposal)


def test_only_what_the_settings_name_is_offered(cast: Cast) -> None:
    assert list(offered_segmenters()) == ["grabcut"]
    with pytest.raises(MaskRefused) as refused:
        asked(cast.operator, segmenter="transformers")
    assert refused.value.code == "segmenter"
    with pytest.raises(MaskRefused) as refused:
        asked(cast.operator, rectangle=None)
    assert refused.value.code == "rectangle_missing"
    with override_settings(SEGMENTER="transformers", SEGMENTER_MODEL="nowhere"):
        assert list(offered_segmenters()) == ["grabcut", "transformers"]
        proposal = asked(cast.operator, segmenter="transformers", rectangle=None)
        task(proposal.pk)
    proposal.refresh_from_db()
    assert proposal.state == "failed"
    assert "not on this machine" in proposal.failure


def test_an_uploaded_mask_is_a_proposal_at_once(cast: Cast) -> None:
    revision = make_unmasked_product(cast.operator).revisions.get()
    _photo, exact = product_photo()
    proposal = upload_mask(revision, cast.operator, mask_bytes=encode_mask(exact), mask_type="image/png")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.segmenter) == ("ready", "")
    assert proposal.mask is not None
    assert np.array_equal(load_mask(proposal.mask), exact)
    with pytest.raises(UploadRejected) as refused:
        upload_mask(revision, cast.operator, mask_bytes=encode_mask(exact[::2]), mask_type="image/png")
    assert refused.value.code == "mask_size"
    assert MaskProposal.objects.count() == 1
