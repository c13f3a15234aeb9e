"""Which rows of a history a team may see. An object that is gone, or whose parent is, stays where it was."""

from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from pghistory.models import Event

from accounts.models import Team
from reviews.audit.known import known


def histories() -> dict[type[Model], type[Model]]:
    """Each tracked model with its history, found among all models: there is no list that could forget one."""
    found: dict[type[Model], type[Model]] = {}
    for model in apps.get_models():
        if issubclass(model, Event) and not model._meta.proxy and model.pgh_tracked_model is not None:
            found[model.pgh_tracked_model] = model
    return dict(sorted(found.items(), key=lambda pair: pair[0]._meta.label_lower))


def rows_of(history: type[Model]) -> QuerySet[Any]:
    """Plainly: pghistory's own manager is for fields that this house does not have."""
    return QuerySet(history)


def seen_by(team: Team, tracked: type[Model], history: type[Model]) -> Q:
    """The condition on `history`."""
    how = known(tracked)
    if how.scope is not None:
        return how.scope(team)
    if how.team == "":
        return Q(pgh_obj=team.pk)
    first, _dots, rest = how.team.partition("__")
    kept = {field.name: field for field in history._meta.fields}
    if first not in kept:
        return Q(**{f"pgh_obj__{how.team}": team})
    if not rest:
        return Q(**{first: team})
    parent = kept[first].related_model
    if rest != "team" or not isinstance(parent, type) or parent not in histories():
        return Q(**{how.team: team})
    # The parent may be gone; its own history knows whose it was.
    gone = rows_of(histories()[parent]).filter(team=team)
    there = parent._base_manager.filter(team=team)
    return Q(**{f"{first}__in": there.values("pk")}) | Q(**{f"{first}__in": gone.values("pgh_obj")})


def of_team(team: Team, tracked: type[Model]) -> QuerySet[Any]:
    """The objects themselves that are there now."""
    how, rows = known(tracked), tracked._base_manager.all()
    if how.scope is not None:
        return rows.none()
    return rows.filter(pk=team.pk) if how.team == "" else rows.filter(**{how.team: team})
