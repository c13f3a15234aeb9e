"""What the audit knows of tracked models beyond what their fields say: the team, the word, the label, the page.

A tracked model that is not here appears by itself if it has a field `team`; where it has none, nobody sees it, and
a test asks for its entry.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Exists, Model, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pghistory.models import Context

from accounts.models import Membership, Team
from generation.models.training import EngineKind


@dataclass(frozen=True)
class Known:
    """`team` leads from the model to its team; "" for the team itself. `label` names the fields that make the name of
    an object, `whom` those of them that say for whom it is: for everybody, where they are empty.
    `page` is the field whose object has the page ("" for its own). `about` leads to objects of which this is
    told as well, beyond those that its fields name. `shared` belongs to the installation, and `scope` says what of it
    a team sees: of other teams' people and things it tells no names.
    """

    word: str = ""
    team: str = "team"
    label: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()
    page: str = ""
    about: dict[str, str] = field(default_factory=dict)
    scope: Callable[[Team], Q] | None = None

    @property
    def shared(self) -> bool:
        return self.scope is not None


def _of_installation(team: Team) -> Q:
    """What works here is everybody's. The names of models elsewhere are told to the team of who gave them."""
    members = list(Membership.objects.filter(team=team).values_list("user", flat=True))
    by_us = Context.objects.filter(pk=OuterRef("pgh_context"), metadata__user__in=members)
    return ~Q(kind=EngineKind.EXTERNAL) | Q(Exists(by_us))


_ITEM = "reviews.reviewitem"
KNOWN: dict[str, Known] = {
    # The team's admins change its people, so they see what was changed of them; nobody else's.
    "accounts.user": Known(gettext_noop("Person"), "membership__team", ("username",)),
    "accounts.membership": Known(gettext_noop("Membership"), label=("user",), page="user"),
    "accounts.apitoken": Known(gettext_noop("API token"), "user__membership__team", ("user", "name"), page="user"),
    "accounts.team": Known(gettext_noop("Team"), "", ("name",)),
    "delivery.webhookendpoint": Known(gettext_noop("Webhook"), label=("url",)),
    "generation.product": Known(gettext_noop("Product"), label=("title",)),
    "generation.maskrepair": Known(gettext_noop("Repair"), label=("revision",)),
    "generation.modelversion": Known(gettext_noop("Model"), label=("name", "number"), scope=_of_installation),
    "reviews.reviewergroup": Known(gettext_noop("Group"), label=("name",)),
    "reviews.groupmember": Known(gettext_noop("Member of a group"), "group__team", ("group", "reviewer"), page="group"),
    "reviews.skill": Known(gettext_noop("Skill"), label=("name",)),
    "reviews.reviewerskill": Known(
        gettext_noop("Skill of a person"), "skill__team", ("reviewer", "skill"), page="reviewer"
    ),
    "reviews.queue": Known(gettext_noop("Queue"), label=("name",)),
    "reviews.queueaudience": Known(
        gettext_noop("Who judges a queue"), "queue__team", ("queue", "reviewer", "group", "skill"), page="queue"
    ),
    "reviews.quota": Known(
        gettext_noop("Quota"), label=("reviewer", "group", "queue", "variant", "period", "unit"),
        whom=("reviewer", "group"),
    ),
    "reviews.pause": Known(gettext_noop("Pause of work"), label=("reviewer",), whom=("reviewer",)),
    "reviews.holiday": Known(gettext_noop("Holiday"), label=("reviewer", "day", "name"), whom=("reviewer",)),
    "reviews.goldverdict": Known(
        gettext_noop("Gold"), "item_candidate__item__queue__team", ("item_candidate",), page="item_candidate",
        about={_ITEM: "item_candidate__item"},
    ),
    "reviews.escalation": Known(gettext_noop("Question"), "item__queue__team", ("item",)),
    "reviews.rework": Known(gettext_noop("Rework"), label=("kind",), about={_ITEM: "pgh_obj__items__item"}),
    "reviews.floorsettings": Known(gettext_noop("Floor settings"), label=("team",)),
}  # fmt: skip


def known(model: type[Model]) -> Known:
    found = KNOWN.get(model._meta.label_lower)
    if found is not None:
        return found
    has_team = any(field.name == "team" for field in model._meta.fields)
    return Known() if has_team else Known(scope=lambda team: Q(pk__in=[]))


def word_of(model: type[Model]) -> str:
    word = known(model).word
    return _(word) if word else capfirst(str(model._meta.verbose_name))
