"""Making and changing queues. A change holds from the next claim, or the next request that is scored, on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User
from reviews.models import Queue, QueueAudience, ReviewerGroup, Skill
from reviews.models.queues import JUDGING, ROUTED, QueuePurpose
from reviews.routing import BadCondition, check
from reviews.services.refusals import Refusal


class QueueRefused(Refusal):
    """`field` names what is wrong with the queue; empty when it is the whole."""

    code = "queue_refused"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Audience:
    """Who judges a queue: persons, groups, and who has a skill at a level at least. Nobody named: everybody."""

    reviewers: Collection[User] = ()
    groups: Collection[ReviewerGroup] = ()
    skills: Mapping[Skill, int] = field(default_factory=dict)


CALIBRATION = QueuePurpose.CALIBRATION
SETTINGS = (
    "name", "variant", "purpose", "position", "conditions", "overlap", "overlap_more", "overlap_share", "policy",
    "second_look_share", "gold_share", "top_ranks", "score_floor", "exploration_share", "score_weight",
    "uncertainty_weight", "reach_hours", "due_hours", "backlog_limit", "lease_seconds", "soft_lease_seconds",
)  # fmt: skip
"""What of a queue people settle."""


def save_queue(queue: Queue, by: User, values: Mapping[str, Any], audience: Audience | None = None) -> Queue:
    """Make a queue, which is asked first, or change one; with its audience, or leave that as it is. `by` is kept in the
    history.

    Raises QueueRefused; then nothing has changed.
    """
    changed, is_new = proposed(queue, values), queue._state.adding
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            changed.save(update_fields=None if is_new else SETTINGS)
            if is_new:
                # After a queue without conditions it would never take anything.
                _put(_ordered(changed), changed, 0)
            _hold_known_like_others(changed)
            if audience is not None:
                _settle_audience(changed, audience)
    except IntegrityError as taken:
        raise QueueRefused(_("Another queue of the team has this name."), "name") from taken
    return changed


def proposed(queue: Queue, values: Mapping[str, Any]) -> Queue:
    """The queue as it would be with these settings; not saved. Raises QueueRefused."""
    changed = Queue(**{column.attname: getattr(queue, column.attname) for column in Queue._meta.concrete_fields})
    changed._state.adding = queue._state.adding
    for name in SETTINGS:
        if name in values:
            setattr(changed, name, values[name])
    try:
        changed.conditions = check(changed.conditions)
    except BadCondition as bad:
        raise QueueRefused(_(bad.message) % bad.params, "conditions") from bad
    _check(changed)
    if CALIBRATION in {queue.purpose, changed.purpose} and queue.purpose != changed.purpose and _holds_items(queue):
        raise QueueRefused(
            _("This queue holds items already: what is known and what is not do not mix. Make another queue."),
            "purpose",
        )
    return changed


def _holds_items(queue: Queue) -> bool:
    return queue.pk is not None and queue.items.exists()


def _hold_known_like_others(queue: Queue) -> None:
    """How long somebody may hold an item must not tell that it is known: calibration takes over the variant's."""
    ours = Queue.objects.of_team(queue.team).filter(variant=queue.variant)
    like = ours.filter(purpose__in=ROUTED, is_closed=False).in_order().first()
    for known in ours.filter(purpose=CALIBRATION) if like else ():
        held = (known.lease_seconds, known.soft_lease_seconds)
        if like and held != (like.lease_seconds, like.soft_lease_seconds):
            known.lease_seconds, known.soft_lease_seconds = like.lease_seconds, like.soft_lease_seconds
            known.save(update_fields=["lease_seconds", "soft_lease_seconds"])


def _check(queue: Queue) -> None:
    try:
        queue.clean_fields(exclude=["team", "conditions"])
    except ValidationError as invalid:
        name, errors = next(iter(invalid.message_dict.items()))
        raise QueueRefused(errors[0], name) from invalid
    if queue.overlap_more is not None and queue.overlap_more <= queue.overlap:
        raise QueueRefused(_("Some items can only get more reviewers than the others."), "overlap_more")
    if queue.gold_share and queue.purpose not in ROUTED:
        raise QueueRefused(_("Known items are mixed into first reviews and comparisons only."), "gold_share")
    if queue.overlap_share and queue.overlap_more is None:
        raise QueueRefused(_("Say how many reviewers that share of the items gets."), "overlap_more")


