"""A wrong mask or an unsuitable photo: reported by a reviewer; repaired and asked again, or found to be right, by an
operator."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from delivery import outbox
from generation.contracts import gettext_noop as noop
from generation.imaging.uploads import read_mask
from generation.lifecycle import IllegalMove, move
from generation.models import GenerationRequest, MaskRepair, ProductRevision
from generation.models.repairs import RepairReason, RepairState
from generation.services.products import Also, add_mask
from generation.services.requests import RequestRefused, open_repair

_TOO_EARLY = {
    RepairReason.MASK: noop("Revision %(number)d does not repair this mask: name a later one that has a mask."),
    RepairReason.SOURCE: noop("Revision %(number)d has no other photo with a mask: name a later one that has."),
}


class RepairClosed(IllegalMove):
    """Somebody has settled this report already; the sentence says how. It can no longer be changed."""

    def __init__(self, repair: MaskRepair, target: str) -> None:
        super().__init__(repair, target)
        self.args = (_settled(repair),)


def _settled(repair: MaskRepair) -> str:
    is_source = repair.reason == RepairReason.SOURCE
    if repair.state == RepairState.REPAIRED:
        if is_source:
            return _("The photo has been replaced and candidates were asked for again; nothing was changed.")
        return _("The mask has been repaired and candidates were asked for again; nothing was changed.")
    if repair.state == RepairState.KEPT:
        if is_source:
            return _("An operator has found the photo fine and given it back to review; nothing was changed.")
        return _("An operator has found the mask right and given it back to review; nothing was changed.")
    return _("The reviewer has taken the report back; nothing was changed.")


def report_mask(
    request: GenerationRequest,
    user: User,
    *,
    reason: str = RepairReason.MASK,
    note: str = "",
    marks: Sequence[Mapping[str, float]] = (),
) -> MaskRepair:
    """Put the mask (or the photo) of the request's first product before the operators. Call it in the transaction that
    judged it.

    One report a request can be open: the caller holds what keeps a second one out (reviews: the item).
    """
    placed = request.request_products.select_related("revision").first()
    if placed is None:
        raise ValueError(f"request {request.pk} has no product whose mask could be wrong")
    return MaskRepair.objects.create(
        team_id=request.team_id,
        request=request,
        revision=placed.revision,
        reason=reason,
        note=note,
        marks=list(marks),
        reported_by=user,
    )


def take_back(repair: MaskRepair, user: User) -> None:
    """The reviewer did not mean it. Call it in the transaction of the undo. Raises RepairClosed."""
    _settle(repair, RepairState.TAKEN_BACK, user)


def keep_mask(repair: MaskRepair, user: User) -> None:
    """The mask is right, or the photo is fine: what was withdrawn for it goes back to review. Raises RepairClosed."""
    with transaction.atomic():
        _settle(repair, RepairState.KEPT, user)
        outbox.post("mask.kept", repair.pk)


def repair_mask(repair: MaskRepair, user: User, *, mask_bytes: bytes, mask_type: str | None) -> GenerationRequest:
    """Make the corrected mask a new revision and ask for the same again with it, in one step.

    The files are written first; then one transaction makes the revision, the request and the end of the report, or
    none of them. Raises UploadRejected, RepairClosed, RequestRefused where another photo is wanted, and what opening
    a request raises.
    """
    _refuse_a_mask_alone(repair)
    photo = repair.revision.photo
    mask = read_mask(mask_bytes, mask_type, (photo.height, photo.width))
    add_mask(repair.revision, user, mask, also=answer(repair, user))
    return cast(GenerationRequest, repair.new_request)


def answer(repair: MaskRepair, user: User) -> Also:
    """What a revision with the corrected mask does in its own transaction: it ends the report and asks again.

    Raises RepairClosed, which must roll that transaction back, RequestRefused where another photo is wanted, and what
    opening a request raises.
    """
    _refuse_a_mask_alone(repair)

    def end(revision: ProductRevision) -> None:
        _hold(repair, RepairState.REPAIRED)
        _ask_again(repair, revision, user)

    return end


def ask_again(repair: MaskRepair, user: User, number: int) -> GenerationRequest:
    """Ask for the same again with revision `number`, made meanwhile: one that `newest_later` could name.

    Raises RepairClosed, RequestRefused for any other number, and what opening a request raises.
    """
    with transaction.atomic():
        _hold(repair, RepairState.REPAIRED)
        revision = _later(repair).filter(number=number).first()
        if revision is None:
            raise RequestRefused(
                "revision_unknown",
                "revision",
                _TOO_EARLY[RepairReason(repair.reason)],
                number=number,
            )
        return _ask_again(repair, revision, user)


def newest_later(repair: MaskRepair) -> ProductRevision | None:
    """The newest revision of the product that was made after the one reported and has what it needs: a mask, and for
    an unsuitable photo another one."""
    return _later(repair).order_by("-number").first()


def _later(repair: MaskRepair) -> QuerySet[ProductRevision]:
    later = repair.revision.product.revisions.with_mask().filter(number__gt=repair.revision.number)
    return later.exclude(photo=repair.revision.photo_id) if repair.reason == RepairReason.SOURCE else later


def _refuse_a_mask_alone(repair: MaskRepair) -> None:
    if repair.reason == RepairReason.SOURCE:
        said = noop("It is the photo that is unsuitable: add a revision with another photo, then ask again with it.")
        raise RequestRefused("photo_wanted", "mask", said)


def _ask_again(repair: MaskRepair, revision: ProductRevision, user: User) -> GenerationRequest:
    opened = open_repair(repair, revision, user)
    _settle(repair, RepairState.REPAIRED, user, new_revision=revision, new_request=opened)
    return opened


def _hold(repair: MaskRepair, target: str) -> None:
    """Let one operator at a time settle this report: the second one waits here and then finds it settled."""
    MaskRepair.objects.select_for_update(no_key=True).get(pk=repair.pk)
    repair.refresh_from_db(fields=["state"])
    if repair.state != RepairState.OPEN:
        raise RepairClosed(repair, target)


def _settle(repair: MaskRepair, target: str, user: User, **values: Any) -> None:
    try:
        move(repair, target, closed_by=user, closed_at=Now(), **values)
    except IllegalMove as refused:
        repair.refresh_from_db(fields=["state"])
        raise RepairClosed(repair, target) from refused
