"""What an operator does at night: it can be tried first, and it answers programs."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import Cast
from delivery.models import Notice
from reviews.models import Slot
from reviews.tests.factories import (
    assert_books_balance,
    claimed,
    decide,
    expire,
    fill_queue,
    make_queue,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def ask(name: str, *words: str) -> str:
        capsys.readouterr()
        of_team = [] if name == "prune" else ["--team", cast.team.slug]
        call_command(name, *words, *of_team)
        return capsys.readouterr().out

    return ask


def test_somebody_is_made(run, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    words = ("ada", "--email", "ada@example.org", "--role", "operator", "--format", "json", "--mail")
    assert json.loads(run("create_person", *words, "--dry-run"))["dry_run"]
    assert not User.objects.filter(username="ada").exists()
    made = json.loads(run("create_person", *words, "--site", "https://review.example.org/"))
    assert User.objects.get(username="ada").role == "operator"
    assert made["invitation"].startswith("https://review.example.org/account/")
    assert made["invitation"] in mail.outbox[0].body
    with pytest.raises(CommandError, match="email"):
        run("create_person", *words)


def test_somebody_is_switched_off(run, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    fill_queue(make_queue(cast.team), cast.operator, 2)
    claimed(cast.reviewer)
    words = (cast.reviewer.username, "--format", "json")
    assert json.loads(run("deactivate_person", *words, "--dry-run"))["leases_given_back"] == 1
    assert User.objects.get(pk=cast.reviewer.pk).is_active
    assert Slot.objects.filter(state="leased").count() == 1
    assert json.loads(run("deactivate_person", *words))["leases_given_back"] == 1
    assert not User.objects.get(pk=cast.reviewer.pk).is_active
    assert not Slot.objects.filter(state="leased").exists()
    with pytest.raises(CommandError, match="admin"):
        run("deactivate_person", cast.admin.username)


def test_leases_that_ran_out_and_those_of_one_person(run, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    fill_queue(make_queue(cast.team), cast.operator, 3)
    ran_out = claimed(cast.reviewer)
    claimed(cast.second_reviewer)
    expire(ran_out)
    assert json.loads(run("release_leases", "--format", "json", "--dry-run"))["leases_given_back"] == 1
    assert Slot.objects.filter(state="leased").count() == 2
    assert "1 leases were given back" in run("release_leases")
    assert Slot.objects.get(state="leased").reviewer == cast.second_reviewer
    run("release_leases", "--person", cast.second_reviewer.username)
    assert not Slot.objects.filter(state="leased").exists()
    assert_books_balance()


def test_what_waits(run, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    assert "no queues" in run("queue_report")
    queue = make_queue(cast.team, is_paused=True, name="Mugs")
    fill_queue(queue, cast.operator, 3, images=2)
    told = json.loads(run("queue_report", "--format", "json"))
    assert (told["queue"], told["state"], told["ready"], told["leased"]) == ("Mugs", "paused", 3, 0)
    assert told["images_ready"] == 6
    assert told["oldest"]
    assert "Mugs" in run("queue_report")


def test_time_sheets(run, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    fill_queue(make_queue(cast.team), cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=60_000)
    today = f"{timezone.now():%Y-%m-%d}"
    [row] = csv.DictReader(io.StringIO(run("time_sheets", "--from", today, "--to", today)))
    assert (row["username"], row["active_minutes"]) == (cast.reviewer.username, "1.0")
    told = json.loads(run("time_sheets", "--from", today, "--to", today, "--format", "json"))
    assert (told["day"], told["images"]) == (today, 1)
    with pytest.raises(CommandError):
        run("time_sheets", "--from", today, "--to", "2020-01-01")


def test_what_has_served_its_time_is_deleted(run, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    long_ago = timezone.now() - timedelta(days=100)
    for about, read_at in (("old", long_ago), ("new", timezone.now()), ("unread", None)):
        Notice.objects.create(user=cast.admin, kind="quota_reached", about=about, read_at=read_at)
    assert json.loads(run("prune", "--format", "json", "--dry-run"))["notices"] == 1
    assert Notice.objects.count() == 3
    run("prune")
    assert set(Notice.objects.values_list("about", flat=True)) == {"new", "unread"}
