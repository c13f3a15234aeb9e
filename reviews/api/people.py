"""`/api/v1/people/`: who works in the team."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services as accounts
from accounts.idempotency import Once, remember
from accounts.models import Membership, Team, User
from accounts.rules import signed_in, team_of
from accounts.services import invitations
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from reviews.api.named import rows_named
from reviews.models import ReviewerGroup, Skill
from reviews.serializers.people import NewPersonSerializer, PersonChangeSerializer, PersonSerializer
from reviews.services import crews, people


def refused_as_problem(refused: ValidationError) -> exceptions.ValidationError:
    """What a service refuses, by field, in the words of the API."""
    told = refused.message_dict if hasattr(refused, "error_dict") else {"__all__": refused.messages}
    return exceptions.ValidationError({"" if name == "__all__" else name: texts for name, texts in told.items()})


class PersonViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Membership]):
    """The people of the team, the newest first. `id` is what the routes of one person take."""

    queryset = Membership.objects.select_related("user").prefetch_related(
        "user__group_memberships", "user__reviewer_skills"
    )
    serializer_class = PersonSerializer
    filterset_fields = ("role", "user__username")
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewPersonSerializer,
        responses={201: PersonSerializer, 200: PersonSerializer},
    )
    def create(self, request: Request) -> Response:
        """Make somebody and mail them an invitation. The link itself is shown on their page only."""
        form = NewPersonSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(form.validated_data)
        team, by = team_of(request._request), signed_in(request._request)
        answer = self.create_once(
            request, json.dumps(said, sort_keys=True).encode(), lambda once: _made(team, by, said, once)
        )
        if answer.status_code == 201:
            person = User.objects.get(pk=answer.data["id"])
            path = invitations.invitation_path(person)
            invitations.send_invitation(person, request.build_absolute_uri(path))
        return answer

    @extend_schema(request=PersonChangeSerializer, responses=PersonSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is named. With a role that does not judge, what they hold goes back to the queue."""
        entry: Membership = self.get_object()
        form = PersonChangeSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(form.validated_data)
        person, by = entry.user, signed_in(request._request)
        groups, levels = _groups(entry.team, said), _levels(entry.team, said)
        details = {
            name: said.get(name, value)
            for name, value in (
                ("email", person.email), ("role", entry.role), ("name", person.get_full_name()),
                ("time_zone", entry.time_zone),
            )
        }  # fmt: skip
        try:
            with transaction.atomic():
                if {"email", "role", "name", "time_zone"} & set(said):
                    people.change_person(person, by, **details)
                if groups is not None:
                    crews.set_groups_of(person, by, groups)
                if levels is not None:
                    crews.set_skills_of(person, by, levels)
        except ValidationError as refused:
            raise refused_as_problem(refused) from refused
        return self._answer(pk)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, pk: str) -> Response:
        """End their sessions and tokens at once, and give back what they hold."""
        entry: Membership = self.get_object()
        try:
            people.deactivate_person(entry.user, signed_in(request._request))
        except ValidationError as refused:
            raise refused_as_problem(refused) from refused
        return self._answer(pk)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: str) -> Response:
        """Let them in again. They are mailed an invitation to choose a new password."""
        entry: Membership = self.get_object()
        try:
            accounts.activate(entry.user, signed_in(request._request))
        except ValidationError as refused:
            raise refused_as_problem(refused) from refused
        if invitations.awaits_invitation(entry.user):
            path = invitations.invitation_path(entry.user)
            invitations.send_invitation(entry.user, request.build_absolute_uri(path))
        return self._answer(pk)

    def _answer(self, pk: str) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=int(pk))).data)


def _made(team: Team, by: User, said: dict[str, Any], once: Once | None) -> Membership:
    try:
        with transaction.atomic():
            person = accounts.create_person(team, by, **said)
            remember(once, person.pk)
    except ValidationError as refused:
        raise refused_as_problem(refused) from refused
    return person.membership


def _groups(team: Team, said: dict[str, Any]) -> list[ReviewerGroup] | None:
    if "groups" not in said:
        return None
    rows = ReviewerGroup.objects.filter(team=team)
    return rows_named(rows, said["groups"], "groups", _("The team has no such group."))


def _levels(team: Team, said: dict[str, Any]) -> dict[int, int] | None:
    if "skills" not in said:
        return None
    levels = {int(held["skill"]): int(held["level"]) for held in said["skills"]}
    rows_named(Skill.objects.filter(team=team), levels, "skills", _("The team has no such skill."))
    return levels
