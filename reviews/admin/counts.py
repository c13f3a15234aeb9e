"""What is counted while it happens: only the database's triggers write it."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from reviews.models import AgreementDay, ArrivalDay, QueueTally, WorkDay


@admin.register(QueueTally)
class QueueTallyAdmin(ReadOnlyAdmin):
    list_display = ("queue", "state", "slots", "images")
    list_filter = ("state", "queue__team")
    list_select_related = ("queue",)
    search_fields = ("queue__name",)


@admin.register(ArrivalDay)
class ArrivalDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "queue", "items", "slots", "images")
    list_filter = ("queue__team",)
    list_select_related = ("queue",)
    search_fields = ("queue__name",)
    date_hierarchy = "day"


@admin.register(WorkDay)
class WorkDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "reviewer", "queue", "decisions", "undone", "images", "approved", "rejected", "active_ms")
    list_filter = ("queue__team",)
    list_select_related = ("reviewer", "queue")
    search_fields = ("reviewer__username", "queue__name")
    date_hierarchy = "day"


@admin.register(AgreementDay)
class AgreementDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "queue", "votes", "approvals", "candidates")
    list_filter = ("queue__team", "votes")
    list_select_related = ("queue",)
    search_fields = ("queue__name",)
    date_hierarchy = "day"
