"""`/api/v1/queues/`: which requests a queue takes, who judges it and how; tried on the last requests beforehand."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import Once, remember
from accounts.models import Team
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from reviews.api.named import people_named, rows_named
from reviews.models import Queue, ReviewerGroup, Skill
from reviews.serializers.queues import (
    QueueDryRunSerializer,
    QueueInputSerializer,
    QueueSerializer,
    QueueTrialSerializer,
    ReasonSerializer,
)
from reviews.services import queues
from reviews.services.queue_dry_runs import dry_run
from reviews.services.queues import Audience, QueueRefused

T = TypeVar("T")
EXAMPLES = [
    OpenApiExample(
        "Sure shoes for the late shift",
        {
            "name": "Shoes, late shift", "variant": "background_enhancement",
            "conditions": [
                {"field": "category", "op": "is", "value": "shoes"},
                {"field": "best_score", "op": "at_least", "value": 0.8},
                {"field": "made_elsewhere", "op": "is", "value": False},
            ],
            "audience": {"groups": [7], "skills": [{"skill": 3, "level": 4}]},
            "overlap": 1, "overlap_more": 2, "overlap_share": 0.1, "policy": "any_reject_fails",
        },
        request_only=True,
    ),
    OpenApiExample(
        "Whatever no other queue takes, for everybody",
        {"name": "The rest", "variant": "background_enhancement", "conditions": [], "audience": {}, "position": 9},
        request_only=True,
    ),
]  # fmt: skip


class QueueViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Queue]):
    """The team's queues, the newest first; `position` tells in which order those of a variant are asked."""

    queryset = Queue.objects.with_numbers().prefetch_related("audience__reviewer")
    serializer_class = QueueSerializer
    filterset_fields = ("name", "variant", "purpose", "is_paused", "is_closed")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=QueueInputSerializer,
        responses={201: QueueSerializer, 200: QueueSerializer},
        examples=EXAMPLES,
    )
    def create(self, request: Request) -> Response:
        """Make a queue. It takes from the next request that is scored on."""
        said = _said(QueueInputSerializer(data=request.data))
        content = json.dumps(said, sort_keys=True).encode()
        team, by, place = team_of(request._request), signed_in(request._request), said.pop("position", 1)
        audience = _audience(team, said)

        def make(once: Once | None) -> Queue:
            def write() -> Queue:
                queue = queues.save_queue(Queue(team=team, position=0), by, said, audience)
                queues.place_queue(queue, by, place)
                remember(once, queue.pk)
                return queue

            return _written(write)

        return self.create_once(request, content, make)

    @extend_schema(request=QueueInputSerializer, responses=QueueSerializer, examples=EXAMPLES)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is named. It holds from the next request that is scored, and from the next claim."""
        queue: Queue = self.get_object()
        said = _said(QueueInputSerializer(data=request.data, partial=True))
        by, place = signed_in(request._request), said.pop("position", None)
        audience = _audience(queue.team, said)

        def write() -> None:
            changed = queues.save_queue(queue, by, said, audience)
            if place is not None:
                queues.place_queue(changed, by, place)

        _written(write)
        return self._answer(pk)

    @extend_schema(
        operation_id="queues_dry_run_new", request=QueueTrialSerializer, responses={200: QueueDryRunSerializer},
        filters=False,
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="dry-run", url_name="dry-run-new", pagination_class=None)
    def dry_run_new(self, request: Request) -> Response:
        """What a new queue would have done to the last 1,000 scored requests of its variant. Changes nothing."""
        said = _said(QueueTrialSerializer(data=request.data))
        return _tried(Queue(team=team_of(request._request)), {"name": _("New queue")} | said)

    @extend_schema(request=QueueTrialSerializer, responses={200: QueueDryRunSerializer})
    @action(detail=True, methods=["post"], url_path="dry-run")
    def dry_run(self, request: Request, pk: str) -> Response:
        """What this queue would have done to the last 1,000 scored requests with other rules, or at another place."""
        queue: Queue = self.get_object()
        return _tried(queue, _said(QueueTrialSerializer(data=request.data, partial=True)))

    @extend_schema(request=ReasonSerializer, responses=QueueSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Give nothing out of it until it is resumed. What is in hand goes on. Its history keeps the reason."""
        queue: Queue = self.get_object()
        reason = str(_said(ReasonSerializer(data=request.data))["reason"])
        queues.set_paused(queue, signed_in(request._request), paused=True, reason=reason)
        return self._answer(pk)

    @extend_schema(request=None, responses=QueueSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Give out of it again."""
        queues.set_paused(self.get_object(), signed_in(request._request), paused=False)
        return self._answer(pk)

    @extend_schema(request=None, responses=QueueSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Take nothing new into it. What waits is still judged."""
        queues.set_closed(self.get_object(), signed_in(request._request), closed=True)
        return self._answer(pk)

    @extend_schema(request=None, responses=QueueSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Let it take in requests again."""
        queues.set_closed(self.get_object(), signed_in(request._request), closed=False)
        return self._answer(pk)

    def _answer(self, pk: str) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=int(pk))).data)


def _said(form: Any) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _tried(queue: Queue, said: dict[str, Any]) -> Response:
    place = said.pop("position", None)
    result = _written(lambda: dry_run(queue.team, queues.proposed(queue, said), place))
    return Response(QueueDryRunSerializer(result).data)


def _written(write: Callable[[], T]) -> T:
    try:
        with transaction.atomic():
            return write()
    except QueueRefused as refused:
        raise exceptions.ValidationError({refused.field: [str(refused)]}) from refused


def _audience(team: Team, said: dict[str, Any]) -> Audience | None:
    """None where it is not named, and so stays as it is."""
    if "audience" not in said:
        return None
    named = said["audience"]
    levels = {int(held["skill"]): int(held["level"]) for held in named.get("skills", [])}
    skills = rows_named(Skill.objects.filter(team=team), levels.keys(), "audience", _("The team has no such skill."))
    groups = ReviewerGroup.objects.filter(team=team)
    return Audience(
        people_named(team, named.get("reviewers", []), "audience"),
        rows_named(groups, named.get("groups", []), "audience", _("The team has no such group.")),
        {skill: levels[skill.pk] for skill in skills},
    )
