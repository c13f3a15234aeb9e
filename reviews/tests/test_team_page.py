"""The team's page: people with their day, and how the team works."""

from django.apps import apps
from django.test import Client

from accounts.tests.factories import Cast
from reviews.tests.factories import claimed, decide, make_item, make_queue


def test_people_with_their_day(cast: Cast, client: Client) -> None:
    make_queue(cast.team)
    for _ in range(2):
        make_item(cast.operator, 3)
    decide(cast.reviewer, claimed(cast.reviewer))
    claimed(cast.reviewer)
    client.force_login(cast.admin)
    people = dict(client.get("/team/").context["people"])
    assert {member.user for member in people} == {
        cast.operator, cast.reviewer, cast.second_reviewer, cast.ml_engineer, cast.admin,
    }  # fmt: skip
    day = people[cast.reviewer.membership]
    assert (day.judged, day.open_images, day.left) == (3, 3, 194)


def test_an_admin_changes_how_the_team_works(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    assert client.post("/team/", {"time_zone": "Europe/Berlin", "shows_agreement": "on"}).status_code == 302
    cast.team.refresh_from_db()
    assert (cast.team.time_zone, cast.team.shows_agreement) == ("Europe/Berlin", True)
    event = apps.get_model("accounts", "TeamEvent").objects.order_by("-pgh_id").first()
    assert event.pgh_context.metadata["user"] == cast.admin.pk
    client.post("/team/", {"time_zone": "Europe/Berlin"})
    cast.team.refresh_from_db()
    assert not cast.team.shows_agreement


def test_a_time_zone_that_is_none_changes_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    assert client.post("/team/", {"time_zone": "Mars/Base", "shows_agreement": "on"}).status_code == 400
    cast.team.refresh_from_db()
    assert (cast.team.time_zone, cast.team.shows_agreement) == ("UTC", False)
