"""The back office of what goes out. Secrets are not shown."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from delivery.models import Alarm, Notice, NoticeChoice, OutboxMessage, WebhookAttempt, WebhookEndpoint, WebhookMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("topic", "key", "created_at", "due_at", "attempts", "published_at")
    list_filter = ("topic", ("published_at", admin.EmptyFieldListFilter))
    search_fields = ("topic", "=key")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "about", "user", "created_at", "read_at", "mailed_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("about", "user__username")


@admin.register(NoticeChoice)
class NoticeChoiceAdmin(ReadOnlyAdmin):
    list_display = ("user", "mailed")
    list_select_related = ("user",)
    search_fields = ("user__username",)


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    list_display = ("kind", "about", "team", "raised_at")
    list_filter = ("kind", "team")
    list_select_related = ("team",)
    search_fields = ("about",)


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    list_display = ("url", "team", "topics", "is_active", "created_at")
    list_filter = ("is_active", "team")
    list_select_related = ("team",)
    search_fields = ("url", "description")
    exclude = ("secret", "old_secret")


@admin.register(WebhookMessage)
class WebhookMessageAdmin(ReadOnlyAdmin):
    list_display = ("event", "about", "endpoint", "state", "created_at", "next_try_at")
    list_filter = ("state", "event")
    list_select_related = ("endpoint",)
    search_fields = ("about", "=handle")


@admin.register(WebhookAttempt)
class WebhookAttemptAdmin(ReadOnlyAdmin):
    list_display = ("message", "status", "error", "duration_ms", "created_at")
    list_filter = ("status",)
    list_select_related = ("message",)
    search_fields = ("=message__handle", "error")
