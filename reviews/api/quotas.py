"""`/api/v1/quotas/`: how much may be judged. First what a change would do, then exactly that or nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_filters import CharFilter, ChoiceFilter, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts.idempotency import Once, remember
from accounts.models import Membership, Role, Team
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from generation.models.requests import variant_choices
from reviews.models import Quota
from reviews.serializers.quotas import (
    ChangesSerializer,
    ConfirmedChangesSerializer,
    EffectSerializer,
    QuotaSerializer,
    WorkloadsSerializer,
    workload_answer,
)
from reviews.services import quota_changes, workloads
from reviews.services.quota_changes import ChangesRefused, Effect
from reviews.services.quota_table import MOST_BYTES, TableRefused, read_table, write_table

T = TypeVar("T")
PREVIEW = OpenApiExample(
    "A day of 150 images for two, and a week for the late shift together",
    {
        "changes": [
            {"reviewer": "ada", "cap": 150}, {"reviewer": "bo", "cap": 150, "target": 120},
            {"group": "Late shift", "period": "week", "is_shared": True, "cap": 5000},
        ]
    },
    request_only=True,
)  # fmt: skip


class QuotaFilters(FilterSet):
    reviewer = CharFilter(field_name="reviewer__username", label="A username: what is for this person alone.")
    group = CharFilter(field_name="group__name", label="The name of a group.")
    queue = CharFilter(field_name="queue__name", label="The name of a queue.")
    variant = ChoiceFilter(choices=variant_choices)


class CsvParser(BaseParser):
    """The table as text; reviews.services.quota_table reads it."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        raw: bytes = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise RequestDataTooBig(_("The file is larger than 1 MB. Send it in parts."))
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise exceptions.ParseError(_("The file is not text in UTF-8. Save it as CSV UTF-8.")) from None


class CsvRenderer(BaseRenderer):
    """Names what may be asked for; the view answers by itself."""

    media_type = "text/csv"
    format = "csv"


class QuotaViewSet(mixins.ListModelMixin, TeamViewSet[Quota]):
    """The team's quotas, the newest first. All that is named, people, groups and queues, is named as people do."""

    queryset = Quota.objects.select_related("reviewer", "group", "queue")
    serializer_class = QuotaSerializer
    filterset_class = QuotaFilters
    filterset_fields = ("reviewer", "group", "queue", "variant")

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=ConfirmedChangesSerializer,
        responses={200: EffectSerializer},
    )
    def create(self, request: Request) -> Response:
        """Do what a preview has shown: all of it, from the next claim on, or nothing.

        409 with the code `quotas_changed` where it would do something else by now: look at a new preview. Sent again
        under the same `Idempotency-Key` it answers 200 and changes nothing.
        """
        form = ConfirmedChangesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        team, by, changes = team_of(request._request), signed_in(request._request), form.sent()
        done: list[Effect] = []

        def make(once: Once | None) -> Team:
            def write() -> Team:
                with transaction.atomic():
                    remember(once, team.pk)
                    done.append(quota_changes.set_quotas(team, changes, by, seen=form.validated_data["seen"]))
                return team

            return _told(write)

        self.make_once(request, json.dumps(form.validated_data, sort_keys=True).encode(), make)
        return _answer(done[0] if done else quota_changes.effect_of(team, changes))

    @extend_schema(
        request={"application/json": ChangesSerializer, "text/csv": OpenApiTypes.STR},
        responses={200: EffectSerializer},
        examples=[PREVIEW],
    )
    @action(detail=False, methods=["post"], parser_classes=[*api_settings.DEFAULT_PARSER_CLASSES, CsvParser])
    def preview(self, request: Request) -> Response:
        """What these changes would do, and its fingerprint `seen`. Changes nothing.

        A table as `/quotas/table/` gives it may be sent instead; send the `change` of each line back to make it so.
        """
        team = team_of(request._request)
        if isinstance(request.data, str):
            return _answer(_of_table(team, request.data))
        form = ChangesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return _answer(_told(lambda: quota_changes.effect_of(team, form.sent())))

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, filters=False)
    @action(detail=False, renderer_classes=[CsvRenderer], pagination_class=None, filter_backends=[])
    def table(self, request: Request) -> HttpResponse:
        """All quotas as CSV; what is written out reads back in."""
        rows = map(quota_changes.as_change, quota_changes.rules(team_of(request._request)))
        return HttpResponse(write_table(rows), content_type="text/csv; charset=utf-8")

    @extend_schema(
        parameters=[OpenApiParameter("reviewer", OpenApiTypes.STR, description="A username: this person alone.")],
        responses={200: WorkloadsSerializer},
        filters=False,
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def used(self, request: Request) -> Response:
        """What each reviewer has used of every limit that counts for them, what is left, and what they aim at."""
        if unknown := sorted(set(request.query_params) - {"reviewer"}):
            told = _("There is no such parameter. This list takes %(names)s.") % {"names": "reviewer"}
            raise exceptions.ValidationError({name[:80]: [told] for name in unknown[:10]}, code="unknown_parameter")
        rows = Membership.objects.filter(team=team_of(request._request), user__is_active=True, role=Role.REVIEWER)
        if name := request.query_params.get("reviewer", ""):
            rows = rows.filter(user__username=name.replace("\0", ""))
        people = [entry.user for entry in rows.select_related("user").order_by("user__username")]
        loads = workloads.workloads(people)
        answer = {"results": [workload_answer(person, loads[person.pk]) for person in people]}
        return Response(answer, headers={"Cache-Control": "no-store"})


def _answer(effect: Effect) -> Response:
    return Response(EffectSerializer(effect).data)


def _told(do: Callable[[], T]) -> T:
    """Refused changes are told by their place in the list, from 0."""
    try:
        return do()
    except ChangesRefused as refused:
        raise _problem(refused.problems, "changes") from refused


def _of_table(team: Team, text: str) -> Effect:
    try:
        changes, lines = read_table(text)
        return quota_changes.effect_of(team, changes)
    except TableRefused as refused:
        raise _problem(refused.problems, "line") from refused
    except ChangesRefused as impossible:
        by_line = [(lines[min(place, len(lines) - 1)], why) for place, why in impossible.problems]
        raise _problem(by_line, "line") from impossible


def _problem(problems: Sequence[tuple[int, str]], field: str) -> exceptions.ValidationError:
    return exceptions.ValidationError({field: {str(place): [why] for place, why in problems[:100]}})
