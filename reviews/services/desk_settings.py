"""How a reviewer likes the desk."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from reviews.desk_actions import ACTIONS, PRESETS, KeyRefused, own_keys
from reviews.models import DeskSettings
from reviews.models.desk import SendOn

MOST_REST_MINUTES = 240


class SettingRefused(ValueError):
    """`field` is what cannot be as asked ("keys.approve" for a key); the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def settings_of(reviewer: User) -> DeskSettings:
    """The reviewer's settings; unsaved defaults where they never changed any."""
    return DeskSettings.objects.filter(reviewer=reviewer).first() or DeskSettings(reviewer=reviewer)


def change_settings(reviewer: User, changes: Mapping[str, Any]) -> DeskSettings:
    """Change what is named in `changes`: fields of DeskSettings; `keys` replaces all of the reviewer's own keys.

    Raises SettingRefused; nothing is changed then.
    """
    with transaction.atomic():
        # Two pages of one reviewer may save at once: the second waits, and checks against what the first has left.
        User.objects.select_for_update().get(pk=reviewer.pk)
        settings = settings_of(reviewer)
        for field, value in changes.items():
            setattr(settings, field, value)
        _check(settings)
        settings.save()
    return settings


def _check(settings: DeskSettings) -> None:
    if settings.preset not in PRESETS:
        raise SettingRefused("preset", _("There is no such preset."))
    if settings.send_on not in SendOn.values:
        raise SettingRefused("send_on", _("An item is sent with the last mark or with Enter."))
    if not 0 <= settings.rest_minutes <= MOST_REST_MINUTES:
        raise SettingRefused("rest_minutes", _("Minutes are a whole number from 0 to 240."))
    try:
        settings.keys = own_keys(settings.preset, settings.keys)
    except KeyRefused as refused:
        raise SettingRefused(f"keys.{refused.name}", _told(refused)) from refused


def _told(refused: KeyRefused) -> str:
    if not refused.other:
        return _(refused.reason)
    return _("This key is taken already: %(action)s.") % {"action": _(ACTIONS[refused.other].label)}
