"""Guidelines, exports and how people like their desks."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from reviews.models import DeskSettings, GuidelineVersion, SnapshotExport


@admin.register(GuidelineVersion)
class GuidelineVersionAdmin(ReadOnlyAdmin):
    list_display = ("variant", "number", "team", "created_at")
    list_filter = ("variant", "team")
    list_select_related = ("team",)
    search_fields = ("text",)


@admin.register(SnapshotExport)
class SnapshotExportAdmin(ReadOnlyAdmin):
    list_display = ("snapshot", "format", "state", "created_by", "created_at")
    list_filter = ("state", "format")
    list_select_related = ("snapshot", "created_by")
    search_fields = ("snapshot__name", "=handle")


@admin.register(DeskSettings)
class DeskSettingsAdmin(ReadOnlyAdmin):
    list_display = ("reviewer", "preset", "keys_on", "send_on", "rest_minutes")
    list_filter = ("preset",)
    list_select_related = ("reviewer",)
    search_fields = ("reviewer__username",)
