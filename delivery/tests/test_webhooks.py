"""A webhook from the change to the receiver: through the real outbox, the real relay's claim and a real socket."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery import outbox, tasks
from delivery.events import RETRY_SECONDS
from delivery.models import Notice, OutboxMessage, WebhookEndpoint, WebhookMessage
from delivery.services import endpoints, sending, webhooks
from delivery.signing import verify
from delivery.tests.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found, override_settings(WEBHOOK_ALLOW_PRIVATE=True):
        yield found


def make_endpoint(cast: Cast, url: str, *topics: str) -> WebhookEndpoint:
    return endpoints.create_endpoint(cast.team, cast.admin, url=url, topics=topics or ("snapshot.ready",))[0]


def announce(cast: Cast, about: str = "1") -> int:
    return webhooks.announce(cast.team, "snapshot.ready", about, {"id": 7, "name": "Tässe"})


def relay() -> int:
    """What the relay and a worker do, in this process."""
    assert tasks.send_webhook.name in current_app.tasks
    return outbox.publish_waiting(lambda task, _queue, key: current_app.tasks[task](key))


def make_due() -> None:
    WebhookMessage.objects.update(next_try_at=timezone.now() - timedelta(minutes=5))
    OutboxMessage.objects.update(due_at=timezone.now() - timedelta(minutes=5))


def states() -> list[str]:
    return list(WebhookMessage.objects.order_by("pk").values_list("state", flat=True))


def test_an_event_arrives_signed_and_once(cast: Cast, receiver: Receiver) -> None:
    endpoint = make_endpoint(cast, receiver.url)
    make_endpoint(cast, receiver.url, "version.activated")  # does not listen
    endpoints.create_endpoint(cast.stranger.team, cast.stranger, url=receiver.url, topics=["snapshot.ready"])  # type: ignore[arg-type]
    announce(cast)
    announce(cast)
    relay()
    relay()
    ((headers, body),) = receiver.got
    verify(endpoint.secret, headers, body, now=time.time())
    message = WebhookMessage.objects.get()
    assert headers["webhook-id"] == str(message.handle)
    said = json.loads(body)
    assert (said["type"], said["data"]) == ("snapshot.ready", {"id": 7, "name": "Tässe"})
    assert message.state == "delivered"
    assert [(attempt.status, attempt.error) for attempt in message.attempts.all()] == [(204, "")]


def test_what_is_rolled_back_is_not_told(cast: Cast, receiver: Receiver) -> None:
    make_endpoint(cast, receiver.url)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(cast)
        1 / 0  # noqa: B018
    relay()
    assert receiver.got == []
    assert states() == []


def test_it_is_tried_again_with_the_same_id_and_body(cast: Cast, receiver: Receiver) -> None:
    make_endpoint(cast, receiver.url)
    announce(cast)
    receiver.status, receiver.said = 503, b"later"
    relay()
    relay()
    assert (len(receiver.got), states()) == (1, ["waiting"])  # the next try is not due yet
    make_due()
    receiver.status = 200
    relay()
    (first, body), (second, again) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert states() == ["delivered"]
    assert [attempt.status for attempt in WebhookMessage.objects.get().attempts.order_by("pk")] == [503, 200]


def test_tries_grow_rarer_then_end_and_the_endpoint_is_switched_off(cast: Cast, receiver: Receiver) -> None:
    endpoint = make_endpoint(cast, receiver.url)
    announce(cast)
    receiver.status = 500
    waits = []
    for _ in range(len(RETRY_SECONDS)):
        make_due()
        relay()
        message = WebhookMessage.objects.get()
        assert message.next_try_at is not None
        waits.append((message.next_try_at - timezone.now()).total_seconds())
    assert [round(wait, -1) for wait in waits] == [round(seconds, -1) for seconds in RETRY_SECONDS]
    assert Notice.objects.count() == 0
    make_due()
    relay()
    assert states() == ["failed"]
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert [(notice.user, notice.kind) for notice in Notice.objects.all()] == [(cast.admin, "webhook.switched_off")]


def test_one_bad_event_does_not_switch_off_an_endpoint_that_answers(cast: Cast, receiver: Receiver) -> None:
    endpoint = make_endpoint(cast, receiver.url)
    announce(cast, "bad")
    receiver.status = 400
    for _ in range(len(RETRY_SECONDS)):
        make_due()
        relay()
    receiver.status = 200
    announce(cast, "good")
    OutboxMessage.objects.filter(key=WebhookMessage.objects.get(about="bad").pk).update(published_at=timezone.now())
    relay()
    receiver.status = 400
    WebhookMessage.objects.filter(about="bad").update(next_try_at=timezone.now() - timedelta(minutes=1))
    sending.send(WebhookMessage.objects.get(about="bad").pk)
    assert states() == ["failed", "delivered"]
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_gone_is_gone(cast: Cast, receiver: Receiver) -> None:
    endpoint = make_endpoint(cast, receiver.url)
    announce(cast)
    receiver.status = 410
    relay()
    endpoint.refresh_from_db()
    assert (states(), endpoint.is_active) == (["failed"], False)


def test_switched_off_it_waits_and_switched_on_it_is_sent(cast: Cast, receiver: Receiver) -> None:
    endpoint = make_endpoint(cast, receiver.url)
    announce(cast)
    values = {"url": endpoint.url, "topics": endpoint.topics, "description": ""}
    endpoints.change_endpoint(endpoint, cast.admin, **values, is_active=False)  # type: ignore[arg-type]
    relay()
    assert (receiver.got, states()) == ([], ["waiting"])
    endpoints.change_endpoint(endpoint, cast.admin, **values, is_active=True)  # type: ignore[arg-type]
    relay()
    assert states() == ["delivered"]


def test_a_try_whose_worker_died_is_found_by_the_sweep(cast: Cast, receiver: Receiver) -> None:
    make_endpoint(cast, receiver.url)
    announce(cast)
    OutboxMessage.objects.all().delete()
    assert sending.post_overdue() == 0
    make_due()
    assert sending.post_overdue() == 1
    relay()
    assert states() == ["delivered"]


def test_sent_again_it_keeps_its_id(cast: Cast, receiver: Receiver) -> None:
    make_endpoint(cast, receiver.url)
    announce(cast)
    relay()
    webhooks.resend(WebhookMessage.objects.select_related("endpoint").get())
    relay()
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_for_a_day_both_secrets_sign(cast: Cast, receiver: Receiver) -> None:
    endpoint = make_endpoint(cast, receiver.url)
    new = endpoints.rotate_secret(endpoint, cast.admin)
    webhooks.send_test(endpoint)
    relay()
    ((headers, body),) = receiver.got
    verify(endpoint.secret, headers, body, now=time.time())
    verify(new, headers, body, now=time.time())
    WebhookEndpoint.objects.update(old_secret_until=timezone.now() - timedelta(seconds=1))
    assert sending.secrets_of(WebhookEndpoint.objects.get()) == [new]


@pytest.mark.parametrize(
    ("url", "topics"),
    [("http://example.com/", ["snapshot.ready"]), ("https://example.com/", []), ("https://example.com/", ["no.such"])],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(cast: Cast, url: str, topics: list[str]) -> None:
    with pytest.raises(ValidationError):
        endpoints.create_endpoint(cast.team, cast.admin, url=url, topics=topics)
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_with_one_message_one_sends_it(cast: Cast, receiver: Receiver) -> None:
    make_endpoint(cast, receiver.url)
    announce(cast)
    pk = WebhookMessage.objects.get().pk
    barrier = Barrier(8)

    def work(_number: int) -> bool:
        try:
            barrier.wait()
            return sending.send(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(work, range(8)))
    assert (sum(sent), len(receiver.got)) == (1, 1)
