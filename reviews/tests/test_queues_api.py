"""Queues for programs: what they take, who judges them and in which order they are asked; tried beforehand."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from generation.tests.api_calls import api, fields_of
from generation.tests.factories import make_scored_request
from reviews.models import Queue, ReviewerGroup, Skill
from reviews.services import queues
from reviews.services.queues import Audience
from reviews.tests.factories import claimed, fill_queue, make_queue

JSON = "application/json"
QUEUES = "/api/v1/queues/"
SURE = {"field": "best_score", "op": "at_least", "value": 0.8}
NEW: dict[str, Any] = {"name": "Shoes", "variant": "background_enhancement", "conditions": [SURE], "overlap": 2}


@pytest.fixture
def client(cast: Cast) -> Client:
    return api(cast.admin)


def test_a_queue_is_made_once_with_its_audience(client: Client, cast: Cast) -> None:
    group = ReviewerGroup.objects.create(team=cast.team, name="Late shift")
    skill = Skill.objects.create(team=cast.team, name="Seams")
    audience = {
        "reviewers": [cast.reviewer.username], "groups": [group.pk], "skills": [{"skill": skill.pk, "level": 3}],
    }  # fmt: skip
    key = {"Idempotency-Key": "one"}
    first = client.post(QUEUES, NEW | {"audience": audience}, JSON, headers=key)
    again = client.post(QUEUES, NEW | {"audience": audience}, JSON, headers=key)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    made = first.json()
    assert (made["audience"], made["conditions"], made["overlap"], made["policy"]) == (
        audience, [SURE], 2, "any_reject_fails",
    )  # fmt: skip
    assert Queue.objects.get().team == cast.team
    other = client.post(QUEUES, NEW | {"name": "Bags"}, JSON, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_new_queue_is_asked_first_and_any_may_be_put_anywhere(client: Client, cast: Cast) -> None:
    names = ["first", "second", "third"]
    for name in names:
        assert client.post(QUEUES, NEW | {"name": name}, JSON).json()["position"] == 1
    assert list(Queue.objects.in_order().values_list("name", flat=True)) == names[::-1]
    last = client.post(QUEUES, NEW | {"name": "last", "position": 99}, JSON).json()
    assert last["position"] == 4
    moved = client.patch(f"{QUEUES}{last['id']}/", {"position": 2}, JSON).json()
    assert moved == last | {"position": 2}
    assert [row["position"] for row in client.get(QUEUES).json()["results"]] == [2, 1, 3, 4]
    assert client.patch(f"{QUEUES}{last['id']}/", {"position": 0}, JSON).status_code == 400


def test_what_is_not_named_stays(client: Client, cast: Cast) -> None:
    queue = make_queue(cast.team, name="Old", is_paused=True, conditions=[SURE], lease_seconds=90)
    queues.save_queue(queue, cast.admin, {}, Audience([cast.reviewer]))
    at = f"{QUEUES}{queue.pk}/"
    before = client.get(at).json()
    assert client.patch(at, {"overlap": 3}, JSON).json() == before | {"overlap": 3}
    everybody = client.patch(at, {"audience": {}, "conditions": []}, JSON).json()
    assert everybody["audience"] == {"reviewers": [], "groups": [], "skills": []}
    assert everybody["conditions"] == []
    event = apps.get_model("reviews", "QueueEvent").objects.filter(pgh_obj=queue).latest("pgh_id")
    assert event.pgh_context.metadata["user"] == cast.admin.pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "Taken"}, "name"), ({"name": ""}, "name"), ({"variant": "none"}, "variant"),
        ({"overlap": 10}, "overlap"), ({"overlap_more": 2}, "overlap_more"), ({"overlap_share": 0.5}, "overlap_more"),
        ({"purpose": "nothing"}, "purpose"), ({"top_ranks": 10**20}, "top_ranks"),
        ({"conditions": [SURE | {"op": "contains"}]}, "conditions"), ({"conditions": ["x"]}, "conditions"),
        ({"conditions": [SURE] * 21}, "conditions"), ({"conditions": [SURE | {"value": 10**300}]}, "conditions"),
        ({"audience": {"reviewers": ["nobody"]}}, "audience"), ({"audience": {"groups": [7]}}, "audience"),
        ({"audience": {"skills": [{"skill": 7, "level": 1}]}}, "audience"),
        ({"audience": {"skills": [{"skill": 7, "level": 6}]}}, "audience.skills.0.level"),
        ({"audience": []}, "audience.non_field_errors"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_made(client: Client, cast: Cast, wrong: Any, field: str) -> None:
    make_queue(cast.team, name="Taken")
    answer = client.post(QUEUES, NEW | wrong, JSON)
    assert (answer.status_code, list(fields_of(answer))) == (400, [field])
    assert Queue.objects.count() == 1


def test_only_who_judges_is_named_and_only_of_the_team(client: Client, cast: Cast) -> None:
    for idle in (cast.operator, cast.stranger):
        answer = client.post(QUEUES, NEW | {"audience": {"reviewers": [idle.username]}}, JSON)
        assert (answer.status_code, list(fields_of(answer))) == (400, ["audience"])
    theirs = ReviewerGroup.objects.create(team=cast.stranger.membership.team, name="Theirs")
    assert client.post(QUEUES, NEW | {"audience": {"groups": [theirs.pk]}}, JSON).status_code == 400
    assert not Queue.objects.exists()


def test_a_dry_run_of_a_new_a_changed_and_a_moved_queue(client: Client, cast: Cast) -> None:
    everything = make_queue(cast.team, name="All", position=5)
    for best in (0.9, 0.85, 0.3):
        make_scored_request(cast.operator, [best])
    tried = client.post(f"{QUEUES}dry-run/", NEW, JSON).json()
    assert (tried["requests"], tried["moved"], tried["images"]) == (3, 2, {"now": 3, "then": 5})
    assert tried["flows"] == [{"before": "All", "after": "Shoes", "requests": 2}]
    assert {row["queue"]: (row["now"], row["then"]) for row in tried["queues"]} == {"All": (3, 1), "Shoes": (0, 2)}
    assert len(tried["examples"]) == 2
    assert client.post(f"{QUEUES}dry-run/", NEW | {"position": 2}, JSON).json()["moved"] == 0
    at = f"{QUEUES}{everything.pk}/dry-run/"
    assert client.post(at, {"conditions": [SURE]}, JSON).json()["flows"] == [
        {"before": "All", "after": "", "requests": 1}
    ]
    assert client.post(at, {"conditions": [{"field": "x"}]}, JSON).status_code == 400
    everything.refresh_from_db()
    assert (Queue.objects.count(), everything.conditions) == (1, [])


def test_pause_and_close(client: Client, cast: Cast) -> None:
    queue = make_queue(cast.team)
    at = f"{QUEUES}{queue.pk}/"
    assert client.post(f"{at}pause/", {"reason": "A new rule is discussed."}, JSON).json()["is_paused"] is True
    event = apps.get_model("reviews", "QueueEvent").objects.filter(pgh_obj=queue).latest("pgh_id")
    told = event.pgh_context.metadata
    assert (told["user"], told["reason"]) == (cast.admin.pk, "A new rule is discussed.")
    assert client.post(f"{at}close/").json()["is_closed"] is True
    assert client.post(f"{at}resume/").json()["is_paused"] is False
    assert client.post(f"{at}open/").json()["is_closed"] is False


def test_what_waits_and_what_is_in_hand(client: Client, cast: Cast) -> None:
    fill_queue(queue := make_queue(cast.team), cast.operator, 3, images=2)
    make_queue(cast.team)
    claimed(cast.reviewer)
    row = client.get(f"{QUEUES}{queue.pk}/").json()
    numbers = ("waiting_slots", "waiting_images", "leased_slots", "leased_images")
    assert [row[name] for name in numbers] == [2, 4, 1, 2]
    other, same = client.get(QUEUES).json()["results"]
    assert same == row
    assert [other[name] for name in numbers] == [0, 0, 0, 0]
    assert [found["id"] for found in client.get(f"{QUEUES}?name={queue.name}").json()["results"]] == [queue.pk]


def test_a_token_that_may_look_may_try_but_not_change(cast: Cast) -> None:
    reads = {"authorization": f"Bearer {make_token(cast.admin, Scope.FLOOR_READ)}"}
    client = Client()
    assert client.post(f"{QUEUES}dry-run/", NEW, JSON, headers=reads).status_code == 200
    assert client.post(QUEUES, NEW, JSON, headers=reads).status_code == 403
