"""What a dataset is frozen from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.models.requests import variant_choices
from reviews.services.judged import SnapshotFilters


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
