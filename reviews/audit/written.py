"""What is written anew instead of changed, as sources of the audit: guidelines, limits and datasets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Team
from generation.models import DatasetSnapshot, LimitChange
from generation.variants import VARIANTS
from reviews.audit.entries import By, Change, Entry, Place, Thing, Value
from reviews.audit.filters import AuditFilters, ref_of, within
from reviews.audit.names import Names
from reviews.audit.words import DONE
from reviews.models import GuidelineVersion

Written = tuple[Thing, str, list[Change]]
"""What it is, why, and what differs from what held before."""


@dataclass(frozen=True)
class WrittenSource:
    """Rows with a team, a time and an author. `same` are the fields that a row shares with the one that held before,
    `texts` those that are searched, `shown` those that may differ."""

    model: type[Model]
    title: str
    author: str
    same: tuple[str, ...]
    texts: tuple[str, ...]
    shown: tuple[str, ...]
    told: Callable[[Any], Written]
    at: str = "created_at"
    key: str = "id"

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def word(self) -> str:
        return _(self.title)

    def asked(self, team: Team, filters: AuditFilters) -> QuerySet[Any] | None:
        if filters.subject or filters.by_nobody:
            return None
        rows = self.model._base_manager.filter(within(self.at, team, filters), team=team)
        if filters.person:
            rows = rows.filter(**{self.author: filters.person})
        if filters.words:
            found = Q()
            for name in self.texts:
                found |= Q(**{f"{name}__icontains": filters.words})
            rows = rows.filter(found)
        return rows

    def load(self, keys: list[int], names: Names) -> Callable[[], Iterator[Entry]]:
        earlier = self.model._base_manager.filter(pk__lt=OuterRef("pk"), **{name: OuterRef(name) for name in self.same})
        held = earlier.order_by("-pk")
        before = {f"before_{name}": Subquery(held.values(name)[:1]) for name in ("pk", *self.shown)}
        rows = self.model._base_manager.filter(pk__in=keys).select_related(self.author).annotate(**before)
        found = list(rows)
        return lambda: (self._entry(row) for row in found)

    def _entry(self, row: Any) -> Entry:
        thing, reason, changes = self.told(row)
        author = getattr(row, self.author)
        by, who = (By.PERSON, author.username) if author else (By.SYSTEM, "")
        act = "update" if row.before_pk else "insert"
        return Entry(
            Place(row.created_at, self.name, row.pk), self.word, act, _(DONE[act]), thing, by, who,
            reason=reason, changes=changes,
        )  # fmt: skip


def _variant(key: str) -> str:
    return _(VARIANTS[key].label) if key in VARIANTS else key


def _measure(variant: str, key: str) -> str:
    limits = VARIANTS[variant].limits if variant in VARIANTS else ()
    return next((_(limit.label) for limit in limits if limit.measure == key), key)


def _limit(row: Any) -> Written:
    url = reverse("generation:limit", args=[row.variant, row.measure])
    thing = Thing(
        ref_of(LimitChange, row.pk), f"{_variant(row.variant)} · {_measure(row.variant, row.measure)}", url, False
    )

    def value(raw: float | bool | None) -> Value:
        if raw is None:
            return Value(None, _("as the variant has it"))
        return Value(raw, (_("yes") if raw else _("no")) if isinstance(raw, bool) else str(localize(raw)))

    changes = [
        Change(name, label, value(was), value(is_now))
        for name, label, was, is_now in (
            ("threshold", _("Threshold"), row.before_threshold, row.threshold),
            ("blocks", _("Blocks"), row.before_blocks, row.blocks),
        )
        if was != is_now
    ]
    return thing, row.reason, changes


def _guideline(row: Any) -> Written:
    url = reverse("reviews:guideline", args=[row.variant])
    thing = Thing(ref_of(GuidelineVersion, row.pk), _variant(row.variant), f"{url}?version={row.number}", False)
    was = Value(row.before_number, str(row.before_number)) if row.before_pk else None
    return thing, row.change_note, [Change("number", _("Version"), was, Value(row.number, str(row.number)))]


def _snapshot(row: Any) -> Written:
    thing = Thing(ref_of(DatasetSnapshot, row.pk), row.name, reverse("reviews:snapshot", args=[row.pk]), False)
    was = Value(row.before_version, str(row.before_version)) if row.before_pk else None
    return thing, "", [Change("version", _("Version"), was, Value(row.version, str(row.version)))]


def written_sources() -> list[WrittenSource]:
    return [
        WrittenSource(
            LimitChange, gettext_noop("Limit"), "changed_by", ("team", "variant", "measure"), ("measure", "reason"),
            ("threshold", "blocks"), _limit,
        ),
        WrittenSource(
            GuidelineVersion, gettext_noop("Guideline"), "created_by", ("team", "variant"), ("text", "change_note"),
            ("number",), _guideline,
        ),
        WrittenSource(
            DatasetSnapshot, gettext_noop("Dataset"), "created_by", ("team", "name"), ("name",), ("version",),
            _snapshot,
        ),
    ]  # fmt: skip
