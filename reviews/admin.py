"""The back office of the review floor: queues and quotas can be changed, everything that was judged cannot."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from reviews.models import Decision, Queue, Quota, ReviewItem, SnapshotExport


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin[Queue]):
    list_display = ("name", "team", "variant", "overlap", "policy", "is_paused")
    list_filter = ("team", "variant", "is_paused")


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin[Quota]):
    list_display = ("__str__", "team", "queue", "variant", "cap", "target")
    list_filter = ("team", "period", "unit")


@admin.register(ReviewItem)
class ReviewItemAdmin(ReadOnlyAdmin):
    list_display = ("pk", "queue", "request", "state", "created_at")
    list_filter = ("state", "queue")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("pk", "slot", "attempt", "reviewer", "kind", "created_at")
    list_filter = ("kind",)


@admin.register(SnapshotExport)
class SnapshotExportAdmin(ReadOnlyAdmin):
    list_display = ("snapshot", "format", "state", "created_at")
