"""`/api/v1/workload/`: the floor as it is now, and when queues empty. Read only."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rules import team_of
from reviews import floor
from reviews.models import Queue
from reviews.services import quotas, workload

_ANY = {200: OpenApiTypes.OBJECT}
_LIVE = {"Cache-Control": "no-store"}


class FloorView(APIView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request) -> Response:
        """Who is at what. Paces are images an active minute, null without any; quotas are in images."""
        people = floor.people(team_of(request._request))
        states = quotas.states([person.user for person in people])
        return Response({"results": [_person(each, states[each.user.pk]) for each in people]}, headers=_LIVE)


class QueuesView(APIView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request) -> Response:
        """What waits in each queue, and its last days, today at the end."""
        return Response({"results": [_queue(each) for each in floor.queues(team_of(request._request))]}, headers=_LIVE)


class ForecastView(APIView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request, pk: int) -> Response:
        """When a queue empties: the median day and an 80 % interval, and the backlog of each day ahead.

        `verdict` is empty, empties, never (not within 180 days at this pace) or too_little (history). `high` is null
        where the interval is open.
        """
        team = team_of(request._request)
        queue = get_object_or_404(Queue.objects.of_team(team).select_related("team"), pk=pk)
        backlog = floor.backlog_of(queue)
        found = workload.forecast_of(queue, backlog)
        ahead = [{"day": day, "low": low, "median": middle, "high": high} for day, low, middle, high in found.ahead]
        answer = {"verdict": found.verdict, "day": found.day, "low": found.low, "high": found.high}
        return Response({"queue": queue.pk, "backlog_images": backlog, **answer, "ahead": ahead}, headers=_LIVE)


def _person(person: floor.PersonFigures, quota: quotas.QuotaState) -> dict[str, Any]:
    return {
        "username": person.user.username,
        "is_active": person.is_active,
        "is_paused": person.is_paused,
        "queue": person.queue or None,
        "seen_at": person.seen_at,
        "images_in_hand": person.in_hand,
        "images_today": person.images_today,
        "pace_today": person.pace_today,
        "pace_last_hour": person.pace_last_hour,
        "quota": {"limit": quota.limit, "used": quota.used, "left": quota.left},
    }


def _queue(figures: floor.QueueFigures) -> dict[str, Any]:
    return {
        "id": figures.queue.pk,
        "name": figures.queue.name,
        "is_paused": figures.queue.is_paused,
        "is_closed": figures.queue.is_closed,
        "waiting_slots": figures.waiting,
        "waiting_images": figures.waiting_images,
        "leased_slots": figures.held,
        "leased_images": figures.held_images,
        "oldest_waiting_since": figures.oldest,
        "overdue_items": figures.overdue,
        "overdue_and_more": figures.overdue_and_more,
        "days": [{"day": day.day, "arrived": day.arrived, "judged": day.judged} for day in figures.days],
    }
