"""Alive is asked without a database; ready names what is missing."""

from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from generation.models import ModelVersion
from generation.tests.factories import make_version


def _active() -> None:
    ModelVersion.objects.filter(pk=make_version("reward").pk).update(state="active")


def test_alive_asks_nobody() -> None:
    """Without the `db` mark every query fails the test."""
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_ready_when_all_is_there(db: None) -> None:
    _active()
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json().values()) == {"ok"}
    assert set(answer.json()) == {"database", "migrations", "broker", "models"}


def test_not_ready_without_an_active_model(db: None) -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "database": "ok", "migrations": "ok", "broker": "ok", "models": "no model version is active",
    }  # fmt: skip


@override_settings(REDIS_URL="redis://user:secret@127.0.0.1:1/0")
def test_not_ready_without_a_broker_and_no_address_is_told(db: None) -> None:
    _active()
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "unreachable (ConnectionError)"
    assert b"secret" not in answer.content


def test_not_ready_with_a_migration_to_come(db: None) -> None:
    _active()
    MigrationRecorder.Migration.objects.filter(app="reviews").order_by("-pk")[:1].get().delete()
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 migrations have not been applied"


def test_not_ready_without_a_database(db: None) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("password=secret")

    with connection.execute_wrapper(refuse):
        answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable (DatabaseError)"
    assert b"secret" not in answer.content
