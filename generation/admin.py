"""The back office: everything to look at, little to change. What has a service is changed through its page."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnlyAdmin
from generation.models import (
    Candidate,
    DatasetSnapshot,
    GenerationRequest,
    MaskRepair,
    ModelVersion,
    Product,
    TrainingRun,
)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    list_display = ("title", "category", "external_id", "team")
    list_filter = ("team",)
    search_fields = ("title", "external_id")
    fields = ("title", "category", "external_id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a product without a photo is none

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False


@admin.register(GenerationRequest)
class RequestAdmin(ReadOnlyAdmin):
    list_display = ("pk", "team", "variant", "state", "attempts", "created_at")
    list_filter = ("state", "variant", "team")


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    list_display = ("pk", "request", "position", "state", "created_at")
    list_filter = ("state",)


@admin.register(MaskRepair)
class MaskRepairAdmin(ReadOnlyAdmin):
    list_display = ("pk", "request", "revision", "state", "created_at", "closed_at")
    list_filter = ("state", "team")


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "number", "kind", "variant", "state", "created_at")
    list_filter = ("kind", "variant", "state")


@admin.register(DatasetSnapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "team", "created_at")


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    list_display = ("pk", "trainer", "snapshot", "state", "created_at")
    list_filter = ("state",)
