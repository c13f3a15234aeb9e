"""What an operator does at night: a quota is set, a person or the team is paused; dry runs change nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.tests.factories import Cast
from reviews.models import Pause, Quota


def _run(cast: Cast, *args: str) -> dict[str, object]:
    out = StringIO()
    call_command(*args, "--team", cast.team.slug, "--by", cast.admin.username, "--format", "json", stdout=out)
    told: dict[str, object] = json.loads(out.getvalue())
    return told


def test_a_quota_is_set_and_a_dry_run_sets_none(cast: Cast) -> None:
    command = ("set_quota", cast.reviewer.username, "--images", "500", "--period", "week")
    assert _run(cast, *command, "--dry-run")["changed"] is True
    assert not Quota.objects.exists()
    assert (_run(cast, *command)["after"], _run(cast, *command)["changed"]) == (500, False)
    assert Quota.objects.values_list("cap", "period").get() == (500, "week")


@pytest.mark.parametrize("wrong", [("nobody", "--images", "5"), ("", "--images", "-5")])
def test_what_cannot_be_set_is_refused(cast: Cast, wrong: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        _run(cast, "set_quota", *wrong)
    assert not Quota.objects.exists()


@pytest.mark.parametrize("everybody", [True, False])
def test_pausing_and_going_on(cast: Cast, everybody: bool) -> None:
    whom = [] if everybody else [cast.reviewer.username]
    assert _run(cast, "pause", *whom, "--dry-run")["changed"] is True
    assert not Pause.objects.exists()
    changes = [_run(cast, "pause", *whom, *more)["changed"] for more in ([], [], ["--resume"], ["--resume"])]
    assert changes == [True, False, True, False]
