"""`/api/v1/review/settings/`: how the caller likes the desk."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rules import signed_in
from reviews.desk_actions import keys_of
from reviews.models import DeskSettings
from reviews.serializers.desk_settings import DeskSettingsSerializer
from reviews.services import desk_settings

_ANY = {200: OpenApiTypes.OBJECT}


def settings_answer(settings: DeskSettings) -> dict[str, Any]:
    """`keys` is what differs from the preset, `all_keys` what results: the key of every action, "" for none."""
    return {
        "preset": settings.preset,
        "keys": settings.keys,
        "all_keys": keys_of(settings.preset, settings.keys),
        "keys_on": settings.keys_on,
        "send_on": settings.send_on,
        "rest_minutes": settings.rest_minutes,
        "shows_pace": settings.shows_pace,
    }


class DeskSettingsView(APIView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request) -> Response:
        """The caller's own settings."""
        return self._answer(desk_settings.settings_of(signed_in(request._request)))

    @extend_schema(request=DeskSettingsSerializer, responses=_ANY)
    def patch(self, request: Request) -> Response:
        """Change what is named. `keys` replaces all of the caller's own keys: action -> key, "" for none."""
        form = DeskSettingsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        try:
            settings = desk_settings.change_settings(signed_in(request._request), form.validated_data)
        except desk_settings.SettingRefused as refused:
            raise exceptions.ValidationError({refused.field: [str(refused)]}) from refused
        return self._answer(settings)

    def _answer(self, settings: DeskSettings) -> Response:
        return Response(settings_answer(settings), headers={"Cache-Control": "no-store"})
