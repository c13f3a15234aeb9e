"""How much a reviewer may judge, and when nobody need."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from generation.models.requests import variant_choices
from reviews.models import Queue
from reviews.models.crews import ReviewerGroup
from reviews.models.queues import QueuePurpose
from reviews.models.quotas import QuotaPeriod, QuotaUnit
from reviews.services.quota_changes import Change
from reviews.services.quota_table import MOST_BYTES


class QuotaForm(forms.Form):
    daily_images = forms.IntegerField(label=_("Images a day"), min_value=0, max_value=100_000)


class TermsForm(forms.Form):
    """What the chosen people get."""

    cap = forms.IntegerField(label=_("At most"), min_value=0, max_value=1_000_000, required=False)
    target = forms.IntegerField(label=_("Target"), min_value=0, max_value=1_000_000, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=QuotaUnit.choices, initial=QuotaUnit.IMAGES)
    period = forms.ChoiceField(label=_("Period"), choices=QuotaPeriod.choices, initial=QuotaPeriod.DAY)
    carries_over = forms.BooleanField(label=_("What is left carries over"), required=False)

    def changes_for(self, usernames: list[str]) -> list[Change]:
        return [Change(reviewer=name, **self.cleaned_data) for name in usernames]


class RuleForm(TermsForm):
    """One rule for whomever and wherever. Names that are not the team's are no choice."""

    group = forms.ChoiceField(label=_("For"), required=False)
    queue = forms.ChoiceField(label=_("Of the queue"), required=False)
    variant = forms.ChoiceField(label=_("Of the variant"), required=False)
    is_shared = forms.BooleanField(label=_("One budget for all of them"), required=False)
    field_order = ("group", "queue", "variant")

    def __init__(self, team: Team, data: Any = None) -> None:
        super().__init__(data, auto_id="rule_%s")
        groups = ReviewerGroup.objects.filter(team=team).order_by("name").values_list("name", flat=True)
        queues = Queue.objects.of_team(team).exclude(purpose=QueuePurpose.CALIBRATION)
        choice = {name: field for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)}
        choice["group"].choices = [("", _("Everybody")), *((name, name) for name in groups)]
        choice["queue"].choices = [
            ("", _("All queues")),
            *((queue.name, queue.name) for queue in queues.order_by("name")),
        ]
        choice["variant"].choices = [("", _("All variants")), *variant_choices()]

    def change(self) -> Change:
        return Change(**self.cleaned_data)


class TableForm(forms.Form):
    """Quotas as CSV, from a file or pasted."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("Or paste the table"), required=False, strip=False, max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sent = cleaned.get("file")
        if sent is None:
            return cleaned
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Send it in parts."))
        try:
            cleaned["text"] = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not text in UTF-8. Save it as CSV UTF-8.")) from error
        return cleaned


class _PersonForm(forms.Form):
    """For one of `people`, or for everybody."""

    reviewer = forms.ModelChoiceField(
        User.objects.none(), label=_("Who"), required=False, to_field_name="username", empty_label=_("Everybody")
    )

    def __init__(self, team: Team, data: Any = None) -> None:
        super().__init__(data, auto_id="for_%s")
        who = self.fields["reviewer"]
        assert isinstance(who, forms.ModelChoiceField)  # noqa: S101 - for the type
        who.queryset = User.objects.filter(membership__team=team, is_active=True).order_by("username")


class PauseForm(_PersonForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ResumeForm(_PersonForm):
    pass


class HolidayForm(_PersonForm):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
