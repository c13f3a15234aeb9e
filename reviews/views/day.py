"""A reviewer's own day: what they did, how long they were at it, what is left."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import signed_in
from reviews import days, metrics
from reviews.models import Decision
from reviews.services import quotas, workloads
from reviews.statistics import Agreement

_JUDGED = {"images_approved": gettext_noop("Images approved"), "images_rejected": gettext_noop("Images rejected")}
_PLOT_HEIGHT = 100


@never_cache
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """There is no address for anybody else's."""
    reviewer = signed_in(request)
    listed = days.last_days(reviewer)
    hours = days.hours_of_today(reviewer)
    context = {
        "quota": quotas.state(reviewer),
        "load": workloads.workload(reviewer),
        "today": listed[0],
        "days": listed,
        "hours": hours,
        "bars": _bars(hours),
        "plot_width": max(len(hours), 12) * 16,
        "kinds": [(_label(kind), count) for kind, count in days.kinds_of_today(reviewer)],
        "zone": reviewer.zone.key,
        **_agreement(reviewer),
    }
    return render(request, "reviews/day.html", context)


def _agreement(reviewer: User) -> dict[str, Agreement | None]:
    """Nothing where the team's admins keep it to themselves."""
    if reviewer.team is None or not reviewer.team.shows_agreement:
        return {}
    return {"agreement": metrics.agreement_with_gold(reviewer), "known": metrics.known_so_far(reviewer)}


def _label(kind: str) -> str:
    return _(_JUDGED[kind]) if kind in _JUDGED else str(Decision.Kind(kind).label)


def _bars(hours: list[days.Hour]) -> list[dict[str, int]]:
    """A bar an hour, 10 wide and 16 apart in a plot of 100 units' height."""
    most = max((hour.images for hour in hours), default=0) or 1
    return [
        {
            "x": number * 16 + 3,
            "middle": number * 16 + 8,
            "height": (height := round(hour.images * _PLOT_HEIGHT / most)),
            "y": _PLOT_HEIGHT - height,
            "hour": hour.hour,
        }
        for number, hour in enumerate(hours)
    ]
