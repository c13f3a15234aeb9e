"""What a forecast and a replay are made of, gathered. Nothing is written."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q, Sum

from accounts.models import Membership
from reviews import floor
from reviews.forecasts import HISTORY_DAYS, HORIZON_DAYS, Absences, Forecast, Past, forecast
from reviews.models import ArrivalDay, Holiday, Pause, Queue, WorkDay


def forecast_of(queue: Queue, backlog_images: int) -> Forecast:
    """When the queue empties, whoever is paused or switched off left out, and days off.

    As if the queue and the team went on: that they are paused is another thing to say.
    """
    today = floor.today_of(queue.team)
    return forecast(backlog_images, past_of(queue, today, HISTORY_DAYS), today, _absences(queue, today), seed=queue.pk)


def past_of(queue: Queue, today: date, count: int) -> list[Past]:
    """The last `count` full days of a queue, the empty ones too, the oldest first."""
    days = [today - timedelta(days=back) for back in range(count, 0, -1)]
    arrived = dict(ArrivalDay.objects.filter(queue=queue, day__gte=days[0]).values_list("day", "images"))
    judged: Mapping[date, dict[int, int]] = defaultdict(dict)
    work = WorkDay.objects.filter(queue=queue, day__gte=days[0]).values_list("day", "reviewer")
    for day, reviewer, images in work.annotate(number=Sum("images")).order_by():
        judged[day][reviewer] = images
    return [Past(day, arrived.get(day, 0), judged.get(day, {})) for day in days]


def _absences(queue: Queue, today: date) -> Absences:
    paused = Pause.objects.filter(team=queue.team, ended_at=None, reviewer__isnull=False)
    gone = Membership.objects.filter(team=queue.team, user__is_active=False)
    ahead = Q(day__gt=today, day__lte=today + timedelta(days=HORIZON_DAYS))
    holidays = Holiday.objects.filter(ahead, team=queue.team).values_list("reviewer", "day")
    return Absences(
        people={*paused.values_list("reviewer", flat=True), *gone.values_list("user", flat=True)},
        days={day for reviewer, day in holidays if reviewer is None},
        own={(reviewer, day) for reviewer, day in holidays if reviewer is not None},
    )
