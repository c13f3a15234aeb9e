"""What waits to be judged, and who is at it. Slots change hands by statements only."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from reviews.models import ItemCandidate, ReviewItem, Rework, ReworkItem, Skip, Slot, Snooze


@admin.register(ReviewItem)
class ReviewItemAdmin(ReadOnlyAdmin):
    list_display = ("pk", "queue", "request_id", "state", "priority", "due_at", "created_at", "resolved_at")
    list_filter = ("state", "queue__team", "queue__purpose")
    list_select_related = ("queue",)
    search_fields = ("=handle", "=request__pk", "queue__name")


@admin.register(ItemCandidate)
class ItemCandidateAdmin(ReadOnlyAdmin):
    list_display = ("pk", "item_id", "candidate_id", "reason", "propensity")
    list_filter = ("reason",)
    search_fields = ("=item__pk", "=candidate__pk")


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    list_display = ("pk", "item_id", "queue", "number", "state", "reviewer", "lease_until", "is_soft", "attempt")
    list_filter = ("state", "is_soft", "queue__team")
    list_select_related = ("queue", "reviewer")
    search_fields = ("=item__pk", "reviewer__username")
    exclude = ("lease_token",)  # whoever has it may decide


@admin.register(Snooze)
class SnoozeAdmin(ReadOnlyAdmin):
    list_display = ("item_id", "reviewer", "until", "created_at")
    list_select_related = ("reviewer",)
    search_fields = ("=item__pk", "reviewer__username")


@admin.register(Skip)
class SkipAdmin(ReadOnlyAdmin):
    list_display = ("item_id", "reviewer", "created_at")
    list_select_related = ("reviewer",)
    search_fields = ("=item__pk", "reviewer__username")


@admin.register(Rework)
class ReworkAdmin(ReadOnlyAdmin):
    list_display = ("kind", "state", "reason", "team", "done_by", "done_at", "undone_by", "undone_at")
    list_filter = ("kind", "team")
    list_select_related = ("team", "done_by", "undone_by")
    search_fields = ("reason", "done_by__username")


@admin.register(ReworkItem)
class ReworkItemAdmin(ReadOnlyAdmin):
    list_display = ("pk", "rework", "item_id", "state", "why", "made_id")
    list_select_related = ("rework",)
    search_fields = ("=item__pk", "rework__reason")
