from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Membership, Team, User


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
