"""Whoever misjudges known images is told of once, and paused where the team wants it; and the reports say how much."""

import csv
import io

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from delivery.models import Alarm, Notice
from reviews.models import FloorSettings, Pause
from reviews.reports.filters import last_days
from reviews.reports.known import known_images
from reviews.reports.tables import Table
from reviews.services import gold_alarms, pauses, queue
from reviews.services.gold_alarms import Recent
from reviews.statistics import Agreement, at_most_p
from reviews.tests.known_world import told

pytestmark = pytest.mark.django_db


def _misjudged(cast: Cast, right: int, wrong: int) -> None:
    for number in range(right + wrong):
        told(cast, cast.reviewer, right=number % 2 == 0, approves=(number % 2 == 0) is (number >= wrong))


def test_who_is_well_below_the_floor_is_told_of_once(cast: Cast) -> None:
    _misjudged(cast, right=4, wrong=6)
    assert gold_alarms.last_known(cast.team) == [Recent(cast.reviewer.pk, 4, 10)]
    assert (gold_alarms.watch_known(), gold_alarms.watch_known()) == (1, 0)
    notice = Notice.objects.get(user=cast.admin)
    assert (notice.kind, notice.path) == ("gold.below", f"/team/{cast.reviewer.username}/")
    assert notice.values == {"name": str(cast.reviewer), "right": 4, "of": 10, "floor": 80}
    assert not Notice.objects.filter(user=cast.reviewer).exists()
    assert not Pause.objects.exists(), "only where the team wants it"


def test_chance_and_too_few_images_raise_nothing(cast: Cast) -> None:
    assert not Recent(1, 7, 10).is_below(0.8)
    assert not Recent(1, 0, 9).is_below(0.8)
    assert Recent(1, 4, 10).is_below(0.8)
    FloorSettings.objects.create(team=cast.team, gold_floor=0)
    _misjudged(cast, right=0, wrong=10)
    assert gold_alarms.watch_known() == 0


def test_it_pauses_once_where_the_team_wants_it(cast: Cast) -> None:
    FloorSettings.objects.create(team=cast.team, gold_pauses=True)
    _misjudged(cast, right=0, wrong=10)
    assert gold_alarms.watch_known() == 1
    pause = Pause.objects.get()
    assert (pause.reviewer, pause.begun_by) == (cast.reviewer, None)
    assert pause.reason == "Known images: 0 of the last 10 judged right."
    assert queue.claim(cast.reviewer).reason == "nothing_waits" and queue.claim(cast.second_reviewer).slot is None
    client = Client()
    client.force_login(cast.admin)
    assert "Paused by itself" in client.get(f"/team/{cast.reviewer.username}/").content.decode()
    assert client.get("/quotas/").status_code == 200
    pauses.resume(cast.team, cast.reviewer, cast.admin)
    assert gold_alarms.watch_known() == 0
    assert not pauses.open_pauses(cast.team).exists(), "an admin has ended it"
    assert Alarm.objects.count() == 1


def test_who_is_paused_already_stays_as_they_are(cast: Cast) -> None:
    FloorSettings.objects.create(team=cast.team, gold_pauses=True)
    _misjudged(cast, right=0, wrong=10)
    pauses.pause(cast.team, cast.reviewer, "on a course", cast.admin)
    gold_alarms.watch_known()
    assert Pause.objects.get().reason == "on a course"


def test_it_can_be_raised_again_after_they_were_back_at_the_floor(cast: Cast) -> None:
    _misjudged(cast, right=4, wrong=6)
    gold_alarms.watch_known()
    FloorSettings.objects.create(team=cast.team, gold_floor=40)
    gold_alarms.watch_known()
    assert not Alarm.objects.exists()


def test_the_team_settles_it(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    said = {"hold_minutes": "5", "locks_after_hours": "24", "gold_floor": "90", "gold_pauses": "on"}
    assert client.post("/team/", said).status_code == 302
    settings = FloorSettings.objects.get()
    assert (settings.gold_floor, settings.gold_pauses, settings.hold_minutes) == (90, True, 5)
    for nonsense in ("101", "-1", "", "ten"):
        assert client.post("/team/", said | {"gold_floor": nonsense}).status_code == 400
    assert FloorSettings.objects.get().gold_floor == 90


def _row(table: Table, column: str) -> Agreement:
    (row,) = table.rows
    cell = row[column]
    assert isinstance(cell, Agreement)
    return cell


def test_the_report_tells_missed_defects_from_lost_images(cast: Cast) -> None:
    for right, approves in ((True, True), (True, True), (True, False), (False, True), (False, False)):
        told(cast, cast.reviewer, right=right, approves=approves)
    people, weeks = known_images(cast.team, last_days(cast.team, 7))
    found = {name: _row(people, name) for name in ("right", "sensitivity", "specificity")}
    assert {name: (cell.agreed, cell.of) for name, cell in found.items()} == {
        "right": (3, 5), "sensitivity": (1, 2), "specificity": (2, 3),
    }  # fmt: skip
    assert all(cell.low is not None and cell.low < (cell.rate or 0) for cell in found.values())
    assert _row(weeks, "sensitivity").of == 2
    client = Client()
    client.force_login(cast.admin)
    page = client.get("/reports/quality/").content.decode()
    assert "Known images, by person" in page and 'id="known-chart' in page
    lines = list(csv.reader(io.StringIO(client.get("/reports/known_by_person.csv").content.decode("utf-8-sig"))))
    assert lines[0][:2] == ["Person", "Variant"] and lines[1][2] == "0.6"


@pytest.mark.parametrize(
    ("successes", "trials", "share", "p"),
    # The cumulative binomial table of the CRC Handbook: B(2; 10, 0.5), B(0; 5, 0.2), B(15; 20, 0.8).
    [(2, 10, 0.5, 0.0547), (0, 5, 0.2, 0.3277), (15, 20, 0.8, 0.3704), (20, 20, 0.8, 1.0), (0, 3, 0.0, 1.0)],
)
def test_the_tail_is_that_of_the_tables(successes: int, trials: int, share: float, p: float) -> None:
    assert at_most_p(successes, trials, share) == pytest.approx(p, abs=5e-5)


@pytest.mark.parametrize(("successes", "trials", "share"), [(3, 2, 0.5), (-1, 2, 0.5), (0, 0, 0.5), (1, 2, 1.5)])
def test_nonsense_is_refused(successes: int, trials: int, share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        at_most_p(successes, trials, share)
