from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from accounts.models import Membership, Team, User


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """History is not edited by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.StackedInline[Membership, User]):
    model = Membership


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    inlines = (MembershipInline,)
    list_display = ("username", "email", "is_active", "last_login")


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    list_display = ("name", "slug", "time_zone")
    prepopulated_fields = {"slug": ("name",)}
