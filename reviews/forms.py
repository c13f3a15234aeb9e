"""Forms check form; what is allowed is decided by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.models.requests import variant_choices
from reviews.services.judged import SnapshotFilters


class QuotaForm(forms.Form):
    daily_images = forms.IntegerField(label=_("Images a day"), min_value=0, max_value=100_000)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever judges the item next reads it beside the images, without your name."),
    )


class FreezeForm(forms.Form):
    name = forms.SlugField(
        label=_("Name"), max_length=80, help_text=_("Freezing under a name again makes its next version.")
    )
    variant = forms.ChoiceField(label=_("Variant"), choices=variant_choices)
    since = forms.DateTimeField(
        label=_("Decided since"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=_("Decided until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    include_exploration = forms.BooleanField(
        label=_("With candidates shown by exploration"), required=False, initial=True
    )

    def filters(self) -> SnapshotFilters:
        return SnapshotFilters(**{key: value for key, value in self.cleaned_data.items() if key != "name"})
