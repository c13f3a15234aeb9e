"""A reviewer's own day: without what was taken back, and nobody else's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Membership, Team, User
from accounts.tests.factories import Cast
from reviews import days
from reviews.services import gold, queue, undoing
from reviews.tests.factories import approve_all, claimed, decide, make_item, reject_all, token_of

pytestmark = pytest.mark.django_db


def test_what_was_done_today(cast: Cast) -> None:
    for _ in range(5):
        make_item(cast.operator, 2)
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, [approve_all(slot)[0], reject_all(slot)[1]], active_ms=90_000)
    decide(cast.reviewer, claimed(cast.reviewer), cannot_judge=True, active_ms=30_000)
    decide(cast.reviewer, claimed(cast.reviewer), active_ms=60_000)
    undoing.undo(cast.reviewer)
    queue.skip(token_of(claimed(cast.reviewer)), cast.reviewer)
    decide(cast.second_reviewer, claimed(cast.second_reviewer))

    today, *before = days.last_days(cast.reviewer)
    assert (today.items, today.images, today.active) == (2, 4, timedelta(minutes=2))
    assert (today.skipped, today.undone, today.seconds_an_image) == (1, 1, 30.0)
    assert all(day.items == day.undone == 0 for day in before)
    assert len(before) == 13
    assert [(hour.items, hour.images) for hour in days.hours_of_today(cast.reviewer) if hour.items] == [(2, 4)]
    kinds = dict(days.kinds_of_today(cast.reviewer))
    assert (kinds["images_approved"], kinds["images_rejected"], kinds["cannot_judge"], kinds["escalated"]) == (
        1,
        1,
        1,
        0,
    )


def test_the_days_are_the_teams_or_the_persons_own(cast: Cast) -> None:
    east, west = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart: never the same day
    seen = []
    for teams, own in ((east, ""), (west, ""), (west, east)):
        Team.objects.filter(pk=cast.team.pk).update(time_zone=teams)
        Membership.objects.filter(user=cast.reviewer).update(time_zone=own)
        seen.append(days.last_days(User.objects.get(pk=cast.reviewer.pk))[0].date)
    assert seen[0] == seen[2] > seen[1]


def test_the_page_the_quota_and_the_file_agree_on_the_day(cast: Cast) -> None:
    far = "Pacific/Kiritimati" if datetime.now(UTC).hour >= 10 else "Pacific/Pago_Pago"  # not the team's day now
    Membership.objects.filter(user=cast.reviewer).update(time_zone=far)
    make_item(cast.operator, 2)
    reviewer = User.objects.get(pk=cast.reviewer.pk)
    decide(reviewer, claimed(reviewer), active_ms=60_000)
    today = datetime.now(ZoneInfo(far)).date()
    assert today != datetime.now(ZoneInfo(cast.team.time_zone)).date()
    client = Client()
    client.force_login(reviewer)
    page = client.get("/day/")
    assert (page.context["days"][0].date, page.context["days"][0].images) == (today, 2)
    assert (page.context["load"].today, page.context["quota"].day.done) == (today, 2)
    assert f"midnight in {far}" in " ".join(page.content.decode().split())
    table = client.get(f"/day/hours.csv?since={today}").getvalue().decode()
    assert table.splitlines()[1].startswith(f"{today},{reviewer.username},")


@pytest.mark.parametrize("judged", [False, True])
def test_the_page(cast: Cast, judged: bool) -> None:
    if judged:
        make_item(cast.operator, 2)
        decide(cast.reviewer, claimed(cast.reviewer), active_ms=3_723_000)
    client = Client()
    client.force_login(cast.reviewer)
    page = client.get("/day/")
    assert page.status_code == 200
    assert ("1 h 2 min" in page.content.decode()) is judged
    assert ("Nothing yet today" in page.content.decode()) is not judged


@pytest.mark.parametrize("allowed", [False, True])
def test_agreement_with_gold_is_shown_where_the_team_allows_it(cast: Cast, allowed: bool) -> None:
    cast.team.shows_agreement = allowed
    cast.team.save()
    item = make_item(cast.operator, 2)
    decide(cast.reviewer, claimed(cast.reviewer))
    for entry in item.item_candidates.all():
        gold.set_gold(entry, cast.admin, approved=True)
    client = Client()
    client.force_login(cast.reviewer)
    page = client.get("/day/").content.decode()
    assert ("Agreement with gold" in page) is allowed
    assert ("2 of 2 images" in page) is allowed
