"""What narrows a report."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from generation.models.requests import variant_choices
from reviews.models import Queue, ReviewerGroup
from reviews.reports.filters import LISTED_DAYS, MOST_DAYS, ReportFilters, last_days


class _PersonField(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return obj.get_full_name() or obj.username


class ReportForm(forms.Form):
    """Filters in the address: what cannot be understood asks for nothing, and is said beside its field."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    queue = forms.ModelChoiceField(
        label=_("Queue"), required=False, queryset=Queue.objects.none(), empty_label=_("All")
    )
    variant = forms.ChoiceField(
        label=_("Variant"), required=False, choices=lambda: [("", _("All")), *variant_choices()]
    )
    person = _PersonField(label=_("Person"), required=False, queryset=User.objects.none(), empty_label=_("All"))
    group = forms.ModelChoiceField(
        label=_("Group"), required=False, queryset=ReviewerGroup.objects.none(), empty_label=_("All")
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual = last_days(team, LISTED_DAYS)
        self._choose_from("queue", Queue.objects.filter(team=team).order_by("name"))
        self._choose_from("person", User.objects.filter(membership__team=team).order_by("username"))
        self._choose_from("group", ReviewerGroup.objects.filter(team=team).order_by("name"))
        self.fields["since"].initial, self.fields["until"].initial = self._usual.since, self._usual.until

    def _choose_from(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = self._range(cleaned)
        if since > until:
            self.add_error("since", gettext("The first day must not be after the last."))
        elif (until - since).days >= MOST_DAYS:
            self.add_error("since", gettext("Choose at most %(days)s days.") % {"days": MOST_DAYS})
        return cleaned

    def _range(self, cleaned: dict[str, Any]) -> tuple[date, date]:
        """The days asked for; where only one end is given, as many days as usual."""
        since: date | None = cleaned.get("since")
        until: date | None = cleaned.get("until")
        if until is None:
            until = self._usual.until if since is None else max(since, self._usual.until)
        if since is None:
            since = until - (self._usual.until - self._usual.since)
        return since, until

    def filters(self) -> ReportFilters:
        """What was understood; the usual days where nothing was asked."""
        if not self.is_valid() and not self.is_bound:
            return self._usual
        cleaned = {name: value for name, value in self.cleaned_data.items() if value}
        since, until = self._range(cleaned)
        return ReportFilters(**(cleaned | {"since": since, "until": until}))

    def asks_for_something(self) -> bool:
        return self.is_bound
