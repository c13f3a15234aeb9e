"""Webhooks and the choice of notices, as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from delivery.events import EVENTS
from delivery.kinds import KINDS
from delivery.services.notices import chosen_kinds, offered_kinds


class EndpointForm(forms.Form):
    """What the address may be is for the service to say."""

    url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("Where events are sent, for example https://example.com/canvas-review. Only https, and public."),
    )  # fmt: skip
    description = forms.CharField(
        label=_("Description"), max_length=120, required=False, help_text=_("What listens there.")
    )
    topics = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.fields["topics"]
        assert isinstance(topics, forms.MultipleChoiceField)  # noqa: S101 - declared above
        topics.choices = [(key, f"{_now(label)} · {key}") for key, label in EVENTS.items()]


class ChangeEndpointForm(EndpointForm):
    is_active = forms.BooleanField(
        label=_("Switched on"),
        required=False,
        help_text=_("Switched off, nothing is sent. What waits already is sent when it is on again."),
    )


class NoticeChoiceForm(forms.Form):
    mailed = forms.MultipleChoiceField(label=_("By e-mail too"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, initial={"mailed": sorted(chosen_kinds(user))})
        mailed = self.fields["mailed"]
        assert isinstance(mailed, forms.MultipleChoiceField)  # noqa: S101 - declared above
        mailed.choices = [(key, _now(KINDS[key].label)) for key in offered_kinds(user)]
