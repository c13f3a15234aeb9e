"""Gold: an admin says what the right verdict on an image is, after people have judged it."""

from collections.abc import Sequence

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from generation.variants import VARIANTS
from reviews.models import Decision, GoldVerdict, ItemCandidate
from reviews.services.refusals import Refusal


class GoldRefused(Refusal):
    """What was sent is no right answer for this image."""

    code = "gold_refused"


def set_gold(entry: ItemCandidate, by: User, *, approved: bool, codes: Sequence[str] = ()) -> GoldVerdict:
    """Hold this to be the right verdict on an image of an item, in place of an earlier one; the history keeps both.

    Only after at least one decision: gold must never be a hint. Raises GoldRefused.
    """
    checked = _check(entry, approved, codes)
    with transaction.atomic(), pghistory.context(user=by.pk):
        if not Decision.objects.filter(slot__item=entry.item_id).exists():
            raise GoldRefused(_("Nobody has decided on this item yet. Set what is right afterwards."))
        if entry.item.queue.is_calibration:
            raise GoldRefused(_("This shows a known item. Set what is right where it was first judged."))
        values = {"approved": approved, "codes": checked, "set_by": by}
        return GoldVerdict.objects.update_or_create(item_candidate=entry, defaults=values)[0]


def remove_gold(entry: ItemCandidate, by: User) -> bool:
    """Take the right answer away; whether there was one."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        return GoldVerdict.objects.filter(item_candidate=entry).delete()[0] > 0


def _check(entry: ItemCandidate, approved: bool, codes: Sequence[str]) -> list[str]:
    allowed = VARIANTS[entry.item.request.variant].defect_codes
    checked = list(dict.fromkeys(codes))
    if unknown := [code for code in checked if code not in allowed]:
        raise GoldRefused(_("This variant has no such defect: %(code)s") % {"code": unknown[0][:40]})
    if approved and checked:
        raise GoldRefused(_("An approved image has no defect."))
    if not approved and not checked:
        raise GoldRefused(_("Say what is wrong with a rejected image."))
    return checked
