"""Rework for programs and at night: a dry run says what would be done, and its fingerprint does it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from generation.tests.api_calls import api
from reviews.models import ReviewItem, Rework
from reviews.tests.factories import claimed, decide, fill_queue, make_queue

pytestmark = pytest.mark.django_db
JSON = "application/json"
AT = "/api/v1/reworks/"


@pytest.fixture
def items(cast: Cast) -> list[ReviewItem]:
    return fill_queue(make_queue(cast.team, name="Mugs"), cast.operator, 3)


SAID = {"act": "prioritise", "to_priority": 3, "choice": {"state": "open"}, "reason": "A customer waits."}


def test_see_confirm_read_and_undo(cast: Cast, items: list[ReviewItem]) -> None:
    client = api(cast.admin)
    effect = client.post(AT, SAID | {"dry_run": True}, JSON)
    assert (effect.status_code, effect.json()["items"], Rework.objects.count()) == (200, 3, 0)
    said, key = SAID | {"seen": effect.json()["seen"]}, {"Idempotency-Key": "one"}
    first, again = client.post(AT, said, JSON, headers=key), client.post(AT, said, JSON, headers=key)
    assert (first.status_code, again.status_code, Rework.objects.count()) == (201, 200, 1)
    made = first.json()
    assert (made["state"], made["items_done"], made["done_by"]) == ("done", 3, cast.admin.username)
    assert [entry["id"] for entry in client.get(AT + "?kind=prioritise").json()["results"]] == [made["id"]]
    assert client.post(f"{AT}{made['id']}/undo/").json()["state"] == "undone"
    problem = client.post(f"{AT}{made['id']}/undo/")
    assert (problem.status_code, problem.json()["code"]) == (409, "not_to_be_undone")
    assert client.post(f"{AT}{made['id']}/cancel/").json()["code"] == "not_to_be_cancelled"


def test_what_changed_since_is_a_conflict(cast: Cast, items: list[ReviewItem]) -> None:
    client = api(cast.admin)
    seen = client.post(AT, SAID | {"dry_run": True}, JSON).json()["seen"]
    decide(cast.reviewer, claimed(cast.reviewer))
    problem = client.post(AT, SAID | {"seen": seen}, JSON)
    assert (problem.status_code, problem.json()["code"], Rework.objects.count()) == (409, "rework_changed", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"choice": {}}, {"act": "destroy"}, {"reason": " "}, {"reason": "a\0b"}, {"to_priority": None}, {"seen": ""},
        {"choice": {"queue": 2**63 - 1}}, {"choice": {"queue": 10**30}}, {"choice": {"reviewer": "a\0b"}},
        {"choice": {"state": "gone"}}, {"choice": {"guideline": 1}}, {"choice": {"handles": ["x"]}}, {"choice": "all"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_problem_that_says_why(
    cast: Cast, items: list[ReviewItem], wrong: dict[str, object]
) -> None:
    problem = api(cast.admin).post(AT, SAID | wrong, JSON)
    assert problem.status_code == 400 and problem.json()["detail"]
    assert problem["Content-Type"] == "application/problem+json"
    assert not Rework.objects.exists()


def test_a_token_needs_the_scope(cast: Cast, items: list[ReviewItem]) -> None:
    def asked(*scopes: str) -> tuple[int, int]:
        headers = {"Authorization": f"Bearer {make_token(cast.admin, *scopes)}"}
        client = Client(headers=headers)
        return client.get(AT).status_code, client.post(AT, SAID | {"dry_run": True}, JSON).status_code

    assert asked(Scope.FLOOR_READ) == (200, 403)
    assert asked(Scope.FLOOR_WRITE)[1] == 200
    assert api(cast.reviewer).post(AT, SAID | {"dry_run": True}, JSON).status_code == 403


def _run(cast: Cast, *words: str) -> dict[str, object]:
    out = StringIO()
    always = ("--team", cast.team.slug, "--by", cast.admin.username, "--reason", "Again.", "--format", "json")
    call_command("rework", *words, *always, stdout=out)
    told: dict[str, object] = json.loads(out.getvalue())
    return told


def test_at_night_it_is_tried_and_done(cast: Cast, items: list[ReviewItem]) -> None:
    decide(cast.reviewer, claimed(cast.reviewer))
    words = ("--act", "review_again", "--reviewer", cast.reviewer.username, "--queue", "Mugs", "--fresh-eyes")
    assert _run(cast, *words, "--dry-run")["items"] == 1
    assert not Rework.objects.exists()
    told = _run(cast, *words)
    assert (told["state"], told["done"], told["passed"]) == ("done", 1, 0)
    assert Rework.objects.get().done_by == cast.admin
    assert _run(cast, *words)["refused"] == {"waits": 1}


def test_at_night_it_is_done_in_the_name_of_an_admin(cast: Cast, items: list[ReviewItem]) -> None:
    always = ("rework", "--act", "withdraw", "--state", "open", "--reason", "So.", "--team", cast.team.slug)
    with pytest.raises(CommandError, match="admin"):
        call_command(*always, "--by", cast.ml_engineer.username)
    call_command(*always, stdout=StringIO())
    assert Rework.objects.get().done_by == cast.admin


@pytest.mark.parametrize("wrong", [("--queue", "None"), ("--since", "yesterday"), ("--reviewer", "nobody"), ()])
def test_at_night_what_makes_no_sense_is_refused(cast: Cast, items: list[ReviewItem], wrong: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        _run(cast, "--act", "withdraw", *wrong)
    assert not Rework.objects.exists()
