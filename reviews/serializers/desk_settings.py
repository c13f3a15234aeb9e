"""How a reviewer likes the desk."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from reviews.desk_actions import ACTIONS


class DeskSettingsSerializer(serializers.Serializer[Any]):
    """Fields that are not named stay as they are. What the values may be is reviews.services.desk_settings' to say."""

    preset = serializers.CharField(max_length=20)
    keys = serializers.DictField(child=serializers.CharField(max_length=20, allow_blank=True, trim_whitespace=False))
    keys_on = serializers.BooleanField()
    send_on = serializers.CharField(max_length=10)
    rest_minutes = serializers.IntegerField(min_value=0, max_value=240)
    shows_pace = serializers.BooleanField()

    def validate_keys(self, keys: dict[str, str]) -> dict[str, str]:
        if len(keys) > len(ACTIONS):
            raise serializers.ValidationError(_("There are not so many actions."))
        return keys
