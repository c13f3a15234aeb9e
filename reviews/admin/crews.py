"""Groups and skills."""

from typing import Any

from django.contrib import admin

from accounts.admin import HouseAdmin
from reviews.models import GroupMember, ReviewerGroup, ReviewerSkill, Skill


class MemberInline(admin.TabularInline[Any, Any]):
    model = GroupMember
    autocomplete_fields = ("reviewer",)
    extra = 0


class HolderInline(admin.TabularInline[Any, Any]):
    model = ReviewerSkill
    autocomplete_fields = ("reviewer",)
    extra = 0


@admin.register(ReviewerGroup)
class ReviewerGroupAdmin(HouseAdmin):
    inlines = (MemberInline,)
    list_display = ("name", "team", "created_at")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name",)
    autocomplete_fields = ("team",)


@admin.register(Skill)
class SkillAdmin(HouseAdmin):
    inlines = (HolderInline,)
    list_display = ("name", "team")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name",)
    autocomplete_fields = ("team",)
