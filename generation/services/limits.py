"""The limits in force: a variant's own, and over them what the team's admins have set."""

import math
from dataclasses import dataclass, replace

from accounts.models import Team, User
from generation.contracts import gettext_noop as _
from generation.models import LimitChange
from generation.services.wording import clean_line
from generation.variants import Limit, Variant

LONGEST_REASON = 300


class LimitRefused(Exception):
    """`code` is stable, `field` names what is wrong, `message` is a translatable sentence filled by `params`."""

    def __init__(self, code: str, field: str, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.code = code
        self.field = field
        self.message = message
        self.params = params


@dataclass(frozen=True)
class LimitInForce:
    """`limit` is what holds, `default` the variant's own, `change` the newest change; None where nobody made any."""

    limit: Limit
    default: Limit
    change: LimitChange | None

    @property
    def is_changed(self) -> bool:
        return self.limit != self.default


def limits_in_force(team: Team, variant: Variant) -> tuple[LimitInForce, ...]:
    """Return what holds now for a team's candidates, in the order of the variant. One query."""
    rows = LimitChange.objects.of(team, variant.key).newest().select_related("changed_by")
    newest = {row.measure: row for row in rows}
    return tuple(
        LimitInForce(_overlaid(own, newest.get(own.measure)), own, newest.get(own.measure)) for own in variant.limits
    )


def limit_in_force(team: Team, variant: Variant, measure: str) -> LimitInForce:
    """Return what holds for one measure. Raises LimitRefused for a measure without a limit."""
    for entry in limits_in_force(team, variant):
        if entry.limit.measure == measure:
            return entry
    raise LimitRefused("measure", "measure", _("This variant has no limit for that measure."))


def proposed(own: Limit, threshold: float, blocks: bool) -> Limit:
    """Return `own` with another threshold and effect. Raises LimitRefused for what may never be put in force."""
    if own.locked:
        raise LimitRefused("locked", "threshold", _("This limit cannot be changed. It is a promise, not a setting."))
    if not (math.isfinite(threshold) and own.lowest <= threshold <= own.highest):
        raise LimitRefused(
            "out_of_range", "threshold", _("Give a number from %(least)s to %(most)s."),
            least=f"{own.lowest:g}", most=f"{own.highest:g}",
        )  # fmt: skip
    return replace(own, threshold=threshold, blocks=blocks)


def change_limit(
    team: Team, user: User, variant: Variant, measure: str, *, threshold: float, blocks: bool, reason: str
) -> LimitChange:
    """Put another limit in force, from the next screening on. Findings keep the threshold that held.

    Raises LimitRefused for an unknown or locked measure, a threshold out of range, no reason, or no change at all.
    """
    now = limit_in_force(team, variant, measure)
    wanted = proposed(now.default, threshold, blocks)
    if wanted == now.limit:
        raise LimitRefused("no_change", "threshold", _("This is what holds already."))
    return _append(team, user, variant, wanted, reason, threshold=threshold, blocks=blocks)


def reset_limit(team: Team, user: User, variant: Variant, measure: str, *, reason: str) -> LimitChange:
    """Put the variant's own limit in force again, whatever it will be in later versions of the program.

    Raises LimitRefused as `change_limit` does.
    """
    now = limit_in_force(team, variant, measure)
    if now.change is None or now.change.threshold is None:
        raise LimitRefused("no_change", "threshold", _("The variant's own limit holds already."))
    return _append(team, user, variant, now.default, reason, threshold=None, blocks=None)


def _append(
    team: Team, user: User, variant: Variant, limit: Limit, reason: str, *, threshold: float | None,
    blocks: bool | None,
) -> LimitChange:  # fmt: skip
    words = clean_line(reason)
    if not words:
        raise LimitRefused("reason_missing", "reason", _("Say why: whoever looks at this limit later will ask."))
    if len(words) > LONGEST_REASON:
        raise LimitRefused(
            "reason_long", "reason", _("The reason may have at most %(limit)d characters."), limit=LONGEST_REASON
        )
    return LimitChange.objects.create(
        team=team, variant=variant.key, measure=limit.measure, threshold=threshold, blocks=blocks, reason=words,
        changed_by=user,
    )  # fmt: skip


def _overlaid(own: Limit, change: LimitChange | None) -> Limit:
    """A later version of the program may have locked the limit or narrowed its range: then its own holds."""
    if change is None or change.threshold is None or change.blocks is None:
        return own
    try:
        return proposed(own, change.threshold, change.blocks)
    except LimitRefused:
        return own
