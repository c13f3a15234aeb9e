"""Whom and what a call names: found in the caller's team, or told by field that there is no such thing."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions

from accounts.models import Team, User

M = TypeVar("M", bound=Model)


def people_named(team: Team, names: Iterable[str], field: str) -> list[User]:
    """By username."""
    wanted = set(names)
    found = list(User.objects.filter(membership__team=team, username__in=wanted))
    if unknown := sorted(wanted - {person.username for person in found}):
        told = _("The team has nobody called %(names)s.") % {"names": ", ".join(unknown[:5])}
        raise exceptions.ValidationError({field: [told]})
    return found


def person_named(team: Team, name: str, field: str) -> User | None:
    """None for an empty name: everybody is meant."""
    return people_named(team, [name], field)[0] if name else None


def rows_named(rows: "QuerySet[M, M]", keys: Collection[int], field: str, told: str) -> list[M]:
    """By primary key, of rows that are the team's; `told` says what there is not."""
    found: list[Any] = list(rows.filter(pk__in=set(keys)))
    if len(found) != len(set(keys)):
        raise exceptions.ValidationError({field: [told]})
    return found
