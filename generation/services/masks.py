"""Masks that a person draws: strokes on a base, checked, and kept as a new revision of the same photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from accounts.idempotency import Once
from accounts.models import User
from generation.contracts import Mask, Stroke
from generation.contracts import gettext_noop as _
from generation.imaging.maskchecks import MaskNote, check_mask
from generation.imaging.strokes import apply_strokes
from generation.imaging.uploads import MAX_COVERAGE, MIN_COVERAGE
from generation.models import MaskProposal, Picture, ProductRevision
from generation.services.derivatives import load_fit, load_mask
from generation.services.products import Also, add_mask

NOTHING, PRESENT, PROPOSAL = "nothing", "present", "proposal"


class MaskRefused(Exception):
    """`code` is stable, `field` names what is wrong, `message` is a translatable sentence filled by `params`."""

    def __init__(self, code: str, field: str, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.code = code
        self.field = field
        self.message = message
        self.params = params


@dataclass(frozen=True)
class Base:
    """What strokes are drawn on: NOTHING, the PRESENT mask of the revision, or the PROPOSAL of that handle."""

    kind: str = NOTHING
    handle: UUID | None = None


def draw_mask(revision: ProductRevision, base: Base, strokes: Sequence[Stroke]) -> Mask:
    """Return the mask at full resolution; pixels that no stroke touches are exactly those of the base.

    Raises MaskRefused for a base that is not there, and for a mask that marks nothing or everything.
    """
    picture = _picture_of(revision, base)
    shape = (revision.photo.height, revision.photo.width)
    drawn = apply_strokes(load_mask(picture) if picture else np.zeros(shape, np.bool_), strokes)
    coverage = float(drawn.mean())
    if coverage < MIN_COVERAGE:
        raise MaskRefused("mask_empty", "strokes", _("The mask marks no product yet. Paint over the product first."))
    if coverage > MAX_COVERAGE:
        raise MaskRefused("mask_full", "strokes", _("The mask covers everything. Erase what is not the product."))
    return drawn


def save_mask(
    revision: ProductRevision, user: User, base: Base, strokes: Sequence[Stroke], *, seen: int,
    once: Once | None = None, also: Also | None = None,
) -> ProductRevision:  # fmt: skip
    """Make what was drawn the mask of a new revision with the same photo.

    `seen` is the newest revision that the person knew of: what was added meanwhile is not covered up unnoticed.
    Raises MaskRefused, and what `also` and idempotency.remember raise.
    """
    newest = revision.product.revisions.latest("number").number
    if newest > seen:
        raise MaskRefused(
            "newer_revision", "seen",
            _("Revision %(newest)d was added while you were drawing. Save again to put this mask on top of it."),
            newest=newest,
        )  # fmt: skip
    return add_mask(revision, user, draw_mask(revision, base, strokes), once=once, also=also)


def notes_of_drawn(revision: ProductRevision, mask: Mask) -> list[MaskNote]:
    """Return what a person should look at again in `mask`, judged beside the photo's preview."""
    return check_mask(load_fit(revision.photo), mask)


def notes_of_picture(revision: ProductRevision, mask: Picture | None) -> list[MaskNote]:
    """The same for a stored mask, by its preview. A file that is gone gives no notes: check_files tells of that."""
    try:
        return check_mask(load_fit(revision.photo), load_fit(mask)[..., 0] > 127) if mask else []
    except FileNotFoundError:
        return []


def _picture_of(revision: ProductRevision, base: Base) -> Picture | None:
    if base.kind == NOTHING:
        return None
    if base.kind == PRESENT:
        if revision.mask is None:
            raise MaskRefused("base", "base", _("This photo has no mask yet. Start from nothing."))
        return revision.mask
    rows = MaskProposal.objects.of_photo(revision).select_related("mask")
    proposal = rows.filter(handle=base.handle, mask__isnull=False).first() if base.handle else None
    if proposal is None:
        raise MaskRefused("base", "base", _("There is no such proposal for this photo. Start from something else."))
    return proposal.mask
