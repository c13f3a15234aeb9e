"""What narrows the audit."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from reviews.audit.filters import AuditFilters, Subject
from reviews.audit.listing import kinds
from reviews.audit.subjects import NoRef, find_subject
from reviews.forms.filters import day_field

NOBODY = "-"
"""Stands for commands and the system where a person is chosen: no name of a person is it."""


class AuditForm(forms.Form):
    """Filters in the address. One that cannot be understood is said beside its field, and nothing is shown."""

    words = forms.CharField(
        label=_("Find"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or value")}),
    )  # fmt: skip
    person = forms.ChoiceField(label=_("Person"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = day_field(_("From"))
    until = day_field(_("To"))
    object = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.is_nobodys = False
        """Whether an object was asked for that is not the team's: such a one does not exist."""
        names = User.objects.filter(membership__team=team).order_by("username").values_list("username", "username")
        nobody = (NOBODY, gettext("Commands and the system"))
        self._choose("person", [("", gettext("All")), *names, nobody])
        self._choose("kind", [("", gettext("All")), *kinds()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def clean_object(self) -> Subject | None:
        ref: str = self.cleaned_data["object"]
        if not ref:
            return None
        try:
            subject = find_subject(self.team, ref)
        except NoRef as error:
            raise ValidationError(gettext("This names no object. Come here by a link to a history.")) from error
        self.is_nobodys = subject is None
        return subject

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("since", gettext("The first day must not be after the last."))
        return cleaned

    def asked(self) -> AuditFilters:
        """Of a valid form."""
        said, name = self.cleaned_data, self.cleaned_data["person"]
        person = User.objects.get(username=name) if name not in ("", NOBODY) else None
        return AuditFilters(
            person, name == NOBODY, said["kind"], said["object"], said["words"].strip(), said["since"], said["until"]
        )

    def asks_for_something(self) -> bool:
        return any(self.data.get(name) for name in self.fields)
