"""What an admin settles for the team."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

Choices = list[tuple[str, StrOrPromise]]


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
