"""What changes people and tokens."""

from collections.abc import Sequence
from datetime import timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.db import DataError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Team, User


def choose_language(user: User, language: str) -> None:
    """Remember which language the person reads; an empty one leaves it to the cookie and the browser."""
    user.language = language
    user.save(update_fields=["language"])


def issue_token(user: User, *, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """Issue a token that lives for `days`; returns it with its secret, which is shown once and never stored."""
    return ApiToken.issue(user=user, name=name, scopes=list(scopes), expires_at=timezone.now() + timedelta(days=days))


def revoke_token(user: User, pk: int) -> None:
    """Revoke one of the user's own tokens, at once and for good. Raises ApiToken.DoesNotExist for anybody else's."""
    token = ApiToken.objects.get(pk=pk, user=user)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def change_team(team: Team, by: User, *, time_zone: str, shows_agreement: bool) -> None:
    """Change how the team works; `by` is kept in its history. A day that has begun keeps its quotas.

    Raises ValidationError for a time zone that the database does not know: it could not tell when a day begins.
    """
    team.time_zone, team.shows_agreement = time_zone, shows_agreement
    try:
        with transaction.atomic(), pghistory.context(user=by.pk), connection.cursor() as cursor:
            cursor.execute("SELECT now() AT TIME ZONE %s", [time_zone])
            team.save(update_fields=["time_zone", "shows_agreement"])
    except DataError as error:
        raise ValidationError(_("There is no such time zone.")) from error
