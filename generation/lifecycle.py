"""Every change of state is one conditional UPDATE; the loser of a race gets IllegalMove and changes nothing."""

from typing import Any

from django.db import models


class IllegalMove(Exception):
    """The thing was not (or no longer) in a state from which this move is allowed."""

    def __init__(self, instance: models.Model, target: str) -> None:
        super().__init__(f"{instance._meta.model_name} {instance.pk} cannot become {target} now")
        self.instance = instance
        self.target = target


def move(instance: models.Model, target: str, *, only_if: dict[str, Any] | None = None, **values: Any) -> None:
    """Move `instance` to the state `target`, setting `values` in the same statement.

    `only_if` adds conditions (an attempt's token, say). On success the instance carries the new values.
    Raises IllegalMove when no row was in a state that may move there.
    """
    moves: dict[str, frozenset[str]] = instance.MOVES  # type: ignore[attr-defined]
    sources = [source for source, targets in moves.items() if target in targets]
    rows = type(instance)._default_manager.filter(pk=instance.pk, state__in=sources, **(only_if or {}))
    if not rows.update(state=target, **values):
        raise IllegalMove(instance, target)
    for name, value in {"state": target, **values}.items():
        if not hasattr(value, "resolve_expression"):
            setattr(instance, name, value)
