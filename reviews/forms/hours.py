"""From when to when a time sheet goes."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.hours import LONGEST_DAYS, Span


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SpanForm(forms.Form):
    """Without dates the last seven days, today included."""

    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))

    def __init__(self, data: Any, today: date) -> None:
        first = (today - timedelta(days=6)).isoformat()
        given = {"since": data.get("since") or first, "until": data.get("until") or today.isoformat()}
        super().__init__(given)
        self.recent = Span(today - timedelta(days=6), today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError({"until": _("This is before the first day.")})
        if since and until and (until - since).days >= LONGEST_DAYS:
            raise ValidationError({"until": _("Ask for at most a year at once.")})
        return cleaned

    def span(self) -> Span:
        """What was asked for, or the last seven days where it cannot be understood."""
        if not self.is_valid():
            return self.recent
        return Span(self.cleaned_data["since"], self.cleaned_data["until"])
