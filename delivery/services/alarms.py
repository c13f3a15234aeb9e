"""What is told when it begins to be so, and not again before it has ended."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Team
from delivery.models import Alarm
from delivery.services import notices


def raise_alarm(team: Team, kind: str, about: str, values: Mapping[str, Any], path: str = "") -> bool:
    """Tell the team's admins unless the alarm is on already; returns whether it was raised now."""
    with transaction.atomic():
        _alarm, is_new = Alarm.objects.get_or_create(team=team, kind=kind, about=about)
        if is_new:
            notices.tell_admins(team, kind, about, values, path)
    return is_new


def clear_alarm(team: Team, kind: str, about: str) -> bool:
    """From now on it may be raised again; returns whether it was on."""
    return bool(Alarm.objects.filter(team=team, kind=kind, about=about).delete()[0])
