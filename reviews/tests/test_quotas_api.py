"""Quotas, pauses and days off for programs: what a change would do is seen first."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import Scope
from accounts.tests.factories import Cast, make_token
from generation.tests.api_calls import api, fields_of
from reviews.models import Holiday, Pause, Quota, ReviewerGroup
from reviews.services import holidays, queue, quotas
from reviews.services.quota_changes import Change, set_quotas
from reviews.tests.factories import claimed, fill_queue, make_queue

JSON = "application/json"
QUOTAS = "/api/v1/quotas/"
PREVIEW = f"{QUOTAS}preview/"
PAUSES = "/api/v1/pauses/"
HOLIDAYS = "/api/v1/holidays/"


@pytest.fixture
def client(cast: Cast) -> Client:
    return api(cast.admin)


def _changes(cast: Cast, cap: int | None = 100) -> dict[str, Any]:
    return {"changes": [{"reviewer": user.username, "cap": cap} for user in (cast.reviewer, cast.second_reviewer)]}


def test_what_was_seen_is_done_once(client: Client, cast: Cast) -> None:
    quotas.set_limit(cast.reviewer, 50, cast.admin)
    effect = client.post(PREVIEW, _changes(cast), JSON).json()
    assert [(line["before"]["cap"], line["after"]["cap"], line["differs"]) for line in effect["lines"]] == [
        (50, 100, True), (None, 100, True),
    ]  # fmt: skip
    assert Quota.objects.count() == 1
    said, key = _changes(cast) | {"seen": effect["seen"]}, {"Idempotency-Key": "one"}
    done = client.post(QUOTAS, said, JSON, headers=key)
    assert (done.status_code, done.json()["lines"]) == (200, effect["lines"])
    again = client.post(QUOTAS, said, JSON, headers=key)
    assert (again.status_code, [line["differs"] for line in again.json()["lines"]]) == (200, [False, False])
    late = client.post(QUOTAS, said, JSON)
    assert (late.status_code, late.json()["code"]) == (409, "quotas_changed")
    events = apps.get_model("reviews", "QuotaEvent").objects.values_list("pgh_context__metadata__user", flat=True)
    assert set(events) == {cast.admin.pk} and len(events) == 3


def test_what_would_do_something_else_by_now_does_nothing(client: Client, cast: Cast) -> None:
    seen = client.post(PREVIEW, _changes(cast), JSON).json()["seen"]
    quotas.set_limit(cast.second_reviewer, 7, cast.admin)
    refused = client.post(QUOTAS, _changes(cast) | {"seen": seen}, JSON, headers={"Idempotency-Key": "one"})
    assert (refused.status_code, refused.json()["code"]) == (409, "quotas_changed")
    assert list(Quota.objects.values_list("cap", flat=True)) == [7]
    seen = client.post(PREVIEW, _changes(cast, None), JSON).json()["seen"]
    assert client.post(QUOTAS, _changes(cast, None) | {"seen": seen}, JSON).status_code == 200
    assert not Quota.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reviewer": "nobody", "cap": 1}, "changes.1"), ({"group": "none", "cap": 1}, "changes.1"),
        ({"variant": "none", "cap": 1}, "changes.1"), ({"cap": 1, "reviewer": "n\0"}, "changes.1.reviewer"),
        ({"cap": -1}, "changes.1.cap"), ({"target": 10**30}, "changes.1.target"),
        ({"period": "month"}, "changes.1.period"),
        ({"cap": "many"}, "changes.1.cap"),
    ],
)  # fmt: skip
def test_one_impossible_change_stops_them_all(client: Client, cast: Cast, wrong: Any, field: str) -> None:
    said = {"changes": [{"cap": 5}, wrong]}
    for answer in (client.post(PREVIEW, said, JSON), client.post(QUOTAS, said | {"seen": "x"}, JSON)):
        assert (answer.status_code, list(fields_of(answer))) == (400, [field])
    assert not Quota.objects.exists()


def test_nothing_is_changed_unseen(client: Client, cast: Cast) -> None:
    wrong: list[Any] = [{}, {"changes": []}, _changes(cast), {"changes": 1, "seen": 1}, []]
    for said in wrong:
        assert client.post(QUOTAS, said, JSON).status_code == 400
    theirs = {"changes": [{"reviewer": cast.stranger.username, "cap": 1}]}
    assert client.post(PREVIEW, theirs, JSON).status_code == 400
    assert not Quota.objects.exists()


def test_the_list_is_narrowed_by_names(client: Client, cast: Cast) -> None:
    in_queue = make_queue(cast.team, name="Bags")
    ReviewerGroup.objects.create(team=cast.team, name="night")
    changes = [
        Change(reviewer=cast.reviewer.username, cap=100, target=90),
        Change(group="night", cap=60, is_shared=True, period="week"),
        Change(queue=in_queue.name, cap=5, carries_over=True),
        Change(variant="background_enhancement", unit="minutes", cap=60),
    ]
    set_quotas(cast.team, changes, cast.admin)
    assert {Change(**row) for row in client.get(QUOTAS).json()["results"]} == set(changes)
    for query, change in zip(
        (f"reviewer={cast.reviewer}", "group=night", "queue=Bags", "variant=background_enhancement"),
        changes,
        strict=True,
    ):
        assert [Change(**row) for row in client.get(f"{QUOTAS}?{query}").json()["results"]] == [change]
    assert api(cast.stranger).get(QUOTAS).json()["results"] == []
    assert client.get(f"{QUOTAS}?variant=none").status_code == 400


def test_a_table_reads_back_as_it_was_written(client: Client, cast: Cast) -> None:
    quotas.set_limit(cast.reviewer, 50, cast.admin)
    table = client.get(f"{QUOTAS}table/", headers={"Accept": "text/csv"})
    assert table["Content-Type"].startswith("text/csv")
    effect = client.post(PREVIEW, table.content, "text/csv").json()
    assert [line["differs"] for line in effect["lines"]] == [False]
    effect = client.post(PREVIEW, table.content.replace(b'"50"', b'"60"').replace(b",50,", b",60,"), "text/csv").json()
    assert [line["after"]["cap"] for line in effect["lines"]] == [60]
    said = {"changes": [line["change"] for line in effect["lines"]], "seen": effect["seen"]}
    assert client.post(QUOTAS, said, JSON).status_code == 200
    assert quotas.state(cast.reviewer).limit == 60


@pytest.mark.parametrize(
    ("table", "status", "field"),
    [
        (b"reviewer,cap\nnobody,1\n", 400, "line.2"), (b"reviewer,cap\n,x\n", 400, "line.2"), (b"", 400, "changes"),
        (b"nonsense", 400, "line.1"), (b"cap\n1\x00\n", 400, "line.2"), (b"\xff\xfe", 400, ""),
        (b"x" * 1_000_001, 413, ""),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read(client: Client, cast: Cast, table: bytes, status: int, field: str) -> None:
    answer = client.post(PREVIEW, table, "text/csv")
    assert answer.status_code == status
    assert [error["field"] for error in answer.json().get("errors", [{"field": ""}])] == [field]


def test_what_is_used_is_what_the_page_shows(client: Client, cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 2)
    set_quotas(cast.team, [Change(reviewer=cast.reviewer.username, cap=9, target=8)], cast.admin)
    claimed(cast.reviewer)
    [row] = client.get(f"{QUOTAS}used/?reviewer={cast.reviewer}").json()["results"]
    assert (row["username"], row["images_today"], row["images_week"]) == (cast.reviewer.username, 1, 1)
    assert row["limits"] == [
        {
            "period": "day", "unit": "images", "is_shared": False, "queue": "", "variant": "", "cap": 9, "carried": 0,
            "allowed": 9, "used": 1, "left": 8,
        }
    ]  # fmt: skip
    assert row["targets"] == [{"period": "day", "unit": "images", "target": 8, "done": 1}]
    assert len(client.get(f"{QUOTAS}used/").json()["results"]) == 2
    assert client.get(f"{QUOTAS}used/?reviewer={cast.stranger}").json()["results"] == []


def test_a_pause_begins_and_ends(client: Client, cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 1)
    said, key = {"reviewer": cast.reviewer.username, "reason": "ill"}, {"Idempotency-Key": "one"}
    begun = client.post(PAUSES, said, JSON, headers=key)
    assert (begun.status_code, client.post(PAUSES, said, JSON, headers=key).status_code) == (201, 200)
    assert (begun.json()["reviewer"], begun.json()["reason"], begun.json()["ended_at"]) == (
        cast.reviewer.username, "ill", None,
    )  # fmt: skip
    twice = client.post(PAUSES, said, JSON)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_paused")
    assert queue.claim(cast.reviewer).reason == "person_paused"
    at = f"{PAUSES}{begun.json()['id']}/"
    ended = client.post(f"{at}end/").json()
    assert ended["ended_by"] == cast.admin.username and ended["ended_at"]
    assert client.post(f"{at}end/").json() == ended == client.get(at).json()
    assert queue.claim(cast.reviewer).slot is not None


def test_the_whole_team_is_paused_and_a_late_end_ends_no_other_pause(client: Client, cast: Cast) -> None:
    first = client.post(PAUSES, {}, JSON).json()
    assert first["reviewer"] == ""
    client.post(f"{PAUSES}{first['id']}/end/")
    second = client.post(PAUSES, {"reason": "again"}, JSON).json()
    client.post(f"{PAUSES}{first['id']}/end/")
    assert [row["id"] for row in client.get(f"{PAUSES}?is_open=true").json()["results"]] == [second["id"]]
    assert [row["id"] for row in client.get(PAUSES).json()["results"]] == [second["id"], first["id"]]
    for wrong in ({"reviewer": cast.stranger.username}, {"reviewer": 7, "reason": []}, {"reason": "x" * 201}):
        assert client.post(PAUSES, wrong, JSON).status_code == 400
    assert Pause.objects.count() == 2


def test_days_off_are_kept_and_given_back(client: Client, cast: Cast) -> None:
    made = client.post(HOLIDAYS, {"day": "2026-12-24", "name": "Christmas"}, JSON)
    assert (made.status_code, made.json()["reviewer"]) == (201, "")
    renamed = client.post(HOLIDAYS, {"day": "2026-12-24", "name": "Eve"}, JSON).json()
    assert renamed == made.json() | {"name": "Eve"}
    own = client.post(HOLIDAYS, {"day": "2026-12-31", "reviewer": cast.reviewer.username}, JSON).json()
    assert [row["id"] for row in client.get(f"{HOLIDAYS}?since=2026-12-25").json()["results"]] == [own["id"]]
    assert [row["id"] for row in client.get(f"{HOLIDAYS}?reviewer={cast.reviewer}").json()["results"]] == [own["id"]]
    assert client.delete(f"{HOLIDAYS}{own['id']}/").status_code == 204
    assert client.delete(f"{HOLIDAYS}{own['id']}/").status_code == 404
    assert [row.name for row in holidays.holidays_from(cast.team, Holiday.objects.get().day)] == ["Eve"]
    for wrong in ({"day": "x"}, {"day": "2026-02-30"}, {"day": "2026-01-01", "reviewer": cast.stranger.username}, {}):
        assert client.post(HOLIDAYS, wrong, JSON).status_code == 400


def test_a_token_that_may_look_may_preview_but_not_change(cast: Cast) -> None:
    reads = {"authorization": f"Bearer {make_token(cast.admin, Scope.FLOOR_READ)}"}
    client = Client()
    assert client.post(PREVIEW, {"changes": [{"cap": 5}]}, JSON, headers=reads).status_code == 200
    for address, said in ((QUOTAS, {"changes": [{"cap": 5}], "seen": "x"}), (PAUSES, {}), (HOLIDAYS, {})):
        assert client.post(address, said, JSON, headers=reads).status_code == 403
