"""People, groups, skills and time sheets for programs."""

from django.core import mail
from django.test import Client

from accounts.models import Scope, User
from accounts.tests.factories import Cast, make_token
from generation.tests.api_calls import api
from reviews.services import crews
from reviews.tests.factories import claimed, decide, fill_queue, make_queue

JSON = "application/json"
NEW = {"username": "ada", "email": "ada@example.org", "role": "reviewer"}


def test_somebody_is_made_once(cast: Cast) -> None:
    client = api(cast.admin)
    key = {"Idempotency-Key": "one"}
    first = client.post("/api/v1/people/", NEW, JSON, headers=key)
    again = client.post("/api/v1/people/", NEW, JSON, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(mail.outbox) == 1
    taken = client.post("/api/v1/people/", NEW, JSON)
    assert (taken.status_code, {error["field"] for error in taken.json()["errors"]}) == (400, {"email"})


def test_a_person_is_changed_and_switched_off(cast: Cast) -> None:
    client = api(cast.admin)
    group = crews.create_group(cast.team, cast.admin, "Early")
    skill = crews.create_skill(cast.team, cast.admin, "Seams")
    theirs = crews.create_skill(cast.stranger.team, cast.stranger, "Theirs")  # type: ignore[arg-type]
    at = f"/api/v1/people/{cast.reviewer.pk}/"
    said = {"name": "Bo", "groups": [group.pk], "skills": [{"skill": skill.pk, "level": 3}]}
    answer = client.patch(at, said, JSON).json()
    assert (answer["name"], answer["groups"], answer["skills"]) == ("Bo", [group.pk], said["skills"])
    assert answer["email"] == cast.reviewer.email
    refused = client.patch(at, {"name": "No", "skills": [{"skill": theirs.pk, "level": 3}]}, JSON)
    assert refused.status_code == 400
    assert client.get(at).json()["name"] == "Bo"
    assert client.post(f"{at}deactivate/").json()["is_active"] is False
    assert client.post(f"{at}reactivate/").json()["is_active"] is True
    last = client.post(f"/api/v1/people/{cast.admin.pk}/deactivate/")
    assert last.status_code == 400
    assert User.objects.get(pk=cast.admin.pk).is_active


def test_groups_and_skills(cast: Cast) -> None:
    client = api(cast.admin)
    made = client.post("/api/v1/groups/", {"name": "Early", "members": [cast.reviewer.username]}, JSON)
    assert (made.status_code, made.json()["members"]) == (201, [cast.reviewer.username])
    at = f"/api/v1/groups/{made.json()['id']}/"
    assert client.patch(at, {"members": ["nobody"]}, JSON).status_code == 400
    assert client.patch(at, {"name": "Dawn"}, JSON).json() == made.json() | {"name": "Dawn"}
    assert client.post("/api/v1/groups/", {"name": "Dawn"}, JSON).status_code == 400
    assert client.delete(at).status_code == 204
    skill = client.post("/api/v1/skills/", {"name": "Seams"}, JSON).json()
    assert client.patch(f"/api/v1/skills/{skill['id']}/", {"name": "Halos"}, JSON).json()["name"] == "Halos"
    assert client.delete(f"/api/v1/skills/{skill['id']}/").status_code == 204


def test_time_sheets_of_the_team(cast: Cast) -> None:
    fill_queue(make_queue(cast.team), cast.operator, 1)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=60_000)
    client = api(cast.admin)
    [row] = client.get("/api/v1/time-sheets/").json()["results"]
    assert (row["username"], row["active_minutes"], row["images"]) == (cast.reviewer.username, 1.0, 1)
    assert client.get(f"/api/v1/time-sheets/?person={cast.operator}").json()["results"] == []
    assert api(cast.stranger).get("/api/v1/time-sheets/").json()["results"] == []
    for wrong in ("since=x", "sincee=2026-01-01", "since=2020-01-01&until=2026-01-01"):
        assert client.get(f"/api/v1/time-sheets/?{wrong}").status_code == 400


def test_a_token_reads_or_writes_by_its_scope(cast: Cast) -> None:
    reads = {"authorization": f"Bearer {make_token(cast.admin, Scope.FLOOR_READ)}"}
    client = Client()
    assert client.get("/api/v1/people/", headers=reads).status_code == 200
    assert client.post("/api/v1/people/", NEW, JSON, headers=reads).status_code == 403
    reviewer = {"authorization": f"Bearer {make_token(cast.reviewer)}"}
    assert client.get("/api/v1/people/", headers=reviewer).status_code == 403
