"""A container's health check notices what is wrong with its process, and only that."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from django.utils import timezone

from canvas_review import probe
from delivery.models import OutboxMessage

PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The test's output is not a log."""


@contextmanager
def web_server() -> Iterator[int]:
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("names", [["review.example.org"], [".example.org", "other.example.net"], ["*"], []])
def test_a_web_server_in_production_is_asked_as_its_proxy_would(names: list[str]) -> None:
    with override_settings(ALLOWED_HOSTS=names, DEBUG=not names, **PRODUCTION), web_server() as port:
        assert probe.web(port) == ""


def test_a_web_server_that_refuses_is_not_well() -> None:
    with override_settings(ALLOWED_HOSTS=["not a name"]), web_server() as port:
        assert probe.web(port).startswith("the web server answers ")


def test_nobody_is_not_well() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert probe.web(free.getsockname()[1]).startswith("the web server does not answer")


def test_a_worker_that_is_not_there_does_not_answer() -> None:
    assert probe.worker("worker-gpu", seconds=0.1) == f"worker-gpu@{socket.gethostname()} does not answer"


def test_a_relay_is_late_when_a_message_waits(db: None) -> None:
    now = timezone.now()
    long_ago = now - timedelta(seconds=probe.RELAY_SECONDS + 5)
    OutboxMessage.objects.create(topic="request.opened", key=1, due_at=long_ago, published_at=now)
    OutboxMessage.objects.create(topic="request.opened", key=2, due_at=now)
    OutboxMessage.objects.create(topic="request.opened", key=3, due_at=now + timedelta(hours=1))
    assert probe.relay() == ""
    OutboxMessage.objects.create(topic="request.opened", key=4, due_at=long_ago)
    assert probe.relay() == "1 messages wait for more than 60 s"


def test_beat_must_have_written_lately(own_files: Path) -> None:
    schedule = own_files / "run" / "celerybeat-schedule"
    silence = f"beat has written nothing for {probe.BEAT_SECONDS} s"
    assert probe.beat() == silence
    schedule.parent.mkdir()
    schedule.touch()
    assert probe.beat() == ""
    old = time.time() - probe.BEAT_SECONDS - 5
    os.utime(schedule, (old, old))
    assert probe.beat() == silence
