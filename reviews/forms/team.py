"""What an admin settles for the team, and for its people."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Role, Team, User
from reviews.models import GroupMember, ReviewerGroup, ReviewerSkill, Skill

Choices = list[tuple[str, StrOrPromise]]
LEVELS: Choices = [
    ("0", _("Not theirs")), ("1", _("1, learning")), ("2", "2"), ("3", "3"), ("4", "4"), ("5", _("5, teaches others")),
]  # fmt: skip


def _zones() -> Choices:
    """Places people know; the old names and the arithmetic ones ("Etc/GMT+5") only puzzle."""
    places = [zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))]
    return [("UTC", "UTC"), *((zone, zone) for zone in sorted(places))]


class TeamForm(forms.Form):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, help_text=_("Where the team's working day begins, at midnight.")
    )
    shows_agreement = forms.BooleanField(
        label=_("Reviewers see their agreement with gold"), required=False,
        help_text=_("After the fact, on the page of their own day. Never at the desk."),
    )  # fmt: skip


class FloorForm(forms.Form):
    hold_minutes = forms.IntegerField(
        label=_("Publication hold, minutes"), min_value=0, max_value=10_080,
        help_text=_("So long after an item is resolved its webhooks wait: what is undone meanwhile leaves no trace."),
    )  # fmt: skip
    locks_after_hours = forms.IntegerField(
        label=_("Accepted items lock after, hours"), min_value=0, max_value=8_760,
        help_text=_("From then on only an admin can bring an accepted item back to review, with a reason."),
    )  # fmt: skip
    gold_floor = forms.IntegerField(
        label=_("Known images judged right, at least, in 100"), min_value=0, max_value=100,
        help_text=_("Whose share is below it by more than chance explains is told to admins. 0: nobody is."),
    )  # fmt: skip
    gold_pauses = forms.BooleanField(
        label=_("Pause whoever is below it"), required=False,
        help_text=_("Nothing new is given to them until an admin ends the pause."),
    )  # fmt: skip


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The invitation goes there."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=lambda: [("", _("As the team's")), *_zones()],
        help_text=_("Where their working day begins."),
    )  # fmt: skip


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("Username"), max_length=150, help_text=_("Letters, digits and @ . + - _ only. It cannot be changed.")
    )
    field_order = ("username", "name", "email", "role", "time_zone")


class PeopleForm(forms.Form):
    """Filters in the address: what cannot be understood asks for nothing."""

    words = forms.CharField(
        label=_("Find"), required=False, max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or e-mail")}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    group = forms.ModelChoiceField(
        label=_("Group"), required=False, queryset=ReviewerGroup.objects.none(), empty_label=_("All")
    )
    skill = forms.ModelChoiceField(
        label=_("Skill"), required=False, queryset=Skill.objects.none(), empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), ("active", _("Active")), ("off", _("Switched off"))],
    )  # fmt: skip

    def __init__(self, *args: object, team: Team, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field, model in (("group", ReviewerGroup), ("skill", Skill)):
            _choices(self, field).queryset = model._default_manager.filter(team=team).order_by("name")

    def understood(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _choices(form: forms.Form, name: str) -> "forms.ModelChoiceField":  # type: ignore[type-arg]
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
    return field


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)


class GroupForm(NameForm):
    members = forms.ModelMultipleChoiceField(
        label=_("Members"), required=False, queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, team: Team, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        of_team = User.objects.filter(membership__team=team).order_by("username")
        _choices(self, "members").queryset = of_team


class CrewsForm(forms.Form):
    """In which groups somebody is, and how well they do what the team calls skills."""

    groups = forms.MultipleChoiceField(label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, person: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        team = person.membership.team_id
        mine = GroupMember.objects.filter(reviewer=person, group=OuterRef("pk"))
        level = ReviewerSkill.objects.filter(reviewer=person, skill=OuterRef("pk")).values("level")
        groups = ReviewerGroup.objects.filter(team=team).annotate(is_theirs=Exists(mine)).order_by("name")
        skills = Skill.objects.filter(team=team).annotate(level=Coalesce(Subquery(level), 0)).order_by("name")
        self._groups = {str(group.pk): group for group in groups}
        self._skills = {f"skill-{skill.pk}": skill for skill in skills}
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared so
        field.choices = [(key, group.name) for key, group in self._groups.items()]
        self.initial["groups"] = [group.pk for group in groups if group.is_theirs]
        for name, skill in zip(self._skills, skills, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=skill.name, choices=LEVELS, required=False, initial=str(skill.level)
            )

    def asks_for_something(self) -> bool:
        return bool(self._groups or self._skills)

    def chosen(self) -> list[ReviewerGroup]:
        return [self._groups[key] for key in self.cleaned_data["groups"]]

    def levels(self) -> dict[int, int]:
        """By the skill's primary key, of those that are theirs."""
        said = {skill.pk: int(self.cleaned_data[name] or 0) for name, skill in self._skills.items()}
        return {pk: level for pk, level in said.items() if level}
