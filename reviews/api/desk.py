"""`/api/v1/review/`: what the desk calls. A lease is addressed by its secret token, never by a number."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rules import signed_in, team_of
from generation.variants import VARIANTS
from reviews.models import Slot
from reviews.serializers.aids import aids_answer
from reviews.serializers.decisions import ClaimSerializer, DecisionSerializer, SnoozeSerializer, UndoSerializer
from reviews.serializers.desk import item_answer, quota_answer, recent_answer
from reviews.serializers.guidelines import guideline_answer
from reviews.services import aids, decisions, guidelines, queue, quotas, undoing
from reviews.services.bundles import Question, SourceReport
from reviews.services.verdicts import MaskReport, VerdictInput

_REPORTS = {"mask_wrong": MaskReport, "unsuitable_source": SourceReport, "escalate": Question}
_ANY = {200: OpenApiTypes.OBJECT}


class DeskView(APIView):
    """Answers are personal and of the moment: nobody may keep them. A refusal of the services has changed nothing."""

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final

    def reviewer(self) -> User:
        return signed_in(self.request._request)

    def answer(self, **content: Any) -> Response:
        return Response({**content, "quota": quota_answer(quotas.state(self.reviewer()))})


class ClaimView(DeskView):
    @extend_schema(request=ClaimSerializer, responses=_ANY)
    def post(self, request: Request) -> Response:
        """The item in hand or the next one (`soft`: one after it). `reason` says why there is none.

        Of the reasons, "snoozed" comes with `until`: only what this reviewer put off waits, and is back then.
        """
        form = ClaimSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        if data["item"] is not None:
            claim = queue.claim_late(self.reviewer(), data["item"])
        else:
            claim = queue.claim(self.reviewer(), soft=data["soft"], held=data["held"])
        item = item_answer(claim.slot) if claim.slot else None
        answer = {"reason": claim.reason, "item": item, "quota": quota_answer(claim.quota)}
        return Response(answer | ({"until": claim.until} if claim.until else {}))


class LeaseView(DeskView):
    """One verb on one lease. 409 where the token is wrong, another's or out of time."""

    verb: Callable[[UUID, User], Slot | None]

    @extend_schema(request=None, responses=_ANY)
    def post(self, request: Request, token: UUID) -> Response:
        slot = type(self).verb(token, self.reviewer())
        return self.answer(lease_until=slot.lease_until if slot else None)


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


class AidsView(DeskView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request, token: UUID) -> Response:
        """What helps to look at a leased item: outline, heat maps, what the guardian reported and where.

        Off at first, at the desk; which of them were used is sent with the decision.
        """
        return Response(aids_answer(aids.aids_of(token, self.reviewer())))


class SnoozeView(DeskView):
    @extend_schema(request=SnoozeSerializer, responses=_ANY)
    def post(self, request: Request, token: UUID) -> Response:
        """Put it off: it comes back to this reviewer after `minutes`; others may have it meanwhile."""
        form = SnoozeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        snoozed = queue.snooze(token, self.reviewer(), form.validated_data["minutes"])
        return self.answer(until=snoozed.until)


class DecideView(DeskView):
    @extend_schema(request=DecisionSerializer, responses=_ANY)
    def post(self, request: Request, token: UUID) -> Response:
        """Decide. The same key with the same content answers the same, however often and however late."""
        form = DecisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        said["verdicts"] = [VerdictInput(**verdict) for verdict in said["verdicts"]]
        for name, report in _REPORTS.items():
            said[name] = report(**said[name]) if said[name] is not None else None
        decision = decisions.decide(self.reviewer(), token, **said)
        return self.answer(decided=str(decision.idempotency_key))


class GuidelineView(DeskView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request, variant: str) -> Response:
        """The guidelines in force for a variant, as safe HTML, with their examples; `number` is null without any."""
        if variant not in VARIANTS:
            raise Http404
        return Response(guideline_answer(guidelines.in_force(team_of(request._request), variant)))


class UndoView(DeskView):
    @extend_schema(request=UndoSerializer, responses=_ANY)
    def post(self, request: Request) -> Response:
        """Take back the reviewer's last standing decision and hand its item to them again; `before` is what they said.

        With `decision`, its key, that one is meant: 409 where a later one stands; sent again it answers as it is now.
        `reason` is "granted", or why there is no item: "quota_reached"; "withdrawn" for an item whose mask or photo
        somebody else has reported meanwhile; "taken" for one that has gone on since it was taken back.
        """
        form = UndoSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reviewer, key = self.reviewer(), form.validated_data["decision"]
        slot = undoing.undo(reviewer) if key is None else undoing.undo_latest(reviewer, key)
        reason = undoing.became_of(slot, reviewer)
        return self.answer(reason=reason, item=item_answer(slot) if reason == "granted" else None)


class RecentView(DeskView):
    @extend_schema(responses=_ANY)
    def get(self, request: Request) -> Response:
        """The reviewer's last ten standing decisions, the newest first: as deep as undo is meant to go."""
        return Response([recent_answer(decision) for decision in undoing.recent(self.reviewer())])
