"""What the viewsets of the house share: the caller's team, and answering a repeated request once."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.idempotency import KeyReused, Once, SentBefore, made_before
from accounts.rules import signed_in, team_of

MAX_KEY_LENGTH = 100
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Chosen by the sender. The same key with the same content makes one object, and answers it with 200.",
)


class KeyReusedProblem(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another content. Send a new key with a new request.")
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
        pk, is_new = self.make_once(request, content, make)
        answer: dict[str, Any] = dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)
        return Response(answer, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def make_once(self, request: Request, content: bytes, make: Callable[[Once | None], Model]) -> tuple[int, bool]:
        """The primary key of what `make` made, or the same Idempotency-Key before; and whether it was made just now."""
        try:
            return _made_once(self._once(request, content), make)
        except KeyReused as error:
            raise KeyReusedProblem from error

    def _once(self, request: Request, content: bytes) -> Once | None:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return None
        if len(key) > MAX_KEY_LENGTH or not key.isprintable():
            told = gettext("Use at most %(count)s printable characters.") % {"count": MAX_KEY_LENGTH}
            raise exceptions.ValidationError({"Idempotency-Key": [told]})
        return Once.of(signed_in(request._request), type(self).__name__, key, content)


def _made_once(once: Once | None, make: Callable[[Once | None], Model]) -> tuple[int, bool]:
    """The primary key of what was made, and whether it was made just now. Raises KeyReused and what `make` raises."""
    pk = made_before(once) if once else None
    if pk is not None:
        return pk, False
    try:
        return make(once).pk, True
    except SentBefore as before:
        return before.object_id, False
    except exceptions.ValidationError:
        # What the same request made a moment ago may be why this one is refused: an external id is taken now.
        pk = made_before(once) if once else None
        if pk is None:
            raise
        return pk, False