def _settle_audience(queue: Queue, audience: Audience) -> None:
    named = set(queue.audience.exclude(reviewer=None).values_list("reviewer_id", flat=True))
    _refuse_strangers(queue.team, audience, named)
    wanted: set[tuple[int | None, int | None, int | None, int]] = set()
    wanted |= {(person.pk, None, None, 1) for person in audience.reviewers}
    wanted |= {(None, group.pk, None, 1) for group in audience.groups}
    wanted |= {(None, None, skill.pk, level) for skill, level in audience.skills.items()}
    there = {(row.reviewer_id, row.group_id, row.skill_id, row.min_level): row for row in queue.audience.all()}
    # Only what differs is touched: the history tells who was added and who was taken away.
    QueueAudience.objects.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    QueueAudience.objects.bulk_create(
        QueueAudience(queue=queue, reviewer_id=person, group_id=group, skill_id=skill, min_level=level)
        for person, group, skill, level in sorted(wanted - there.keys(), key=str)
    )


def _refuse_strangers(team: Team, audience: Audience, named: Collection[int]) -> None:
    """Whoever is named already stays, whatever became of their role: without anybody the queue would be everybody's."""
    people = {person.pk for person in audience.reviewers}
    roles = dict(Membership.objects.filter(team=team, user__in=people).values_list("user_id", "role"))
    teams = {group.team_id for group in audience.groups} | {skill.team_id for skill in audience.skills}
    if people - roles.keys() or teams - {team.pk}:
        raise QueueRefused(_("A queue is judged by people of its own team."), "audience")
    if idle := [person for person in audience.reviewers if roles[person.pk] not in JUDGING and person.pk not in named]:
        told = _("%(name)s does not review. Name reviewers or admins.") % {"name": idle[0]}
        raise QueueRefused(told, "audience")


def audience_of(queue: Queue) -> Audience:
    """Who judges it now; nobody named for a queue that is not saved yet."""
    if queue.pk is None:
        return Audience()
    rows = list(queue.audience.select_related("reviewer", "group", "skill").order_by("pk"))
    return Audience(
        [row.reviewer for row in rows if row.reviewer],
        [row.group for row in rows if row.group],
        {row.skill: row.min_level for row in rows if row.skill},
    )


def set_paused(queue: Queue, by: User, *, paused: bool, reason: str = "") -> None:
    """Give nothing out of the queue any more, or again. What is in hand goes on. The history keeps the reason."""
    _set(queue, by, reason, is_paused=paused)


def set_closed(queue: Queue, by: User, *, closed: bool) -> None:
    """Take nothing new into the queue any more, or again. What waits is still judged."""
    _set(queue, by, is_closed=closed)


def _set(queue: Queue, by: User, reason: str = "", **values: bool) -> None:
    why = {"reason": reason} if reason else {}
    with transaction.atomic(), pghistory.context(user=by.pk, **why):
        for name, value in values.items():
            setattr(queue, name, value)
        queue.save(update_fields=list(values))


def move_queue(queue: Queue, by: User, *, up: bool) -> None:
    """Let the queue be asked before the one above it, or after the one below it; nothing happens at either end."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        order = _ordered(queue)
        _put(order, queue, order.index(queue) + (-1 if up else 1))


def place_queue(queue: Queue, by: User, place: int) -> None:
    """Let the queue be the `place`-th of its variant that is asked, from 1; beyond the last it is the last."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        _put(_ordered(queue), queue, place - 1)


def _ordered(queue: Queue) -> list[Queue]:
    """The queues of the variant as they are asked, locked: one admin at a time arranges them."""
    rows = Queue.objects.select_for_update(no_key=True).of_team(queue.team).filter(variant=queue.variant)
    return list(rows.in_order())


def _put(order: list[Queue], queue: Queue, to: int) -> None:
    order.insert(max(to, 0), order.pop(order.index(queue)))
    if order == sorted(order, key=lambda one: (one.position, one.pk)):
        return  # nothing to tell the others' histories
    for place, one in enumerate(order, start=1):
        if one.position != place:
            one.position = place
            one.save(update_fields=["position"])
