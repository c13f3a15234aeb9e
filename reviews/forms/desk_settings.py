"""How a reviewer likes the desk."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviews.desk_actions import ACTIONS, GROUPS, PRESETS, keys_of
from reviews.models import DeskSettings
from reviews.models.desk import SendOn


def key_field(action: str) -> str:
    """The name of the field with an action's key."""
    return f"key_{action}"


def _presets() -> list[tuple[str, str | Promise]]:
    return [(key, _(preset.label)) for key, preset in PRESETS.items()]


class DeskSettingsForm(forms.Form):
    """All of a reviewer's settings, with a field for the key of every action. Space is written as a word."""

    preset = forms.ChoiceField(
        label=_("Keys like those of"), choices=_presets, help_text=_("Another preset replaces your own keys.")
    )
    keys_on = forms.BooleanField(
        label=_("Single keys do something"),
        required=False,
        help_text=_("Switched off, letters and signs do nothing; the buttons, the arrows and Enter still do."),
    )
    send_on = forms.ChoiceField(label=_("An item is sent"), choices=SendOn.choices, widget=forms.RadioSelect)
    rest_minutes = forms.IntegerField(
        label=_("Remind me to rest after, minutes"), min_value=0, max_value=240, help_text=_("0 means never.")
    )
    shows_pace = forms.BooleanField(label=_("Show my pace at the desk"), required=False)

    def __init__(self, data: QueryDict | None = None, *, settings: DeskSettings) -> None:
        keys = keys_of(settings.preset, settings.keys)
        names = ("preset", "keys_on", "send_on", "rest_minutes", "shows_pace")
        initial: dict[str, Any] = {name: getattr(settings, name) for name in names}
        initial |= {key_field(name): key.replace(" ", "space") for name, key in keys.items()}
        super().__init__(data, initial=initial)
        for name, action in ACTIONS.items():
            self.fields[key_field(name)] = forms.CharField(
                label=gettext(action.explanation),
                required=False,
                max_length=20,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
            )

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields of the keys as the sheet groups them."""
        for group in GROUPS:
            yield gettext(group.label), [self[key_field(name)] for name in group.actions]

    def changes(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        keys = {name: data[key_field(name)].lower().replace("space", " ") for name in ACTIONS}
        return {name: value for name, value in data.items() if name not in map(key_field, ACTIONS)} | {"keys": keys}
