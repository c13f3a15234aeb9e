"""People, groups and skills, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Membership, Role
from reviews.models import ReviewerGroup, Skill

_BIGGEST = 2**63 - 1


class HeldSkillSerializer(serializers.Serializer[Any]):
    skill = serializers.IntegerField(min_value=1, max_value=_BIGGEST)
    level = serializers.IntegerField(min_value=1, max_value=5)


class PersonSerializer(serializers.ModelSerializer[Membership]):
    id = serializers.IntegerField(source="user_id", read_only=True)
    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)
    email = serializers.CharField(source="user.email", read_only=True)
    is_active = serializers.BooleanField(source="user.is_active", read_only=True)
    last_login = serializers.DateTimeField(source="user.last_login", read_only=True, allow_null=True)
    groups = serializers.SerializerMethodField()
    skills = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ("id", "username", "name", "email", "role", "time_zone", "is_active", "last_login", "groups", "skills")

    def get_groups(self, entry: Membership) -> list[int]:
        return [held.group_id for held in entry.user.group_memberships.all()]

    @extend_schema_field(HeldSkillSerializer(many=True))
    def get_skills(self, entry: Membership) -> list[dict[str, int]]:
        return [{"skill": held.skill_id, "level": held.level} for held in entry.user.reviewer_skills.all()]


class PersonChangeSerializer(serializers.Serializer[Any]):
    """Fields that are not named stay as they are; `groups` and `skills` replace all there are."""

    name = serializers.CharField(max_length=150, allow_blank=True)
    email = serializers.CharField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)
    time_zone = serializers.CharField(max_length=60, allow_blank=True)
    groups = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_BIGGEST), max_length=100, required=False
    )
    skills = HeldSkillSerializer(many=True, required=False)


class NewPersonSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    email = serializers.CharField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)
    name = serializers.CharField(max_length=150, allow_blank=True, default="")
    time_zone = serializers.CharField(max_length=60, allow_blank=True, default="")


class GroupSerializer(serializers.ModelSerializer[ReviewerGroup]):
    members = serializers.SerializerMethodField()

    class Meta:
        model = ReviewerGroup
        fields = ("id", "name", "members")

    def get_members(self, group: ReviewerGroup) -> list[str]:
        return sorted(person.username for person in group.members.all())


class GroupInputSerializer(serializers.Serializer[Any]):
    """`members` are usernames, and replace all there are."""

    name = serializers.CharField(max_length=80)
    members = serializers.ListField(child=serializers.CharField(max_length=150), max_length=1000, required=False)


class SkillSerializer(serializers.ModelSerializer[Skill]):
    class Meta:
        model = Skill
        fields = ("id", "name")


class SkillInputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)


class SheetSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    username = serializers.CharField()
    name = serializers.CharField()
    active_minutes = serializers.FloatField(source="minutes")
    decisions = serializers.IntegerField()
    undone = serializers.IntegerField()
    images = serializers.IntegerField()
    approved = serializers.IntegerField()
    rejected = serializers.IntegerField()


class SheetsSerializer(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField()
    results = SheetSerializer(many=True)
