"""The audit's page, file, API and command tell the same, and refuse what they cannot understand."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Scope
from accounts.tests.factories import make_token
from canvas_review.tests.house import House
from reviews.audit import exporting, listing
from reviews.audit.filters import AuditFilters
from reviews.services import crews
from reviews.tests.factories import make_queue

PAGE, FILE, API = (reverse(f"{name}") for name in ("reviews:audit", "reviews:audit_csv", "api:audit"))
BAD = [
    {"person": "nobody-of-that-name"}, {"kind": "auth.permission"}, {"since": "yesterday"}, {"words": "a\0b"},
    {"words": "x" * 101}, {"since": "2026-02-01", "until": "2026-01-01"}, {"object": "reviews.queue"},
    {"object": "reviews.queue-" + "9" * 40},
]  # fmt: skip


@pytest.fixture
def admin(house: House) -> Client:
    client = Client()
    client.force_login(house.cast.admin)
    return client


def api(house: House, **asked: Any) -> Any:
    token = make_token(house.cast.admin, Scope.FLOOR_READ)
    return Client().get(API, asked, headers={"Authorization": f"Bearer {token}"})


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_page_file_api_and_command_tell_the_same(
    house: House, admin: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(listing, "STRETCH", 7)
    entries = list(listing.walk(house.cast.team, AuditFilters()))
    assert {entry.source for entry in entries} >= {"reviews.decision", "generation.limitchange", "reviews.goldverdict"}
    shown, before = [], ""
    while before is not None:
        page = admin.get(PAGE, {"before": before} if before else {})
        shown += page.context["entries"]
        before = page.context["next"]
    assert shown == entries
    told, url = [], API
    while url:
        answer = admin.get(url).json()
        told += answer["results"]
        url = answer["next"]
    assert [entry["object"] for entry in told] == [entry.thing.ref for entry in entries]
    table = rows_of(admin.get(FILE))
    assert [row["name"] for row in table] == [row[7] for entry in entries for row in exporting.rows(entry)]
    call_command("audit_log", team=house.cast.team.slug, format="json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["changes"] for line in lines] == [exporting.plain(entry)["changes"] for entry in entries]


def test_the_page_says_who_and_links_the_object_and_its_history(house: House, admin: Client) -> None:
    queue = make_queue(house.cast.team, name="Vases")
    admin.post(reverse("reviews:switch_queue", args=[queue.pk]), {"what": "pause"})
    page = admin.get(PAGE, {"object": f"reviews.queue-{queue.pk}"})
    newest = page.context["entries"][0]
    assert (newest.who, newest.via) == (house.cast.admin.username, f"/queues/{queue.pk}/switch/")
    html = page.content.decode()
    assert "History of Vases" in html
    assert f'href="/queues/{queue.pk}/"' in html
    assert "<ins>yes</ins>" in html


@pytest.mark.parametrize(
    ("name", "args", "asked"),
    [
        ("reviews:queue", lambda house: [house.decided.queue_id], "object=reviews.queue-{0}"),
        ("reviews:person", lambda house: [house.cast.reviewer.username], "object=accounts.user-{1.cast.reviewer.pk}"),
        ("reviews:item", lambda house: [house.decided.handle], "object=reviews.reviewitem-{1.decided.pk}"),
        ("reviews:quotas", lambda house: [], "kind=reviews.quota"),
        ("delivery:webhook", lambda house: [house.webhook.pk], "object=delivery.webhookendpoint-{0}"),
    ],
)
def test_pages_lead_to_the_history_of_what_is_on_them(
    house: House, admin: Client, name: str, args: Any, asked: str
) -> None:
    values = args(house)
    href = f"{PAGE}?{asked.format(values[0] if values else '', house)}"
    assert f'href="{href}"' in admin.get(reverse(name, args=values)).content.decode()
    assert admin.get(href).status_code == 200


@pytest.mark.parametrize("asked", BAD, ids=str)
def test_what_cannot_be_understood_is_refused_everywhere(house: House, admin: Client, asked: dict[str, str]) -> None:
    page = admin.get(PAGE, asked)
    assert page.status_code == 400
    assert "entries" not in page.context
    assert admin.get(FILE, asked).status_code == 400
    answer = api(house, **asked)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    with pytest.raises(CommandError):
        call_command("audit_log", "--team", house.cast.team.slug, *(f"--{key}={asked[key]}" for key in asked))


@pytest.mark.parametrize("place", ["nowhere", "x" * 5000, "ä", "\0", "MS8y"])
def test_a_place_that_is_none_is_refused(house: House, admin: Client, place: str) -> None:
    assert admin.get(PAGE, {"before": place}).status_code == 400
    answer = api(house, cursor=place)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("asked", [{"page_size": "0"}, {"page_size": "x"}, {"sort": "1"}])
def test_the_api_says_what_it_takes(house: House, asked: dict[str, str]) -> None:
    assert api(house, **asked).status_code == 400


def test_another_teams_object_does_not_exist(house: House) -> None:
    client = Client()
    client.force_login(house.cast.stranger)
    asked = {"object": f"reviews.queue-{house.decided.queue_id}"}
    assert client.get(PAGE, asked).status_code == 404
    assert client.get(FILE, asked).status_code == 404
    assert client.get(API, asked).status_code == 404
    shown = client.get(PAGE).content.decode()
    assert house.cast.reviewer.username not in shown
    assert client.get(PAGE, {"person": house.cast.reviewer.username}).status_code == 400


def test_a_name_is_no_formula(house: House, admin: Client) -> None:
    crews.create_group(house.cast.team, house.cast.admin, "=1+1")
    row = next(row for row in rows_of(admin.get(FILE, {"kind": "reviews.reviewergroup"})) if "1+1" in row["name"])
    assert (row["name"], row["after"]) == ("'=1+1", "'=1+1")


def test_a_longer_page_asks_no_more(house: House, admin: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            admin.get(PAGE, {"kind": "reviews.queue"})
        return len(found)

    make_queue(house.cast.team)
    before = asked()
    for _number in range(10):
        make_queue(house.cast.team)
    assert asked() == before
