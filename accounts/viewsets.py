"""What the viewsets of the house share: the caller's team, and answering a repeated request once."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.idempotency import KeyReused, Once, SentBefore, made_before
from accounts.rules import signed_in, team_of

MAX_KEY_LENGTH = 100


class KeyReusedProblem(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another content. Send a new key with a new request."
    default_code = "idempotency_key_reused"


M = TypeVar("M", bound=Model)


class TeamViewSet(GenericViewSet[M]):
    """Only what belongs to the caller's team exists."""

    def get_queryset(self) -> QuerySet[M]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset().none()
        return super().get_queryset().filter(team=team_of(self.request._request))

    def create_once(self, request: Request, content: bytes, make: Callable[[Once | None], M]) -> Response:
        """Answer 201 with what `make` made, or 200 with what the same Idempotency-Key made before."""
        once = self._once(request, content)
        made: int = status.HTTP_200_OK
        try:
            pk = made_before(once) if once else None
            if pk is None:
                pk, made = make(once).pk, status.HTTP_201_CREATED
        except SentBefore as before:
            pk = before.object_id
        except KeyReused as error:
            raise KeyReusedProblem from error
        answer: dict[str, Any] = dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)
        return Response(answer, status=made)

    def _once(self, request: Request, content: bytes) -> Once | None:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return None
        if len(key) > MAX_KEY_LENGTH or not key.isprintable():
            raise exceptions.ValidationError(
                {"Idempotency-Key": [f"Use at most {MAX_KEY_LENGTH} printable characters."]}
            )
        return Once.of(signed_in(request._request), type(self).__name__, key, content)
