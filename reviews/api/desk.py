"""`/api/v1/review/`: what the desk calls. A lease is addressed by its secret token, never by a number."""

from collections.abc import Callable
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rules import signed_in
from reviews.models import Slot
from reviews.serializers import ClaimSerializer, DecisionSerializer, item_answer, quota_answer
from reviews.services import decisions, queue, quotas


class LeaseLostProblem(exceptions.APIException):
    status_code = 409
    default_detail = "This item is no longer yours: its lease ended. Nothing was changed; ask for the next one."
    default_code = "lease_lost"


class KeyReusedProblem(exceptions.APIException):
    status_code = 409
    default_detail = "This idempotency key was used for another decision. Nothing was changed."
    default_code = "key_reused"


class DeskView(APIView):
    """Answers are personal and of the moment: nobody may keep them."""

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final

    def _with_quota(self, reviewer: User, **answer: object) -> Response:
        return Response({**answer, "quota": quota_answer(quotas.state(reviewer))})


class ClaimView(DeskView):
    @extend_schema(request=ClaimSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """The item in hand or the next one (`soft`: the one after it). `reason` says why there is none."""
        form = ClaimSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        claim = queue.claim(signed_in(request._request), soft=form.validated_data["soft"])
        return Response(
            {
                "reason": claim.reason,
                "item": item_answer(claim.slot) if claim.slot else None,
                "quota": quota_answer(claim.quota),
            }
        )


class LeaseView(DeskView):
    """One verb on one lease. Raises 409 where the token is wrong, another's or out of time."""

    verb: Callable[[UUID, User], Slot | None]

    @extend_schema(request=None, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, token: UUID) -> Response:
        reviewer = signed_in(request._request)
        try:
            slot = type(self).verb(token, reviewer)
        except queue.LeaseLost as error:
            raise LeaseLostProblem from error
        return self._with_quota(reviewer, lease_until=slot.lease_until if slot else None)


class ShowView(LeaseView):
    """A prefetched item is on the screen now: its lease becomes a full one."""

    verb = staticmethod(queue.show)


class ExtendView(LeaseView):
    """The reviewer is still at it."""

    verb = staticmethod(queue.extend)


class ReleaseView(LeaseView):
    """Give it back unjudged; others, and the same reviewer later, may have it."""

    verb = staticmethod(queue.release)


class SkipView(LeaseView):
    """Pass it by: it comes to others, not to this reviewer again."""

    verb = staticmethod(queue.skip)


class DecideView(DeskView):
    @extend_schema(request=DecisionSerializer, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, token: UUID) -> Response:
        """Decide. The same key with the same content answers the same, however often and however late."""
        form = DecisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        reviewer = signed_in(request._request)
        verdicts = [decisions.VerdictInput(**verdict) for verdict in data.pop("verdicts")]
        try:
            decision = decisions.decide(reviewer, token, verdicts=verdicts, **data)
        except queue.LeaseLost as error:
            raise LeaseLostProblem from error
        except decisions.KeyReused as error:
            raise KeyReusedProblem from error
        except decisions.DecisionRefused as refused:
            raise exceptions.ValidationError({refused.code: [str(refused)]}) from refused
        return self._with_quota(reviewer, decided=str(decision.idempotency_key))


class UndoView(DeskView):
    @extend_schema(request=None, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Take back the reviewer's last standing decision and hand its item to them again."""
        reviewer = signed_in(request._request)
        try:
            slot = decisions.undo(reviewer)
        except decisions.NothingToUndo as error:
            raise exceptions.NotFound(str(error)) from error
        except decisions.AlreadyExported as error:
            raise _conflict(error) from error
        return self._with_quota(reviewer, item=item_answer(slot))


def _conflict(error: Exception) -> exceptions.APIException:
    problem = exceptions.APIException(str(error), code="already_exported")
    problem.status_code = 409
    return problem
