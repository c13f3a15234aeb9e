"""How one reviewer likes the desk. It changes how things are shown and asked for, never what is decided."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from reviews.desk_actions import PRESETS


class SendOn(models.TextChoices):
    LAST_MARK = "last_mark", _("With the last mark")
    ENTER = "enter", _("With Enter")


def preset_choices() -> list[tuple[str, str]]:
    return [(key, preset.label) for key, preset in PRESETS.items()]


class DeskSettings(models.Model):
    """Without a row the defaults hold. `keys` holds what differs from the preset: action -> key, "" for none."""

    reviewer = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_settings")
    preset = models.CharField(_("preset"), max_length=20, choices=preset_choices, default="canvas")
    keys = models.JSONField(default=dict, blank=True)
    keys_on = models.BooleanField(_("single keys"), default=True)
    send_on = models.CharField(_("send an item"), max_length=10, choices=SendOn, default=SendOn.LAST_MARK)
    rest_minutes = models.PositiveSmallIntegerField(
        _("remind me to rest after, minutes"), default=0, validators=[MaxValueValidator(240)]
    )
    shows_pace = models.BooleanField(_("show my pace"), default=False)

    def __str__(self) -> str:
        return f"desk of {self.reviewer_id}"
