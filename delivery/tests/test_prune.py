"""What has served its time goes; what may still be asked for stays."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import IdempotencyKey
from accounts.tests.factories import Cast
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
