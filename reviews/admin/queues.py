"""Queues, and how a floor is run."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import HouseAdmin
from reviews.models import FloorSettings, Queue, QueueAudience


class AudienceInline(admin.TabularInline[Any, Any]):
    model = QueueAudience
    autocomplete_fields = ("reviewer", "group", "skill")
    extra = 0


@admin.register(Queue)
class QueueAdmin(HouseAdmin):
    inlines = (AudienceInline,)
    list_display = ("name", "team", "variant", "purpose", "position", "overlap", "policy", "is_paused", "is_closed")
    list_filter = ("team", "variant", "purpose", "is_paused", "is_closed")
    list_select_related = ("team",)
    search_fields = ("name",)
    autocomplete_fields = ("team",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was judged in it names it; close it


@admin.register(FloorSettings)
class FloorSettingsAdmin(HouseAdmin):
    list_display = ("team", "hold_minutes", "locks_after_hours")
    list_select_related = ("team",)
    search_fields = ("team__name",)
    autocomplete_fields = ("team",)
