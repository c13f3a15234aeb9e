"""The back office: everything to look at, little to change. What has a service is changed through its page."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import HouseAdmin, ReadOnlyAdmin
from generation.models import (
    BulkImport,
    Candidate,
    DatasetSnapshot,
    Finding,
    GenerationRequest,
    ImportProblem,
    LimitChange,
    MaskProposal,
    MaskRepair,
    ModelVersion,
    Picture,
    Product,
    ProductRevision,
    Score,
    TrainingRun,
)


@admin.register(Product)
class ProductAdmin(HouseAdmin):
    list_display = ("title", "category", "external_id", "team", "created_at")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("title", "external_id", "category")
    fields = ("title", "category", "external_id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a product without a photo is none

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False


@admin.register(ProductRevision)
class ProductRevisionAdmin(ReadOnlyAdmin):
    list_display = ("product", "number", "mask_coverage", "created_by", "created_at")
    list_select_related = ("product", "created_by")
    search_fields = ("product__title", "product__external_id")


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ("pk", "team", "media_type", "width", "height", "byte_size", "created_at")
    list_filter = ("media_type", "team")
    list_select_related = ("team",)
    search_fields = ("name", "sha256")


@admin.register(GenerationRequest)
class RequestAdmin(ReadOnlyAdmin):
    list_display = ("pk", "team", "variant", "state", "attempts", "created_by", "created_at")
    list_filter = ("state", "variant", "team")
    list_select_related = ("team", "created_by")
    search_fields = ("=pk", "prompt", "created_by__username")
    date_hierarchy = "created_at"


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    list_display = ("pk", "request_id", "position", "state", "created_at")
    list_filter = ("state",)
    search_fields = ("=handle", "=request__pk")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("candidate_id", "guard", "measure", "value", "threshold", "violated", "blocking", "created_at")
    list_filter = ("violated", "blocking", "guard")
    search_fields = ("=candidate__pk", "measure")


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ("candidate_id", "version", "value", "rank", "created_at")
    list_select_related = ("version",)
    search_fields = ("=candidate__pk",)


@admin.register(MaskRepair)
class MaskRepairAdmin(ReadOnlyAdmin):
    list_display = ("pk", "request_id", "revision_id", "reason", "state", "reported_by", "created_at", "closed_at")
    list_filter = ("state", "reason", "team")
    list_select_related = ("reported_by",)
    search_fields = ("=request__pk", "note", "reported_by__username")


@admin.register(MaskProposal)
class MaskProposalAdmin(ReadOnlyAdmin):
    list_display = ("pk", "revision_id", "segmenter", "state", "created_by", "created_at", "ended_at")
    list_filter = ("state", "segmenter")
    list_select_related = ("created_by",)
    search_fields = ("=handle", "revision__product__title")


@admin.register(BulkImport)
class BulkImportAdmin(ReadOnlyAdmin):
    list_display = ("name", "team", "kind", "state", "dry_run", "position", "total", "refused", "created_at")
    list_filter = ("state", "kind", "dry_run", "team")
    list_select_related = ("team",)
    search_fields = ("name", "=handle")


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnlyAdmin):
    list_display = ("bulk_import", "line", "name", "field", "code", "message")
    list_filter = ("is_note", "code")
    list_select_related = ("bulk_import",)
    search_fields = ("name", "message", "bulk_import__name")


@admin.register(LimitChange)
class LimitChangeAdmin(ReadOnlyAdmin):
    list_display = ("measure", "variant", "team", "threshold", "blocks", "changed_by", "created_at")
    list_filter = ("variant", "team")
    list_select_related = ("team", "changed_by")
    search_fields = ("measure", "reason", "changed_by__username")


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "number", "kind", "variant", "state", "created_at")
    list_filter = ("kind", "variant", "state")
    search_fields = ("name",)


@admin.register(DatasetSnapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "team", "created_by", "created_at")
    list_filter = ("team",)
    list_select_related = ("team", "created_by")
    search_fields = ("name", "sha256")


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    list_display = ("pk", "trainer", "snapshot", "state", "created_by", "created_at")
    list_filter = ("state", "trainer")
    list_select_related = ("snapshot", "created_by")
    search_fields = ("=pk", "snapshot__name", "trainer")
