"""What was judged. Rows are only ever added; the database refuses everything else."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from reviews.models import Decision, Escalation, GoldVerdict, Outcome, PreferencePair, Retraction, Verdict


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("pk", "slot_id", "attempt", "reviewer", "kind", "active_ms", "created_at")
    list_filter = ("kind",)
    list_select_related = ("reviewer",)
    search_fields = ("=idempotency_key", "=slot__item__pk", "reviewer__username")
    date_hierarchy = "created_at"


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    list_display = ("pk", "decision_id", "candidate_id", "approved", "codes", "comment")
    list_filter = ("approved",)
    search_fields = ("=decision__pk", "=candidate__pk", "comment")


@admin.register(Retraction)
class RetractionAdmin(ReadOnlyAdmin):
    list_display = ("decision_id", "reviewer", "created_at")
    list_select_related = ("reviewer",)
    search_fields = ("=decision__pk", "reviewer__username")


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ("pk", "item_id", "candidate_id", "state", "votes", "approvals", "created_at")
    list_filter = ("state",)
    search_fields = ("=item__pk", "=candidate__pk")


@admin.register(GoldVerdict)
class GoldVerdictAdmin(ReadOnlyAdmin):
    list_display = ("pk", "item_candidate_id", "approved", "codes", "set_by", "created_at")
    list_filter = ("approved",)
    list_select_related = ("set_by",)
    search_fields = ("=item_candidate__item__pk", "set_by__username")


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ("pk", "item_id", "state", "question", "answered_by", "answered_at", "created_at")
    list_filter = ("state",)
    list_select_related = ("answered_by",)
    search_fields = ("question", "answer", "=item__pk")


@admin.register(PreferencePair)
class PreferencePairAdmin(ReadOnlyAdmin):
    list_display = ("pk", "decision_id", "winner_id", "loser_id", "rule")
    list_filter = ("rule",)
    search_fields = ("=decision__pk", "=winner__pk", "=loser__pk")
