"""What a rework would do, before it is done."""

import hashlib
import json
import re
from array import array
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team
from generation.models import Candidate
from reviews import gallery
from reviews.models import ItemCandidate, Outcome, Queue, ReviewItem, Slot
from reviews.models.items import SlotState
from reviews.models.rework import ReworkKind
from reviews.rework import MOST_ITEMS, WHY, Act, Choice, matching, with_obstacles
from reviews.services.refusals import Conflict, Refusal

SAMPLE = 12
AT_ONCE = 500
"""Up to so many items are done while one waits, and exactly those that were seen; more of them on a worker."""
STILL_THERE = 0.9
"""Of more than AT_ONCE so many must still be possible: people go on working while somebody looks."""
_SEEN = re.compile(r"(\d{1,18})-(\d{1,6})-([0-9a-f]{64})")
_CHUNK = 5000


class ReworkChanged(Conflict):
    """Since it was shown, the rework would do something else."""

    code = "rework_changed"


@dataclass(frozen=True)
class Effect:
    """`keys` are the items it would be done to; `refused` counts the others by a key of WHY.

    A withdrawal ends the leases `in_hand`, and takes `approved` images from what is approved. `newest` bounds the
    choice: what came in since it was shown is never part of it.
    """

    act: Act
    target: Queue | None
    keys: "array[int]" = field(repr=False)
    refused: Counter[str]
    newest: int
    sample: list[Candidate]
    approved: int = 0
    in_hand: int = 0

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def refused_items(self) -> int:
        return self.refused.total()

    @property
    def chosen(self) -> int:
        return self.count + self.refused_items

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """In the reader's language, the most frequent first."""
        return [(_(WHY[why]), number) for why, number in self.refused.most_common()]

    @property
    def is_for_a_worker(self) -> bool:
        return self.count > AT_ONCE

    @property
    def seen(self) -> str:
        """A fingerprint of what would be done."""
        digest = hashlib.sha256(json.dumps(self.act.as_json(), sort_keys=True).encode())
        if not self.is_for_a_worker:
            digest.update(self.keys.tobytes())
        return f"{self.newest}-{self.count}-{digest.hexdigest()}"

    def is_what_was(self, seen: str) -> bool:
        """Whether it does what the effect of that fingerprint did: exactly that or, of very many, nothing more."""
        found = _SEEN.fullmatch(seen)
        if found is None or found[3] != self.seen.rpartition("-")[2]:
            return False
        before = int(found[2])
        if self.is_for_a_worker:
            return before * STILL_THERE <= self.count <= before
        return self.count == before


def newest_of(seen: str) -> int | None:
    """The bound of the choice that was seen; None for what is no fingerprint."""
    found = _SEEN.fullmatch(seen)
    return int(found[1]) if found else None


def effect_of(team: Team, choice: Choice, act: Act, *, up_to: int | None = None) -> Effect:
    """What the act would do to the chosen items, at most to that of the key `up_to`. Changes nothing.

    Raises Refusal when nothing is chosen, too much is, or the act's queue cannot take anything.
    """
    if choice.is_nothing:
        raise Refusal(_("Choose items first: by a filter, or by naming them."))
    target = _target(team, act)
    rows = matching(team, choice)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    keys, refused, newest = array("q"), Counter[str](), 0
    found = with_obstacles(rows, act, target, heeds_others=True)
    for key, why in found.order_by("pk").values_list("pk", "why")[: MOST_ITEMS + 1].iterator(chunk_size=_CHUNK):
        newest = key
        if why:
            refused[why] += 1
        else:
            keys.append(key)
    if len(keys) + refused.total() > MOST_ITEMS:
        most = f"{MOST_ITEMS:,}"
        raise Refusal(_("These are more than %(most)s items. Narrow the choice.") % {"most": most})
    approved, in_hand = _consequences(found.filter(why="")) if act.kind == ReworkKind.WITHDRAW else (0, 0)
    return Effect(act, target, keys, refused, newest, _sample(list(keys[-SAMPLE:])), approved, in_hand)


def _target(team: Team, act: Act) -> Queue | None:
    if act.kind != ReworkKind.MOVE:
        return None
    target = Queue.objects.of_team(team).filter(pk=act.to_queue or 0).first()
    if target is None:
        raise Refusal(_("Say which queue they go to."))
    if target.is_closed:
        raise Refusal(_("%(queue)s takes in nothing new. Open it again first.") % {"queue": target})
    return target


def _consequences(rows: QuerySet[ReviewItem]) -> tuple[int, int]:
    items = rows.values("pk")
    held = Slot.objects.filter(item__in=items, state=SlotState.LEASED)
    return Outcome.objects.approved().filter(item__in=items).count(), held.count()


def _sample(keys: list[int]) -> list[Candidate]:
    first = ItemCandidate.objects.filter(item__in=keys).order_by("item", "pk").distinct("item")
    return list(gallery.shown(Candidate.objects.filter(pk__in=first.values("candidate"))).order_by("-pk"))
