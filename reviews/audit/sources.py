"""The histories of tracked models as sources of the audit: what to ask of each, without reading more than a page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from pghistory.models import Context

from accounts.models import Team
from reviews.audit.filters import AuditFilters, Subject, within
from reviews.audit.known import known, word_of
from reviews.audit.scopes import histories, rows_of, seen_by
from reviews.models import ReviewItem

WINDOW = 5_000
"""As many changes of a kind are searched for words at most."""
AT, KEY = "pgh_created_at", "pgh_id"
_SEARCHED = ("username", "name", "title", "url")
"""Of other objects that a change names, these are searched."""


@dataclass(frozen=True)
class HistorySource:
    """One tracked model."""

    tracked: type[Model]
    history: type[Model]
    at: str = AT
    key: str = KEY

    @property
    def name(self) -> str:
        return self.tracked._meta.label_lower

    @property
    def word(self) -> str:
        return word_of(self.tracked)

    def asked(self, team: Team, filters: AuditFilters) -> QuerySet[Any] | None:
        """The rows that fit, in no order; None where none can."""
        rows = rows_of(self.history).filter(seen_by(team, self.tracked, self.history))
        if filters.person or filters.by_nobody:
            rows = rows.filter(_done_by(filters))
        if filters.subject:
            about = self._about(filters.subject)
            if about is None:
                return None
            rows = rows.filter(about)
        rows = rows.filter(within(AT, team, filters))
        if filters.words:
            newest = rows.order_by(f"-{AT}", f"-{KEY}")[:WINDOW]
            rows = rows_of(self.history).filter(self._speaks_of(filters.words), pk__in=newest.values("pk"))
        return rows

    def _about(self, subject: Subject) -> Q | None:
        """What is told of the object itself, and of what names it; not of what it did or had been asked to do."""
        found = Q(pgh_obj=subject.pk) if subject.model is self.tracked else Q()
        for field in self.history._meta.fields:
            if field.related_model is subject.model and field.name != "pgh_obj" and not field.name.endswith("_by"):
                found |= Q(**{field.name: subject.pk})
        path = known(self.tracked).about.get(subject.model._meta.label_lower)
        if path:
            found |= Q(**{path: subject.pk})
        return found or None

    def _speaks_of(self, words: str) -> Q:
        """Whose own texts, or whose names of people and things, hold `words`."""
        found = Q()
        for field in self.history._meta.fields:
            kind = field.get_internal_type()
            if field.name.startswith("pgh_"):
                continue
            if kind in ("CharField", "TextField", "SlugField", "EmailField", "URLField"):
                found |= Q(**{f"{field.name}__icontains": words})
            elif field.is_relation and isinstance(field.related_model, type):
                names = {other.name for other in field.related_model._meta.concrete_fields} & set(_SEARCHED)
                for name in sorted(names):
                    found |= Q(**{f"{field.name}__{name}__icontains": words})
        return found


def _done_by(filters: AuditFilters) -> Q:
    contexts = Context.objects.all()
    if filters.person:
        return Q(pgh_context__in=contexts.filter(metadata__user=filters.person.pk).values("pk"))
    told_nobody = contexts.filter(Q(metadata__user=None) | Q(metadata__user__isnull=True))
    return Q(pgh_context=None) | Q(pgh_context__in=told_nobody.values("pk"))


def history_sources() -> list[HistorySource]:
    return [HistorySource(tracked, history) for tracked, history in histories().items()]


def subjects() -> dict[str, type[Model]]:
    """What an audit can be narrowed to."""
    models: list[type[Model]] = [*histories(), ReviewItem]
    return {model._meta.label_lower: model for model in models}
