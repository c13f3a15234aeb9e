"""`Authorization: Bearer cr_…` for programs."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.languages import speak_to
from accounts.models import ApiToken, User

_USE_PRECISION = timedelta(minutes=1)


class ApiTokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        digest = ApiToken.digest_of(secret.strip())
        token = ApiToken.objects.usable().select_related("user").filter(digest=digest).first()
        if token is None:
            raise AuthenticationFailed(
                _("This token is unknown, revoked or expired. Create a new one under API tokens.")
            )
        now = timezone.now()
        # Once a minute is enough to tell a living token from a forgotten one, and keeps reads free of writes.
        ApiToken.objects.filter(pk=token.pk).exclude(last_used_at__gt=now - _USE_PRECISION).update(last_used_at=now)
        speak_to(token.user)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
