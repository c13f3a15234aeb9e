"""Where a team's events go: endpoints, and the secrets that sign what is sent to them."""

from collections.abc import Collection
from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Team, User
from delivery import outbox
from delivery.addresses import AddressRefused, parse_url
from delivery.events import EVENTS
from delivery.models import WebhookEndpoint, WebhookMessage
from delivery.models.webhooks import MessageState
from delivery.services import notices
from delivery.signing import make_secret

BOTH_SECRETS = timedelta(hours=24)
MOST_ENDPOINTS = 20


def create_endpoint(
    team: Team, by: User, *, url: str, topics: Collection[str], description: str = ""
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint with its secret, which is shown this once. Raises ValidationError."""
    _check(url, topics)
    with transaction.atomic(), pghistory.context(user=by.pk):
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        if WebhookEndpoint.objects.filter(team=team).count() >= MOST_ENDPOINTS:
            raise ValidationError(_("A team has at most 20 webhooks. Change one that is there."))
        endpoint = WebhookEndpoint.objects.create(
            team=team, url=url, topics=sorted(set(topics)), description=description, secret=make_secret()
        )
    return endpoint, endpoint.secret


def change_endpoint(
    endpoint: WebhookEndpoint, by: User, *, url: str, topics: Collection[str], description: str, is_active: bool
) -> None:
    """Change where it goes and what it hears; switched on again, it gets what waited. Raises ValidationError."""
    _check(url, topics)
    with transaction.atomic(), pghistory.context(user=by.pk):
        row = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        comes_back = is_active and not row.is_active
        row.url, row.topics, row.description, row.is_active = url, sorted(set(topics)), description, is_active
        row.save(update_fields=["url", "topics", "description", "is_active"])
        if comes_back:
            waiting = WebhookMessage.objects.filter(endpoint=row, state=MessageState.WAITING)
            waiting.update(next_try_at=Now())  # the sweep posts what is more than this
            for pk in waiting.order_by("pk").values_list("pk", flat=True)[:100]:
                outbox.post("webhook.queued", pk)


def rotate_secret(endpoint: WebhookEndpoint, by: User) -> str:
    """Make a new secret, which is shown this once; for a day the old one signs as well."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        row = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        row.old_secret, row.secret = row.secret, make_secret()
        row.save(update_fields=["old_secret", "secret"])
        WebhookEndpoint.objects.filter(pk=row.pk).update(old_secret_until=Now() + BOTH_SECRETS)
    return row.secret


def switch_off(endpoint: WebhookEndpoint, path: str) -> None:
    """Send nothing more to it and tell the admins; what waits stays and is sent when it is switched on again."""
    with transaction.atomic():
        if WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True).update(is_active=False):
            notices.tell_admins(endpoint.team, "webhook.switched_off", str(endpoint.pk), {"url": endpoint.url}, path)


def _check(url: str, topics: Collection[str]) -> None:
    try:
        parse_url(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    except AddressRefused as refused:
        raise ValidationError({"url": [str(refused)]}) from refused
    if not topics or not set(topics) <= set(EVENTS):
        raise ValidationError({"topics": [_("Choose at least one of the events there are.")]})
