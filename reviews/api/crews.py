"""`/api/v1/groups/` and `/api/v1/skills/`: what queues and quotas are made for."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from accounts.rules import signed_in, team_of
from accounts.viewsets import IDEMPOTENCY_KEY, TeamViewSet
from reviews.api.named import people_named
from reviews.api.people import refused_as_problem
from reviews.models import ReviewerGroup, Skill
from reviews.serializers.people import GroupInputSerializer, GroupSerializer, SkillInputSerializer, SkillSerializer
from reviews.services import crews

T = TypeVar("T")


class GroupViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[ReviewerGroup]):
    """The team's groups of reviewers, the newest first."""

    queryset = ReviewerGroup.objects.prefetch_related("members")
    serializer_class = GroupSerializer
    filterset_fields = ("name",)
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=GroupInputSerializer,
        responses={201: GroupSerializer, 200: GroupSerializer},
    )
    def create(self, request: Request) -> Response:
        """Make a group, with its members if they are named."""
        form = GroupInputSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(form.validated_data)
        team, by = team_of(request._request), signed_in(request._request)
        members = _members(team, said)

        def make(once: Once | None) -> ReviewerGroup:
            def write() -> ReviewerGroup:
                group = crews.create_group(team, by, said["name"])
                crews.set_members(group, by, members or [])
                remember(once, group.pk)
                return group

            return _written(write)

        return self.create_once(request, json.dumps(said, sort_keys=True).encode(), make)

    @extend_schema(request=GroupInputSerializer, responses=GroupSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the name, or say anew who is in it."""
        group: ReviewerGroup = self.get_object()
        form = GroupInputSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(form.validated_data)
        by, members = signed_in(request._request), _members(group.team, said)

        def write() -> None:
            crews.rename(group, by, said.get("name", group.name))
            if members is not None:
                crews.set_members(group, by, members)

        _written(write)
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a group that no queue and no quota is made for."""
        group: ReviewerGroup = self.get_object()
        _written(lambda: crews.delete_group(group, signed_in(request._request)))
        return Response(status=204)


class SkillViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamViewSet[Skill]):
    """What people of the team can be good at, the newest first. People have skills: see `/people/`."""

    queryset = Skill.objects.all()
    serializer_class = SkillSerializer
    filterset_fields = ("name",)
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=SkillInputSerializer,
        responses={201: SkillSerializer, 200: SkillSerializer},
    )
    def create(self, request: Request) -> Response:
        """Make a skill."""
        name = _name(request)
        team, by = team_of(request._request), signed_in(request._request)

        def make(once: Once | None) -> Skill:
            def write() -> Skill:
                skill = crews.create_skill(team, by, name)
                remember(once, skill.pk)
                return skill

            return _written(write)

        return self.create_once(request, json.dumps({"name": name}).encode(), make)

    @extend_schema(request=SkillInputSerializer, responses=SkillSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Give it another name."""
        skill: Skill = self.get_object()
        name = _name(request)
        _written(lambda: crews.rename(skill, signed_in(request._request), name))
        return Response(self.get_serializer(skill).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a skill that no queue asks for."""
        skill: Skill = self.get_object()
        _written(lambda: crews.delete_skill(skill, signed_in(request._request)))
        return Response(status=204)


def _name(request: Request) -> str:
    form = SkillInputSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    return str(form.validated_data["name"])


def _written(write: Callable[[], T]) -> T:
    try:
        with transaction.atomic():
            return write()
    except ValidationError as refused:
        raise refused_as_problem(refused) from refused


def _members(team: Team, said: dict[str, Any]) -> list[User] | None:
    return people_named(team, said["members"], "members") if "members" in said else None
