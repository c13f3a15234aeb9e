"""The right verdict, as an admin sets it; and how many known items are shown."""

from django import forms

from generation.variants.defect_codes import DEFECT_CODES
from reviews.services.calibration import MOST_AT_ONCE


class GoldForm(forms.Form):
    approved = forms.BooleanField(required=False)
    codes = forms.MultipleChoiceField(required=False, choices=lambda: [(key, key) for key in DEFECT_CODES])


class CountForm(forms.Form):
    count = forms.IntegerField(min_value=1, max_value=MOST_AT_ONCE)
