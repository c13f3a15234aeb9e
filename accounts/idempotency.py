"""Sending a request twice makes one object: the key is stored in the transaction that makes it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import IdempotencyKey, User


class KeyReused(Exception):
    """The same Idempotency-Key came with another content."""


class SentBefore(Exception):
    """Somebody sent the same a moment ago, and their transaction was first. `object_id` is what it made."""

    def __init__(self, object_id: int) -> None:
        super().__init__(object_id)
        self.object_id = object_id


@dataclass(frozen=True)
class Once:
    """One client's promise that two requests with this key are one."""

    user: User
    route: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, user: User, route: str, key: str, content: bytes) -> "Once":
        return cls(user, route, key, hashlib.sha256(content).hexdigest())


def made_before(once: Once) -> int | None:
    """The primary key of what this key made, or None. Raises KeyReused."""
    row = IdempotencyKey.objects.filter(user=once.user, route=once.route, key=once.key).first()
    if row is None:
        return None
    if row.fingerprint != once.fingerprint:
        raise KeyReused
    return row.object_id


def remember(once: Once | None, object_id: int) -> None:
    """Tie the key to what was made. Call it inside the transaction that makes the object.

    Raises SentBefore, which must roll that transaction back, and KeyReused.
    """
    if once is None:
        return
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                user=once.user, route=once.route, key=once.key, fingerprint=once.fingerprint, object_id=object_id
            )
    except IntegrityError as error:
        earlier = made_before(once)
        if earlier is None:
            raise
        raise SentBefore(earlier) from error


def prune(older_than: timedelta = timedelta(days=30)) -> int:
    """Forget keys of long ago; returns how many. Nobody repeats a request a month later."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - older_than).delete()[0]
