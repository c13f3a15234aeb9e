"""Quotas, what is used of them, pauses and days off."""

from django.contrib import admin

from accounts.admin import HouseAdmin, ReadOnlyAdmin
from reviews.models import Holiday, Pause, Quota, QuotaDay


@admin.register(Quota)
class QuotaAdmin(HouseAdmin):
    list_display = (
        "team", "reviewer", "group", "queue", "variant", "period", "unit", "is_shared", "cap", "target", "carries_over",
    )  # fmt: skip
    list_display_links = ("team", "cap")
    list_filter = ("team", "period", "unit", "is_shared")
    list_select_related = ("team", "reviewer", "group", "queue")
    search_fields = ("reviewer__username", "group__name", "queue__name")
    autocomplete_fields = ("team", "reviewer", "group", "queue")


@admin.register(QuotaDay)
class QuotaDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "reviewer", "queue", "used")
    list_select_related = ("reviewer", "queue")
    search_fields = ("reviewer__username", "queue__name")


@admin.register(Pause)
class PauseAdmin(ReadOnlyAdmin):
    list_display = ("team", "reviewer", "reason", "begun_by", "begun_at", "ended_by", "ended_at")
    list_filter = ("team", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("team", "reviewer", "begun_by", "ended_by")
    search_fields = ("reviewer__username", "reason")


@admin.register(Holiday)
class HolidayAdmin(HouseAdmin):
    list_display = ("day", "name", "team", "reviewer")
    list_filter = ("team",)
    list_select_related = ("team", "reviewer")
    search_fields = ("name", "reviewer__username")
    autocomplete_fields = ("team", "reviewer")
