"""`/api/v1/reworks/`: what is done with many items at once."""

import json
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from reviews.forms.rework import ReworkForm
from reviews.models import Rework
from reviews.rework import WHY
from reviews.serializers.reworks import NewReworkSerializer, ReworkEffectSerializer, ReworkSerializer
from reviews.services import reworks

_EITHER = PolymorphicProxySerializer(
    "ReworkOrEffect", [ReworkEffectSerializer, ReworkSerializer], resource_type_field_name=None
)


class ReworkViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Rework]):
    """The team's reworks, the newest first."""

    queryset = Rework.objects.select_related("done_by", "undone_by").order_by("-pk")
    serializer_class = ReworkSerializer
    filterset_fields = ("kind", "state")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewReworkSerializer,
        responses={201: ReworkSerializer, 200: _EITHER},
    )
    def create(self, request: Request) -> Response:
        """See what would be done (`dry_run`), then do exactly that (`seen`).

        Up to 500 items are done when this answers; more are worked on, see `state` and `items_done`. 409
        `rework_changed`: by now it would do something else; look again.
        """
        said = NewReworkSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        data: dict[str, Any] = dict(said.validated_data)
        team, by = team_of(request._request), signed_in(request._request)
        form = ReworkForm(_as_sent(data), team=team)
        if not form.is_valid():
            wrong = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            raise exceptions.ValidationError({"" if name == "__all__" else name: e for name, e in wrong.items()})
        choice, act, reason = form.choice(), form.the_act(), form.cleaned_data["reason"]
        if data["dry_run"]:
            return Response(_told(reworks.effect_of(team, choice, act)))
        if not data["seen"]:
            raise exceptions.ValidationError({"seen": [_("Ask with dry_run first, and send what it calls seen.")]})
        content = json.dumps(data, sort_keys=True, default=str).encode()
        return self.create_once(
            request, content, lambda once: reworks.confirm(team, by, choice, act, reason, seen=data["seen"], once=once)
        )

    @extend_schema(request=None, responses=ReworkSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Put back every item on which nobody has gone on since; the others are left. Once: 409 after that."""
        reworks.undo_rework(self.get_object(), signed_in(request._request))
        return Response(self.get_serializer(self.get_queryset().get(pk=int(pk))).data)

    @extend_schema(request=None, responses=ReworkSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it where it is. What is done stays, and can be undone; 409 when it has ended."""
        reworks.cancel_rework(self.get_object(), signed_in(request._request))
        return Response(self.get_serializer(self.get_queryset().get(pk=int(pk))).data)


def _as_sent(data: dict[str, Any]) -> dict[str, Any]:
    """As the form of the pages takes it."""
    choice = dict(data["choice"])
    choice["handles"] = " ".join(str(handle) for handle in choice.get("handles", []))
    named = ("act", "reason", "to_queue", "to_priority", "fresh_eyes")
    return choice | {name: data[name] for name in named if name in data}


def _told(effect: reworks.Effect) -> dict[str, Any]:
    refused = [{"why": why, "detail": _(WHY[why]), "items": number} for why, number in effect.refused.most_common()]
    answer = {"items": effect.count, "refused": refused, "approved": effect.approved, "leases": effect.in_hand}
    return answer | {"seen": effect.seen}
