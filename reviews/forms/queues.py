"""A queue's rules as an admin writes them."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role, Team, User
from reviews.models import Queue, ReviewerGroup, Skill
from reviews.routing import FIELDS, MOST_CONDITIONS, OPERATORS
from reviews.services.queues import Audience

SPARE_ROWS = 3
_PARTS = {
    "what": ("name", "variant", "purpose"),
    "how": ("overlap", "policy", "overlap_more", "overlap_share", "second_look_share", "gold_share"),
    "which": ("top_ranks", "score_floor", "exploration_share"),
    "when": ("score_weight", "uncertainty_weight", "reach_hours", "due_hours", "backlog_limit"),
    "hold": ("lease_seconds", "soft_lease_seconds"),
}


class QueueForm(forms.ModelForm[Queue]):
    """Everything but conditions and audience, in the parts in which the page shows it."""

    class Meta:
        model = Queue
        fields = [name for part in _PARTS.values() for name in part]
        help_texts = {
            "name": _("As people call it, for example: Shoes, second look."),
            "purpose": _(
                "Scored requests enter first reviews and comparisons. Gold calibration shows known items again, among "
                "the others, to see how they are judged: it changes no outcome and enters no dataset."
            ),
            "gold_share": _(
                "0 to 1, for example 0.05. For this share of what is resolved here an item whose right answer is known "
                "is shown again to somebody who has not seen it. Nobody at the desk can tell it."
            ),
            "policy": _("What the verdicts of several reviewers come to."),
            "overlap": _("How many people judge each item."),
            "overlap_more": _("A share of the items, drawn by chance, is judged by so many."),
            "score_weight": _("0 to 1. With both weights at 0 the oldest item comes first."),
            "uncertainty_weight": _("0 to 1. Most unsure is a score of one half."),
            "due_hours": _("What is due within a day comes as if it had waited."),
        }

    of_what_is_new = ("policy", "second_look_share", "gold_share")
    """Of how often, and what comes of it: what says nothing of known items."""

    def part(self, name: str) -> list[forms.BoundField]:
        return [self[field] for field in _PARTS[name]]

    @property
    def what(self) -> list[forms.BoundField]:
        return self.part("what")

    @property
    def how(self) -> list[forms.BoundField]:
        return self.part("how")

    @property
    def which(self) -> list[forms.BoundField]:
        return self.part("which")

    @property
    def when(self) -> list[forms.BoundField]:
        return self.part("when")

    @property
    def hold(self) -> list[forms.BoundField]:
        return self.part("hold")

    def _post_clean(self) -> None:
        """The service checks the whole queue and saves it; the form only reads what was sent."""


class ConditionForm(forms.Form):
    """One row. A row without a field says nothing."""

    field = forms.ChoiceField(label=_("Of the request, the"), required=False)
    op = forms.ChoiceField(label=_("compared"), required=False)
    value = forms.CharField(label=_("with"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = [(key, gettext(known.label)) for key, known in FIELDS.items()]
        self.fields["field"].choices = [("", gettext("no condition")), *fields]  # type: ignore[attr-defined]
        words = {op: gettext(label) for labels in OPERATORS.values() for op, label in labels.items()}
        self.fields["op"].choices = list(words.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known = FIELDS.get(data.get("field", ""))
        if known is None:
            return data
        if data.get("op") not in OPERATORS[known.kind]:
            words = ", ".join(gettext(label) for label in OPERATORS[known.kind].values())
            self.add_error("op", gettext("For this use: %(operators)s.") % {"operators": words})
        text = str(data.get("value", "")).strip()
        if known.kind == "number":
            data["number"] = self._number(text)
        elif known.kind == "yes_no" and self._yes_or_no(text) is None:
            self.add_error("value", gettext("Yes or no."))
        elif not text:
            self.add_error("value", gettext("Say what it is compared with."))
        return data

    def _number(self, text: str) -> float | None:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            self.add_error("value", gettext("A number, for example 0.8."))
            return None

    @staticmethod
    def _yes_or_no(text: str) -> bool | None:
        said = {"yes": True, "true": True, "no": False, "false": False}
        said |= {gettext("yes").casefold(): True, gettext("no").casefold(): False}
        return said.get(text.casefold())

    @property
    def condition(self) -> dict[str, Any] | None:
        """What it says, for reviews.routing; None for an empty row."""
        data = self.cleaned_data
        known = FIELDS.get(data.get("field", ""))
        if known is None:
            return None
        value: Any = data["number"] if known.kind == "number" else data["value"].strip()
        if known.kind == "yes_no":
            value = self._yes_or_no(value)
        return {"field": data["field"], "op": data["op"], "value": value}


ConditionFormSet = forms.formset_factory(
    ConditionForm, extra=SPARE_ROWS, max_num=MOST_CONDITIONS, absolute_max=MOST_CONDITIONS + SPARE_ROWS
)


def rows_of(queue: Queue) -> list[dict[str, Any]]:
    """The rows that stand for a queue's conditions."""
    words = {True: gettext("yes"), False: gettext("no")}
    return [
        {**condition, "value": words[value] if isinstance(value := condition["value"], bool) else value}
        for condition in queue.conditions
    ]


class AudienceForm(forms.Form):
    """Who judges it. Nobody chosen: everybody who may review."""

    reviewers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("These people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    groups = forms.ModelMultipleChoiceField(
        ReviewerGroup.objects.none(), label=_("These groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    skill = forms.ModelChoiceField(
        Skill.objects.none(), label=_("Who has this skill"), required=False, empty_label=_("no skill needed")
    )
    min_level = forms.IntegerField(label=_("at this level at least"), min_value=1, max_value=5, initial=1)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = Membership.objects.filter(team=team, role__in=(Role.REVIEWER, Role.ADMIN)).values("user")
        # Who is named stays named while they are switched off: without anybody the queue would be everybody's.
        named = [person.pk for person in (self.initial or {}).get("reviewers", [])]
        offered = Q(pk__in=ours, is_active=True) | Q(pk__in=named)
        people = User.objects.filter(offered).order_by("username")
        self.fields["reviewers"].queryset = people  # type: ignore[attr-defined]
        self.fields["groups"].queryset = ReviewerGroup.objects.filter(team=team).order_by("name")  # type: ignore[attr-defined]
        self.fields["skill"].queryset = Skill.objects.filter(team=team).order_by("name")  # type: ignore[attr-defined]

    @property
    def audience(self) -> Audience:
        data = self.cleaned_data
        skills = {data["skill"]: data["min_level"]} if data["skill"] else {}
        return Audience(list(data["reviewers"]), list(data["groups"]), skills)


def audience_initial(audience: Audience) -> dict[str, Any]:
    skill, level = next(iter(audience.skills.items()), (None, 1))
    return {"reviewers": list(audience.reviewers), "groups": list(audience.groups), "skill": skill, "min_level": level}
