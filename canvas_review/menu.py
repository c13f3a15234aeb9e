"""What the menu of a role holds: its daily work in the bar, the rest grouped in one list beside it."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Role, User
from accounts.rules import all_rules

_GROUPS = (
    (
        gettext_noop("Judging"),
        (
            ("reviews:desk", gettext_noop("Review")),
            ("reviews:day", gettext_noop("My day")),
            ("reviews:decisions", gettext_noop("My decisions")),
            ("reviews:questions", gettext_noop("Questions")),
            ("reviews:guidelines", gettext_noop("Guidelines")),
        ),
    ),
    (
        gettext_noop("Images"),
        (
            ("reviews:gallery", gettext_noop("Gallery")),
            ("generation:requests", gettext_noop("Requests")),
            ("generation:products", gettext_noop("Products")),
            ("generation:repairs", gettext_noop("Repairs")),
        ),
    ),
    (
        gettext_noop("Learning"),
        (
            ("reviews:snapshots", gettext_noop("Datasets")),
            ("generation:models", gettext_noop("Models")),
        ),
    ),
    (
        gettext_noop("Running the team"),
        (
            ("reviews:floor", gettext_noop("Floor")),
            ("reviews:reports", gettext_noop("Reports")),
            ("reviews:queues", gettext_noop("Queues")),
            ("reviews:reworks", gettext_noop("Rework")),
            ("reviews:quotas", gettext_noop("Quotas")),
            ("reviews:team", gettext_noop("Team")),
            ("reviews:simulator", gettext_noop("Simulator")),
            ("delivery:webhooks", gettext_noop("Webhooks")),
            ("generation:limits", gettext_noop("Limits")),
        ),
    ),
)
# In the order of the bar. What a role may open and does not do every day is in the list.
_DAILY = {
    Role.REVIEWER: ("reviews:desk", "reviews:day", "reviews:decisions", "reviews:guidelines"),
    Role.OPERATOR: ("generation:requests", "generation:products", "generation:repairs", "reviews:gallery"),
    Role.ML_ENGINEER: ("generation:models", "reviews:snapshots", "reviews:gallery", "reviews:guidelines"),
    Role.ADMIN: ("reviews:desk", "generation:requests", "reviews:gallery", "reviews:questions", "reviews:floor"),
}


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True)
class Group:
    label: str
    entries: list[Entry]


@dataclass(frozen=True)
class Menu:
    daily: list[Entry] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many things wait behind all entries."""
        return self.waiting_in_list + sum(entry.count for entry in self.daily)

    @property
    def waiting_in_list(self) -> int:
        """How many things wait behind the entries that are not in the bar."""
        return sum(entry.count for group in self.groups for entry in group.entries)

    @property
    def is_in_list(self) -> bool:
        """Whether the page that is open is one of the list."""
        return any(entry.current for group in self.groups for entry in group.entries)


def menu_of(user: User, path: str, waiting: dict[str, int]) -> Menu:
    """The entries whose route rule lets this user in: the menu can never promise what the policy refuses.

    `path` is the page that is open, `waiting` how many things wait behind a route.
    """
    rules = all_rules()
    order = _DAILY[Role(user.role)] if user.role else ()
    daily: dict[str, Entry] = {}
    groups = []
    for label, names in _GROUPS:
        entries = []
        for name, words in names:
            if name not in rules or not rules[name].allows(user, "GET"):
                continue
            url = reverse(name)
            entry = Entry(_(words), url, path.startswith(url), waiting.get(name, 0))
            if name in order:
                daily[name] = entry
            else:
                entries.append(entry)
        if entries:
            groups.append(Group(_(label), entries))
    return Menu([daily[name] for name in order if name in daily], groups)
