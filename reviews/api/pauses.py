"""`/api/v1/pauses/` and `/api/v1/holidays/`: when nothing is given out, and when nobody need work."""

import json
from typing import Any

from django.db import transaction
from django.http import Http404
from django_filters import BooleanFilter, CharFilter, DateFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import Once, SentBefore, made_before, remember
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from reviews.api.named import person_named
from reviews.models import Holiday, Pause
from reviews.serializers.quotas import (
    HolidaySerializer,
    NewHolidaySerializer,
    NewPauseSerializer,
    PauseSerializer,
)
from reviews.services import holidays, pauses


class PauseFilters(FilterSet):
    reviewer = CharFilter(field_name="reviewer__username", label="A username.")
    is_open = BooleanFilter(field_name="ended_at", lookup_expr="isnull", label="Those that hold now, or have ended.")


class HolidayFilters(FilterSet):
    reviewer = CharFilter(field_name="reviewer__username", label="A username: this person's own.")
    since = DateFilter(field_name="day", lookup_expr="gte")
    until = DateFilter(field_name="day", lookup_expr="lte")


class PauseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Pause]):
    """Pauses of people and of the whole team, the newest first. A queue is paused at `/queues/{id}/pause/`."""

    queryset = Pause.objects.select_related("reviewer", "begun_by", "ended_by")
    serializer_class = PauseSerializer
    filterset_class = PauseFilters
    filterset_fields = ("reviewer", "is_open")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewPauseSerializer,
        responses={201: PauseSerializer, 200: PauseSerializer},
    )
    def create(self, request: Request) -> Response:
        """Give nothing new to somebody, or to anybody. What is in hand may be finished. 409 where one holds already."""
        said = _said(NewPauseSerializer(data=request.data))
        team, by = team_of(request._request), signed_in(request._request)
        reviewer = person_named(team, said["reviewer"], "reviewer")

        def make(once: Once | None) -> Pause:
            try:
                with transaction.atomic():
                    begun = pauses.pause(team, reviewer, said["reason"], by)
                    remember(once, begun.pk)
                    return begun
            except pauses.AlreadyPaused:
                # By the same request, a moment ago?
                if once is not None and (before := made_before(once)) is not None:
                    raise SentBefore(before) from None
                raise

        return self.create_once(request, json.dumps(said, sort_keys=True).encode(), make)

    @extend_schema(request=None, responses={200: PauseSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Let work go on. One that has ended already stays as it ended."""
        pauses.end_pause(self.get_object(), signed_in(request._request))
        return Response(self.get_serializer(self.get_object()).data)


class HolidayViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Holiday]):
    """Days off, of the team or of one person, the newest first: no target is set for them, and no forecast counts on
    them."""

    queryset = Holiday.objects.select_related("reviewer")
    serializer_class = HolidaySerializer
    filterset_class = HolidayFilters
    filterset_fields = ("reviewer", "since", "until")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewHolidaySerializer,
        responses={201: HolidaySerializer, 200: HolidaySerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep a day free. The same day once more only gets its new name."""
        said = _said(NewHolidaySerializer(data=request.data))
        team, by = team_of(request._request), signed_in(request._request)
        reviewer = person_named(team, said["reviewer"], "reviewer")

        def make(once: Once | None) -> Holiday:
            with transaction.atomic():
                made = holidays.set_holiday(team, said["day"], by, reviewer=reviewer, name=said["name"])
                remember(once, made.pk)
                return made

        return self.create_once(request, json.dumps(said, sort_keys=True, default=str).encode(), make)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Make it a working day again."""
        if not holidays.remove_holiday(team_of(request._request), int(pk), signed_in(request._request)):
            raise Http404
        return Response(status=204)


def _said(form: Any) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
