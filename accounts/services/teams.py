"""What holds for a whole team."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User


def change_team(team: Team, by: User, *, time_zone: str, shows_agreement: bool) -> None:
    """Change how the team works; `by` is kept in its history. A day that has begun keeps its quotas.

    Raises ValidationError for a time zone that the database does not know: it could not tell when a day begins.
    """
    check_time_zone(time_zone)
    team.time_zone, team.shows_agreement = time_zone, shows_agreement
    with transaction.atomic(), pghistory.context(user=by.pk):
        team.save(update_fields=["time_zone", "shows_agreement"])


def check_time_zone(time_zone: str) -> None:
    """Raises ValidationError for one that the database does not know: it could not tell when a day begins."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT now() AT TIME ZONE %s", [time_zone])
    except DataError as error:
        raise ValidationError({"time_zone": _("There is no such time zone.")}) from error
