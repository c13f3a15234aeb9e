"""The outbox: a row lives and dies with its transaction, goes out once, and waits while the broker is away."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage


class Sent(list[tuple[str, str, int]]):
    def __call__(self, task: str, queue: str, key: int) -> None:
        self.append((task, queue, key))


def post(key: int = 1) -> None:
    with transaction.atomic():
        outbox.post("request.opened", key)


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_out_once_to_its_task_and_queue() -> None:
    sent = Sent()
    post(7)
    assert outbox.publish_waiting(sent) == 1
    assert outbox.publish_waiting(sent) == 0
    assert sent == [("generation.produce", "gpu", 7)]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_message() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.post("request.opened", 1)
        1 / 0  # noqa: B018
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_posting_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.post("request.opened", 1)


@pytest.mark.django_db
def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(KeyError):
        outbox.post("request.oponed", 1)


@pytest.mark.django_db(transaction=True)
def test_while_the_broker_is_away_messages_wait_in_order() -> None:
    for key in range(5):
        post(key)
    sent = Sent()

    def third_fails(task: str, queue: str, key: int) -> None:
        if len(sent) == 2 and not broker_is_back:
            raise ConnectionError
        sent(task, queue, key)

    broker_is_back = False
    with pytest.raises(ConnectionError):
        outbox.publish_waiting(third_fails)
    broker_is_back = True
    assert outbox.publish_waiting(third_fails) == 3
    assert [key for _task, _queue, key in sent] == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_newer_program_holds_up_nothing_and_stays() -> None:
    OutboxMessage.objects.create(topic="request.dreamt", key=1)
    post(2)
    sent = Sent()
    assert outbox.publish_waiting(sent) == 1
    assert [key for _task, _queue, key in sent] == [2]
    assert OutboxMessage.objects.waiting().get().topic == "request.dreamt"


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_relay_had_claimed_goes_out_later() -> None:
    post()
    OutboxMessage.objects.update(claimed_until=timezone.now() + timedelta(seconds=30))
    assert outbox.publish_waiting(Sent()) == 0
    OutboxMessage.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert outbox.publish_waiting(Sent()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_delayed_message_waits_its_time() -> None:
    with transaction.atomic():
        outbox.post("request.opened", 1, delay=timedelta(minutes=1))
    assert outbox.publish_waiting(Sent()) == 0


@pytest.mark.django_db(transaction=True)
def test_two_relays_never_publish_the_same_message() -> None:
    for key in range(200):
        post(key)
    sent = Sent()

    def relay() -> None:
        while outbox.publish_waiting(sent, limit=7):
            pass
        connection.close()

    threads = [threading.Thread(target=relay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for _task, _queue, key in sent) == list(range(200))


@pytest.mark.django_db(transaction=True)
def test_a_waiting_relay_is_woken_by_a_post() -> None:
    woken = threading.Event()

    def wait() -> None:
        outbox.wait_for_messages(20)
        woken.set()
        connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    for _ in range(100):  # the listener needs a moment to listen; a hint sent before is lost, as it may be
        post()
        if woken.wait(0.1):
            break
    assert woken.is_set()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_old_published_messages_are_pruned() -> None:
    post(1)
    outbox.publish_waiting(Sent())
    post(2)
    OutboxMessage.objects.filter(key=1).update(published_at=timezone.now() - timedelta(days=8))
    assert outbox.prune() == 1
    assert OutboxMessage.objects.get().key == 2
