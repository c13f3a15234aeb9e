"""Beginning a rework as it was seen, stopping it, and beginning its undo."""

from datetime import timedelta

import pghistory
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from delivery import outbox
from generation.lifecycle import IllegalMove, move
from reviews.models import Queue, ReviewItem, Rework, ReworkItem
from reviews.models.rework import ReworkItemState, ReworkKind, ReworkState
from reviews.rework import Act, Choice
from reviews.services.refusals import Conflict, Refusal
from reviews.services.reworks.effects import AT_ONCE, Effect, ReworkChanged, effect_of, newest_of
from reviews.services.reworks.running import TOPIC, run_slice

LONGEST_REASON = 500
_BATCH = 5000
_SECONDS_AT_ONCE = 8.0
_SPARE = timedelta(seconds=60)
"""A worker looks after what is done at once, in case whoever does it dies."""


class NotToBeUndone(Conflict):
    code = "not_to_be_undone"


class NotToBeCancelled(Conflict):
    code = "not_to_be_cancelled"


def confirm(
    team: Team, by: User, choice: Choice, act: Act, reason: str, *, seen: str, once: Once | None = None
) -> Rework:
    """Do what an effect with the fingerprint `seen` showed; of up to AT_ONCE items it is done when this returns.

    Raises Refusal, ReworkChanged when it would do something else by now, and what `once` raises. Then nothing was done.
    """
    reason = checked_reason(reason)
    with transaction.atomic(), pghistory.context(user=by.pk):
        # One admin at a time: two who confirm the same see what the other has begun.
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        effect = effect_of(team, choice, act, up_to=newest_of(seen))
        if not effect.count or not effect.is_what_was(seen):
            raise ReworkChanged(_("Something has changed since this was shown. Look again; nothing was done."))
        rework = _begun(team, by, choice, act, reason, effect)
        remember(once, rework.pk)
    return _at_once(rework, effect.count)


def review_again(item: ReviewItem, by: User, reason: str) -> ReviewItem:
    """Let one resolved item be judged again; the visit that was made. Raises Refusal and ReworkChanged."""
    act, choice = Act(ReworkKind.REVIEW_AGAIN), Choice(handles=(item.handle,))
    effect = effect_of(item.queue.team, choice, act)
    if not effect.count:
        raise ReworkChanged(_("It waits to be judged already, or was withdrawn. Nothing was changed."))
    rework = confirm(item.queue.team, by, choice, act, reason, seen=effect.seen)
    made = rework.items.select_related("made").get().made
    if made is None:
        raise ReworkChanged(_("It waits to be judged already, or was withdrawn. Nothing was changed."))
    return made


def cancel_rework(rework: Rework, by: User) -> None:
    """Stop it after its slice; what is done stays, and can be undone. Raises NotToBeCancelled."""
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            move(rework, ReworkState.CANCELLED, attempt_token=None, ended_at=Now())
    except IllegalMove as refused:
        raise NotToBeCancelled(_("It has ended already; nothing was changed.")) from refused


def undo_rework(rework: Rework, by: User) -> Rework:
    """Put back every item on which nobody has gone on since; the others are left and listed. Once.

    Raises NotToBeUndone.
    """
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            undone = {"undone_by": by, "undone_at": Now()}
            move(rework, ReworkState.UNDO_QUEUED, only_if={"items_done__gt": 0}, **undone)
            _post(rework, rework.items_done)
    except IllegalMove as refused:
        raise NotToBeUndone(_("It was undone already, or is still being done; nothing was changed.")) from refused
    return _at_once(rework, rework.items_done)


def checked_reason(reason: str) -> str:
    """Raises Refusal."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Refusal(_("Say why, in at most 500 characters."))
    return reason


def _begun(team: Team, by: User, choice: Choice, act: Act, reason: str, effect: Effect) -> Rework:
    rework = Rework.objects.create(
        team=team, kind=act.kind, reason=reason, done_by=by, state=ReworkState.QUEUED, items_total=effect.count,
        said={"choice": choice.as_json(), "act": act.as_json(), "names": _names(choice, act)},
    )  # fmt: skip
    # The newest first: what came of an item is settled before the item itself.
    keys = effect.keys[::-1]
    for start in range(0, len(keys), _BATCH):
        ReworkItem.objects.bulk_create(
            ReworkItem(rework=rework, item_id=key, state=ReworkItemState.WAITING)
            for key in keys[start : start + _BATCH]
        )
    _post(rework, effect.count)
    return rework


def _names(choice: Choice, act: Act) -> dict[str, str]:
    """What the queues were called at the time."""
    wanted = {"queue": choice.queue, "to_queue": act.to_queue}
    found = dict(Queue.objects.filter(pk__in=[key for key in wanted.values() if key]).values_list("pk", "name"))
    return {name: found[key] for name, key in wanted.items() if key in found}


def _post(rework: Rework, count: int) -> None:
    outbox.post(TOPIC, rework.pk, delay=timedelta(0) if count > AT_ONCE else _SPARE)


def _at_once(rework: Rework, count: int) -> Rework:
    if count <= AT_ONCE:
        run_slice(rework, _SECONDS_AT_ONCE)
    rework.refresh_from_db()
    return rework
