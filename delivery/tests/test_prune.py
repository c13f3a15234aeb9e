"""What has served its time goes; what may still be asked for stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import IdempotencyKey
from accounts.tests.factories import Cast
from delivery.models import Notice, WebhookAttempt, WebhookMessage
from delivery.services import endpoints, notices, pruning, webhooks
from delivery.tasks import prune


def test_old_keys_and_expired_sessions_go_and_young_ones_stay(cast: Cast) -> None:
    now = timezone.now()
    for key, age in (("old", 31), ("young", 29)):
        row = IdempotencyKey.objects.create(user=cast.operator, key=key, route="r", fingerprint="f", object_id=1)
        IdempotencyKey.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=age))
        expiry = now - timedelta(seconds=1) if key == "old" else now + timedelta(hours=1)
        Session.objects.create(session_key=key, session_data="", expire_date=expiry)
    prune()
    assert IdempotencyKey.objects.get().key == "young"
    assert Session.objects.get().session_key == "young"


def _aged(days: int) -> timedelta:
    return timedelta(days=days)


def test_notices_read_long_ago_go(cast: Cast) -> None:
    now = timezone.now()
    for about, read in (("old", 91), ("young", 89), ("unread", None)):
        notices.tell([cast.operator], "quota.reached", about, {"limit": 1})
        told = Notice.objects.filter(about=about)
        told.update(created_at=now - _aged(200), read_at=now - _aged(read) if read else None)
    assert pruning.prune().notices == 1
    assert set(Notice.objects.values_list("about", flat=True)) == {"young", "unread"}


def test_webhooks_that_are_long_over_go_with_the_log_of_their_tries(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_BATCH", 1)
    endpoints.create_endpoint(cast.team, cast.admin, url="https://example.com/x", topics=["candidate.approved"])
    now = timezone.now()
    for about, state, age in (("1", "delivered", 91), ("2", "failed", 91), ("3", "waiting", 91), ("4", "failed", 89)):
        webhooks.announce(cast.team, "candidate.approved", about, {})
        message = WebhookMessage.objects.get(about=about)
        WebhookAttempt.objects.create(message=message, status=200, duration_ms=1)
        WebhookMessage.objects.filter(pk=message.pk).update(state=state, created_at=now - _aged(age))
    assert pruning.prune().webhooks == 2
    assert set(WebhookMessage.objects.values_list("about", flat=True)) == {"3", "4"}
    assert WebhookAttempt.objects.count() == 2
