"""Which queue a scored request goes to: conditions as data, and the reason in words that a person can check.

A condition is {"field", "op", "value"}. All of a queue's conditions must hold; of several queues the first that matches
takes the request. Knows no Django but the marking of texts.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from generation.contracts import gettext_noop

Kind = Literal["number", "text", "yes_no"]
Condition = Mapping[str, Any]
MOST_CONDITIONS = 20
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Field:
    label: str
    kind: Kind
    help: str


FIELDS: dict[str, Field] = {
    "best_score": Field(gettext_noop("best score"), "number", gettext_noop("of the request's candidates, 0 to 1")),
    "score_spread": Field(gettext_noop("spread of scores"), "number", gettext_noop("best less worst, 0 to 1")),
    "uncertainty": Field(
        gettext_noop("uncertainty"), "number", gettext_noop("of the best score: 1 at one half, 0 at 0 and 1")
    ),
    "candidates": Field(gettext_noop("scored candidates"), "number", gettext_noop("how many passed the guardian")),
    "share": Field(
        gettext_noop("share of requests"), "number", gettext_noop("drawn by chance, 0 to 1, once for each request")
    ),
    "category": Field(gettext_noop("product category"), "text", ""),
    "prompt": Field(gettext_noop("prompt"), "text", ""),
    "requested_by": Field(gettext_noop("requested by"), "text", gettext_noop("user name")),
    "made_elsewhere": Field(gettext_noop("made elsewhere"), "yes_no", gettext_noop("candidates of another model")),
}
OPERATORS: dict[Kind, dict[str, str]] = {
    "number": {"at_least": gettext_noop("is at least"), "below": gettext_noop("is below")},
    "text": {"is": gettext_noop("is"), "is_not": gettext_noop("is not"), "contains": gettext_noop("contains")},
    "yes_no": {"is": gettext_noop("is")},
}


@dataclass(frozen=True)
class Facts:
    """What is known of a request when it is routed. Texts are compared without regard to case."""

    best_score: float
    score_spread: float
    candidates: int
    share: float
    category: str = ""
    prompt: str = ""
    requested_by: str = ""
    made_elsewhere: bool = False
    uncertainty: float = 0.0


@dataclass(frozen=True)
class Match:
    """A condition that held, and what it was compared with."""

    field: str
    op: str
    value: Any
    was: Any


@dataclass(frozen=True)
class Entry:
    """Why an item is in a queue: every condition that held, and how many reviewers it was given and why.

    Without conditions the queue takes whatever no queue before it took. A later visit names the item it comes from, the
    reason, and who asked for it.
    """

    matched: list[Match] = field(default_factory=list)
    overlap: int = 1
    drawn_for_more: bool = False
    from_item: str = ""
    reason: str = ""
    asked_by: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class BadCondition(ValueError):
    """`params` fill the message, which is translated where it is shown."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message, self.params = message, params


def check(conditions: object) -> list[dict[str, Any]]:
    """The conditions, made clean. Raises BadCondition with what to do."""
    if not isinstance(conditions, Sequence) or isinstance(conditions, str | bytes):
        raise BadCondition(gettext_noop("Conditions are a list."))
    if len(conditions) > MOST_CONDITIONS:
        raise BadCondition(gettext_noop("At most %(most)d conditions."), most=MOST_CONDITIONS)
    return [_checked(condition) for condition in conditions]


def _checked(condition: object) -> dict[str, Any]:
    if not isinstance(condition, Mapping) or set(condition) != {"field", "op", "value"}:
        raise BadCondition(gettext_noop("A condition has a field, an op and a value, and nothing else."))
    name, op, value = condition["field"], condition["op"], condition["value"]
    known = FIELDS.get(name) if isinstance(name, str) else None
    if known is None:
        raise BadCondition(gettext_noop("There is no field %(field)s."), field=str(name)[:40])
    if not isinstance(op, str) or op not in OPERATORS[known.kind]:
        raise BadCondition(gettext_noop("%(field)s cannot be compared by %(op)s."), field=name, op=str(op)[:40])
    return {"field": name, "op": op, "value": _value(name, known.kind, value)}


def _value(name: str, kind: Kind, value: object) -> float | str | bool:
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
        return value
    if kind == "yes_no" and isinstance(value, bool):
        return value
    if kind == "text" and isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT and "\0" not in value:
        return value.strip()
    wrong = {
        "number": gettext_noop("%(field)s is compared with a number."),
        "yes_no": gettext_noop("%(field)s is compared with true or false."),
        "text": gettext_noop("%(field)s is compared with a short text."),
    }
    raise BadCondition(wrong[kind], field=name)


def match(conditions: Sequence[Condition], facts: Facts) -> list[Match] | None:
    """Every condition with what it was compared with; None when one does not hold."""
    matched = []
    for condition in conditions:
        was = getattr(facts, condition["field"])
        if not _holds(condition["op"], was, condition["value"]):
            return None
        matched.append(Match(condition["field"], condition["op"], condition["value"], was))
    return matched


def _holds(op: str, was: Any, value: Any) -> bool:
    if isinstance(was, str):
        was, value = was.casefold(), str(value).casefold()
    return bool(_COMPARISONS[op](was, value))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "below": operator.lt,
    "is": operator.eq,
    "is_not": operator.ne,
    "contains": operator.contains,
}
