"""How much a reviewer may judge."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QuotaForm(forms.Form):
    daily_images = forms.IntegerField(label=_("Images a day"), min_value=0, max_value=100_000)
