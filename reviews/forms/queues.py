"""A queue's rules as an admin writes them."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User
from reviews.models import Queue, ReviewerGroup, Skill
from reviews.models.queues import JUDGING
from reviews.routing import FIELDS, MOST_CONDITIONS, OPERATORS
from reviews.services.queues import Audience

SPARE_ROWS = 3
MOST_SKILLS = 20
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


def shown_first(data: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """What the rows of a formset hold at first; None once they were sent: a row that says the same as what is there now
    would count as left empty."""
    return rows if data is None else None


def rows_of(queue: Queue) -> list[dict[str, Any]]:
    """The rows that stand for a queue's conditions."""
    words = {True: gettext("yes"), False: gettext("no")}
    return [
        {**condition, "value": words[value] if isinstance(value := condition["value"], bool) else value}
        for condition in queue.conditions
    ]


class SkillForm(forms.Form):
    """One row. A row without a skill says nothing."""

    skill = forms.ModelChoiceField(
        Skill.objects.none(), label=_("Who has this skill"), required=False, empty_label=_("no skill needed")
    )
    min_level = forms.IntegerField(
        label=_("at this level at least"), required=False, min_value=1, max_value=5, initial=1
    )

    def __init__(self, *args: Any, skills: QuerySet[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = skills  # type: ignore[attr-defined]


class _SkillRows(forms.BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        named = [row.cleaned_data["skill"] for row in self.forms if row.cleaned_data.get("skill")]
        if len(named) != len(set(named)):
            raise forms.ValidationError(_("A skill stands in two rows. Keep the one with the level you want."))


SkillFormSet = forms.formset_factory(
    SkillForm, formset=_SkillRows, extra=1, max_num=MOST_SKILLS, absolute_max=MOST_SKILLS + SPARE_ROWS
)


class AudienceForm(forms.Form):
    """Who judges it: these people, these groups, and with `skills`, a formset, who has them. Nobody chosen: everybody
    who may review."""

    reviewers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("These people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    groups = forms.ModelMultipleChoiceField(
        ReviewerGroup.objects.none(), label=_("These groups"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, team: Team, audience: Audience) -> None:
        initial = {"reviewers": list(audience.reviewers), "groups": list(audience.groups)}
        super().__init__(data, prefix="audience", initial=initial)
        ours = Membership.objects.filter(team=team, role__in=JUDGING).values("user")
        # Who is named stays named while they are switched off: without anybody the queue would be everybody's.
        named = [person.pk for person in audience.reviewers]
        people = User.objects.filter(Q(pk__in=ours, is_active=True) | Q(pk__in=named)).order_by("username")
        self.fields["reviewers"].queryset = people  # type: ignore[attr-defined]
        self.fields["groups"].queryset = ReviewerGroup.objects.filter(team=team).order_by("name")  # type: ignore[attr-defined]
        known = Skill.objects.filter(team=team).order_by("name")
        rows = [{"skill": skill, "min_level": level} for skill, level in audience.skills.items()]
        self.skills = SkillFormSet(
            data, prefix="skills", initial=shown_first(data, rows), form_kwargs={"skills": known}
        )
        self.has_skills = known.exists()

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.skills.is_valid()])

    @property
    def is_wrong(self) -> bool:
        return self.is_bound and bool(self.errors or self.skills.total_error_count())

    @property
    def audience(self) -> Audience:
        data, rows = self.cleaned_data, [row.cleaned_data for row in self.skills.forms]
        levels = {row["skill"]: row["min_level"] or 1 for row in rows if row.get("skill")}
        return Audience(list(data["reviewers"]), list(data["groups"]), levels)
