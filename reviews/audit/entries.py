"""What the audit consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class By(StrEnum):
    """Who it was. NOBODY came over the web without being signed in, as who chooses a first password does."""

    PERSON = "person"
    COMMAND = "command"
    NOBODY = "nobody"
    SYSTEM = "system"


@dataclass(frozen=True)
class Value:
    """`plain` is for programs (JSON), `shown` for people, in their language."""

    plain: object
    shown: str


@dataclass(frozen=True)
class Change:
    """`field` is the name programs know, `label` the one people read. None: there was nothing, or nothing is left."""

    field: str
    label: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class Thing:
    """`ref` asks the audit for everything of it, where it `has_history`; `url` is its page, empty where it has none."""

    ref: str
    label: str
    url: str = ""
    has_history: bool = True


@dataclass(frozen=True, order=True)
class Place:
    """Where an entry stands among all: by time, then by source and key, so that equal times have one order."""

    at: datetime
    source: str
    key: int


@dataclass(frozen=True)
class Entry:
    """One act. `act` is for programs, `done` its word; `via` is the page or the command by which it was done."""

    place: Place
    kind: str
    act: str
    done: str
    thing: Thing
    by: By
    who: str = ""
    via: str = ""
    reason: str = ""
    changes: Sequence[Change] = ()

    @property
    def at(self) -> datetime:
        return self.place.at

    @property
    def source(self) -> str:
        return self.place.source
