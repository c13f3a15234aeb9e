"""Masks that are proposed for a photo, by a segmenter or as a file, for a person to look at before they count."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.idempotency import Once, remember
from accounts.models import User
from delivery import outbox
from generation.contracts import EngineError, Rectangle, Segmenter, Stroke
from generation.contracts import gettext_noop as _
from generation.imaging.strokes import read_strokes
from generation.imaging.uploads import MAX_COVERAGE, MIN_COVERAGE, read_mask
from generation.lifecycle import move
from generation.models import MaskProposal, ProductRevision
from generation.registries import BY_RECTANGLE, SEGMENTERS
from generation.services.attempts import PROPOSING, Attempt, run_attempt
from generation.services.derivatives import load_image, save_picture, write_mask
from generation.services.masks import MaskRefused

LoadSegmenter = Callable[[str], Segmenter]
"""Turns a key of SEGMENTERS into a machine that is ready to work; raises EngineError."""

_S = MaskProposal.State


def offered_segmenters() -> dict[str, str]:
    """What people can ask for a mask on this installation: key -> label, translatable."""
    keys = [BY_RECTANGLE, *([settings.SEGMENTER] if settings.SEGMENTER in SEGMENTERS else [])]
    return {key: SEGMENTERS[key][0] for key in keys}


def ask_for_mask(
    revision: ProductRevision, user: User, *, segmenter: str, rectangle: Rectangle | None = None,
    hints: Sequence[Stroke] = (), once: Once | None = None,
) -> MaskProposal:  # fmt: skip
    """Ask a segmenter for a mask of the revision's photo. Raises MaskRefused, and what idempotency.remember raises."""
    if segmenter not in offered_segmenters():
        raise MaskRefused("segmenter", "segmenter", _("This segmenter is not offered here."))
    if segmenter == BY_RECTANGLE and rectangle is None:
        raise MaskRefused("rectangle_missing", "rectangle", _("Draw a rectangle around the product first."))
    with transaction.atomic():
        proposal = MaskProposal.objects.create(
            revision=revision, segmenter=segmenter, rectangle=asdict(rectangle) if rectangle else None,
            hints=[asdict(stroke) for stroke in hints], created_by=user,
        )  # fmt: skip
        remember(once, proposal.pk)
        outbox.post("mask.asked", proposal.pk)
    return proposal


def upload_mask(
    revision: ProductRevision, user: User, *, mask_bytes: bytes, mask_type: str | None, once: Once | None = None
) -> MaskProposal:
    """Keep a mask file as a proposal, to be looked at over the photo before it counts. Raises UploadRejected."""
    mask = read_mask(mask_bytes, mask_type, (revision.photo.height, revision.photo.width))
    drawn = write_mask(revision.product.team, mask)
    with transaction.atomic():
        proposal = MaskProposal.objects.create(
            revision=revision, mask=save_picture(drawn), state=_S.READY, created_by=user, ended_at=Now()
        )
        remember(once, proposal.pk)
    return proposal


def cancel_proposal(proposal: MaskProposal) -> None:
    """Nobody waits for it any more. Raises IllegalMove when it has ended."""
    move(proposal, _S.CANCELLED, attempt_token=None, ended_at=Now())


def propose_mask(proposal: MaskProposal, load: LoadSegmenter) -> bool:
    """Let the segmenter work; returns whether this call did it. Called twice, or beside a live attempt: nothing."""
    return run_attempt(proposal, PROPOSING, lambda attempt: _propose(proposal, load, attempt))


def _propose(proposal: MaskProposal, load: LoadSegmenter, attempt: Attempt) -> None:
    revision = proposal.revision
    segmenter = load(proposal.segmenter)
    photo = load_image(revision.photo)
    rectangle = Rectangle(**proposal.rectangle) if proposal.rectangle else None
    mask = segmenter.segment(photo, rectangle, read_strokes(proposal.hints))
    if mask.shape != photo.shape[:2] or not MIN_COVERAGE <= float(mask.mean()) <= MAX_COVERAGE:
        raise EngineError(_("The segmenter found no product with a scene around it. Draw the mask."), permanent=True)
    drawn = write_mask(revision.product.team, mask)
    attempt.check()
    with transaction.atomic():
        attempt.finish(_S.READY, ended_at=Now())
        MaskProposal.objects.filter(pk=proposal.pk).update(mask=save_picture(drawn))
