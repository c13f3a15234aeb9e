from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=lambda: [("", _("As the browser asks")), *settings.LANGUAGES]
    )


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, for example “nightly import”.")
    )
    scopes = forms.MultipleChoiceField(label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Valid for, days"), min_value=1, max_value=365, initial=90)
