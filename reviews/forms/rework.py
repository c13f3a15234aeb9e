"""What is done with which items: one form for the pages, the API and the command."""

import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from generation.models.requests import variant_choices
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.models import Queue
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState
from reviews.models.rework import ReworkKind
from reviews.ordering import MOST_PRIORITY
from reviews.rework import MOST_HANDLES, Act, Choice

_HANDLE = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_ANY = ("", _("Any"))


def _codes() -> list[tuple[str, Any]]:
    used = {key for variant in VARIANTS.values() for key in variant.defect_codes}
    return [_ANY, *((key, _(code.label)) for key, code in DEFECT_CODES.items() if key in used)]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _number(label: Any, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most)


class ReworkForm(forms.Form):
    """Names and keys that are not the team's are no choice."""

    act = forms.ChoiceField(label=_("What to do"), choices=ReworkKind.choices)
    to_queue = forms.TypedChoiceField(label=_("Move to the queue"), required=False, coerce=int, empty_value=None)
    to_priority = _number(_("New priority, 0 to 10"), MOST_PRIORITY)
    fresh_eyes = forms.BooleanField(
        label=_("Not by those who have judged it"),
        required=False,
        help_text=_("For reviewing again: whoever has judged an item is not given it a second time."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500)
    queue = forms.TypedChoiceField(label=_("Queue"), required=False, coerce=int, empty_value=None)
    variant = forms.ChoiceField(label=_("Variant"), required=False, choices=lambda: [_ANY, *variant_choices()])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ANY, *ItemState.choices])
    reviewer = forms.ChoiceField(label=_("Judged by"), required=False)
    since = _day(_("Judged from"))
    until = _day(_("Judged to"))
    guideline = _number(_("Guideline version"), 1_000_000, 1)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[_ANY, *OutcomeState.choices])
    code = forms.ChoiceField(label=_("Defect"), required=False, choices=_codes)
    priority = _number(_("Priority"), MOST_PRIORITY)
    handles = forms.CharField(
        label=_("These items"),
        required=False,
        max_length=100 * MOST_HANDLES,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Addresses of item pages or their handles, one a line. Nothing: all that the filters choose."),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(Queue.objects.of_team(team).order_by("variant", "position", "name"))
        people = User.objects.filter(membership__team=team).order_by("username")
        names = [(user.username, user.get_full_name() or user.username) for user in people]
        for name in ("queue", "to_queue"):
            found = [queue for queue in rows if name == "queue" or not queue.is_closed]
            self._offer(name, [(queue.pk, queue.name) for queue in found])
        self._offer("reviewer", names)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [_ANY if name != "to_queue" else ("", "–"), *choices]

    @property
    def act_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("act", "to_queue", "to_priority", "fresh_eyes", "reason")]

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        acting = {field.name for field in self.act_fields}
        return [field for field in self if field.name not in acting]

    def clean_handles(self) -> tuple[uuid.UUID, ...]:
        words = self.cleaned_data["handles"].replace(",", " ").split()
        found = [_HANDLE.search(word) for word in words]
        if not all(found):
            wrong = next(word for word, match in zip(words, found, strict=True) if match is None)
            raise forms.ValidationError(
                gettext("%(word)s names no item. Give addresses of item pages, one a line."),
                params={"word": wrong[:60]},
            )
        handles = tuple(dict.fromkeys(uuid.UUID(match[0]) for match in found if match))
        if len(handles) > MOST_HANDLES:
            most = {"most": MOST_HANDLES}
            raise forms.ValidationError(gettext("Name at most %(most)d items; choose more by filters."), params=most)
        return handles

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        act, since, until = said.get("act"), said.get("since"), said.get("until")
        if act == ReworkKind.MOVE and not said.get("to_queue") and "to_queue" not in self.errors:
            self.add_error("to_queue", gettext("Say which queue they go to."))
        if act == ReworkKind.PRIORITISE and said.get("to_priority") is None and "to_priority" not in self.errors:
            self.add_error("to_priority", gettext("Say which priority they get, from 0 to 10."))
        if isinstance(since, date) and isinstance(until, date) and since > until:
            self.add_error("since", gettext("The first day must not be after the last."))
        if said.get("guideline") and not said.get("variant") and "variant" not in self.errors:
            self.add_error("variant", gettext("Say of which variant these guidelines are."))
        return said

    def choice(self) -> Choice:
        return Choice(**{field.name: self.cleaned_data[field.name] for field in self.choice_fields})

    def the_act(self) -> Act:
        """Without what belongs to another act."""
        said = self.cleaned_data
        kind = ReworkKind(said["act"])
        return Act(
            kind,
            to_queue=said["to_queue"] if kind == ReworkKind.MOVE else None,
            to_priority=said["to_priority"] if kind == ReworkKind.PRIORITISE else None,
            fresh_eyes=said["fresh_eyes"] and kind == ReworkKind.REVIEW_AGAIN,
        )

    @classmethod
    def prefilled(cls, team: Team, asked: Mapping[str, str]) -> "ReworkForm":
        """The form with what an address asks for, to be looked at; what it does not know it leaves out."""
        initial = {name: value[:2000] for name, value in asked.items() if name in cls.base_fields and "\0" not in value}
        return cls(team=team, initial=initial)
