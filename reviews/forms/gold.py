"""The right verdict, as an admin sets it."""

from django import forms

from generation.variants.defect_codes import DEFECT_CODES


class GoldForm(forms.Form):
    approved = forms.BooleanField(required=False)
    codes = forms.MultipleChoiceField(required=False, choices=lambda: [(key, key) for key in DEFECT_CODES])
