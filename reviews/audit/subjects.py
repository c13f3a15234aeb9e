"""One object of the team, found by the reference that an address carries; also one that is gone."""

import re

from accounts.models import Team
from reviews.audit.entries import Thing
from reviews.audit.filters import AuditFilters, Subject
from reviews.audit.listing import newest
from reviews.audit.names import Names
from reviews.audit.scopes import histories, of_team, rows_of, seen_by
from reviews.audit.sources import subjects
from reviews.models import ReviewItem

_REF = re.compile(r"([a-z_]{1,40}\.[a-z_]{1,60})-(\d{1,18})")


class NoRef(ValueError):
    """It names no kind of object that has a history."""


def find_subject(team: Team, ref: str) -> Subject | None:
    """None for what is not the team's, or never was. Raises NoRef for what is no reference."""
    found = _REF.fullmatch(ref)
    model = subjects().get(found[1]) if found else None
    if found is None or model is None:
        raise NoRef
    subject = Subject(model, int(found[2]))
    return subject if _is_theirs(team, subject) else None


def _is_theirs(team: Team, subject: Subject) -> bool:
    if subject.model is ReviewItem:
        return ReviewItem.objects.filter(queue__team=team, pk=subject.pk).exists()
    history = histories()[subject.model]
    told = rows_of(history).filter(seen_by(team, subject.model, history), pgh_obj=subject.pk)
    return told.exists() or of_team(team, subject.model).filter(pk=subject.pk).exists()


def thing_of(team: Team, subject: Subject) -> Thing:
    """As the newest entry of its own calls it."""
    if subject.model is not ReviewItem:
        own = AuditFilters(source=subject.model._meta.label_lower, subject=subject)
        for entry in newest(team, own, most=1)[0]:
            if entry.thing.ref == subject.ref:
                return entry.thing
    names = Names(team)
    names.want(subject.model, subject.pk)
    names.fetch()
    return names.thing(subject.model, subject.pk)
