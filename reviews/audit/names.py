"""What things are called and where their pages are: asked for once a page of the audit, in one statement."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import BigIntegerField, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Team, User
from delivery.models import WebhookEndpoint
from generation.models import (
    DatasetSnapshot,
    GenerationRequest,
    MaskRepair,
    ModelVersion,
    Product,
    ProductRevision,
)
from reviews.audit.entries import Thing
from reviews.audit.filters import ref_of
from reviews.models import (
    Decision,
    Escalation,
    ItemCandidate,
    Queue,
    ReviewerGroup,
    ReviewItem,
    Rework,
    Skill,
)

_TITLE = "request_products__revision__product__title"
# The field that names an object, from the object on. What is not here is called by its number.
_NAMED: dict[type[Model], str] = {
    User: "username", Team: "name", Queue: "name", ReviewerGroup: "name", Skill: "name", WebhookEndpoint: "url",
    Product: "title", ProductRevision: "product__title", ModelVersion: "name", DatasetSnapshot: "name",
    GenerationRequest: _TITLE, ReviewItem: f"request__{_TITLE}", ItemCandidate: f"item__request__{_TITLE}",
    Decision: "reviewer__username", Escalation: f"item__request__{_TITLE}",
}  # fmt: skip
# The page of an object: its route, and the field that is the route's argument.
_PAGES: dict[type[Model], tuple[str, str]] = {
    User: ("reviews:person", "username"), Queue: ("reviews:queue", "pk"), ReviewerGroup: ("reviews:group", "pk"),
    Skill: ("reviews:skill", "pk"), WebhookEndpoint: ("delivery:webhook", "pk"), Product: ("generation:product", "pk"),
    MaskRepair: ("generation:repair", "pk"), Escalation: ("reviews:question", "pk"),
    ReviewItem: ("reviews:item", "handle"), ItemCandidate: ("reviews:item", "item__handle"),
    Rework: ("reviews:rework", "pk"),
    GenerationRequest: ("generation:request", "pk"), DatasetSnapshot: ("reviews:snapshot", "pk"),
}  # fmt: skip
_LISTS: dict[str, str] = {
    "reviews.quota": "reviews:quota_rules", "reviews.pause": "reviews:quotas", "reviews.holiday": "reviews:holidays",
    "generation.modelversion": "generation:models", "accounts.team": "reviews:team",
}  # fmt: skip
# Whose names are told to their own team only, where what names them belongs to the installation.
_TEAMS: dict[type[Model], str] = {User: "membership__team", DatasetSnapshot: "team"}


class Names:
    def __init__(self, team: Team) -> None:
        self._team = team
        self._wanted: dict[type[Model], set[int]] = defaultdict(set)
        self._found: dict[type[Model], dict[int, tuple[str, str, int | None]]] = defaultdict(dict)
        self._only_ours = False

    def want(self, model: type[Model], *keys: int | None) -> None:
        self._wanted[model] |= {key for key in keys if key is not None} - self._found[model].keys()

    def fetch(self) -> None:
        """One statement for all of them."""
        asked = {model: keys for model, keys in self._wanted.items() if keys and (model in _NAMED or model in _PAGES)}
        self._wanted.clear()
        if not asked:
            return
        models = {model._meta.label_lower: model for model in asked}
        first, *others = (_told(model, keys) for model, keys in asked.items())
        for label, key, name, argument, team in first.union(*others, all=True) if others else first:
            self._found[models[label]][key] = (name or "", argument, team)

    @contextmanager
    def only_ours(self, only: bool) -> Iterator[None]:
        """Inside nobody and nothing of another team is called by name."""
        self._only_ours = only
        yield
        self._only_ours = False

    def label(self, model: type[Model], key: int) -> str:
        name, _argument, team = self._found[model].get(key, ("", "", None))
        if self._only_ours and model in _TEAMS and team != self._team.pk:
            return _("of another team")
        return name if name and model in _NAMED else f"#{key}"

    def url(self, model: type[Model], key: int) -> str:
        """ "" for what has no page, or is there no more."""
        if model._meta.label_lower in _LISTS:
            return reverse(_LISTS[model._meta.label_lower])
        if model not in _PAGES or key not in self._found[model]:
            return ""
        return reverse(_PAGES[model][0], args=[self._found[model][key][1]])

    def thing(self, model: type[Model], key: int) -> Thing:
        return Thing(ref_of(model, key), self.label(model, key), self.url(model, key))


def _told(model: type[Model], keys: set[int]) -> QuerySet[Any, tuple[str, int, str, str, int | None]]:
    team = Cast(F(_TEAMS[model]) if model in _TEAMS else Value(None), BigIntegerField(null=True))
    rows: QuerySet[Any] = model._base_manager.filter(pk__in=keys).order_by()
    told: QuerySet[Any, Any] = rows.values_list(
        Value(model._meta.label_lower, TextField()),
        Cast("pk", BigIntegerField()),
        Cast(_NAMED.get(model, "pk"), TextField()),
        Cast(_PAGES.get(model, ("", "pk"))[1], TextField()),
        team,
    )
    return told
