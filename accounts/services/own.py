"""What people settle for themselves: their language and their tokens."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import ApiToken, User


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
