"""What the simulator changes. Whatever is left empty stays as it was."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Team
from reviews.models import Queue

WEEKS = 8


def _whole(label: StrOrPromise, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most)


def _share(label: StrOrPromise) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "0.01"})
    return forms.FloatField(label=label, required=False, min_value=0, max_value=1, widget=widget)


class SimulatorForm(forms.Form):
    queue = forms.ModelChoiceField(label=_("Queue"), queryset=Queue.objects.none())
    weeks = forms.IntegerField(label=_("Weeks"), min_value=1, max_value=WEEKS, initial=4)
    quota = _whole(_("Images a person a day"), 100_000)
    overlap = forms.FloatField(
        label=_("Reviewers an item"), required=False, min_value=1, max_value=9,
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )  # fmt: skip
    top_ranks = _whole(_("Top ranks shown"), 100, 1)
    score_floor = _share(_("Score floor"))
    exploration_share = _share(_("Exploration share"))

    def __init__(self, data: QueryDict | None, team: Team) -> None:
        super().__init__(data)
        queues = Queue.objects.of_team(team).select_related("team").in_order()
        cast("forms.ModelChoiceField[Queue]", self.fields["queue"]).queryset = queues
