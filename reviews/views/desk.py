"""The desk: one page, filled by static/js/desk from /api/v1/review/."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import signed_in
from reviews.desk_actions import ACTIONS, GROUPS, PRESETS, keys_of
from reviews.models import DeskSettings
from reviews.serializers.desk import quota_words
from reviews.services import desk_settings, quotas

FOOT = ("undo", "skip", "snooze", "cannot", "mask_wrong", "unsuitable", "escalate", "guidelines", "help")
"""Beside the verdicts: the actions that have a button at the foot."""


@never_cache
@gzip_page  # of its 60 kB 8 are left; the token in it is masked anew each time, and the length blurred
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    reviewer = signed_in(request)
    settings = desk_settings.settings_of(reviewer)
    keys = keys_of(settings.preset, settings.keys)
    context = {
        "quota": (quota := quotas.state(reviewer)),
        "quota_more": quota_words(quota),
        "keys": keys,
        "foot_actions": FOOT,
        "groups": _groups(),
        "presets": [(key, _(preset.label)) for key, preset in PRESETS.items()],
        "config": json.dumps(_config(reviewer, settings, keys)),
    }
    return render(request, "reviews/desk/desk.html", context)


def _groups() -> list[dict[str, Any]]:
    return [
        {
            "label": _(group.label),
            "actions": [
                (name, {"label": _(action.label), "explanation": _(action.explanation)})
                for name, action in group.actions.items()
            ],
        }
        for group in GROUPS
    ]


def _config(reviewer: User, settings: DeskSettings, keys: dict[str, str]) -> dict[str, Any]:
    """What static/js/desk/config.js reads."""
    return {
        "reviewer": {"handle": str(reviewer.handle)},
        "actions": {
            name: {"key": keys[name], "held": action.held, "repeats": action.repeats}
            for name, action in ACTIONS.items()
        },
        "settings": {
            "preset": settings.preset,
            "keys": settings.keys,
            "keys_on": settings.keys_on,
            "send_on": settings.send_on,
            "rest_minutes": settings.rest_minutes,
            "shows_pace": settings.shows_pace,
        },
    }
