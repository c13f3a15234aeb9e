from django.urls import include, path

from delivery.views import notices, webhooks

routes = [
    path("notices/", notices.notice_list, name="notices"),
    path("notices/unread/", notices.unread, name="unread"),
    path("notices/read/", notices.read_notices, name="read_notices"),
    path("notices/<int:pk>/", notices.open_notice, name="open_notice"),
    path("profile/notices/", notices.notice_choices, name="notice_choices"),
    path("webhooks/", webhooks.webhook_list, name="webhooks"),
    path("webhooks/new/", webhooks.new_webhook, name="new_webhook"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/test/", webhooks.test_webhook, name="test_webhook"),
    path("webhooks/<int:pk>/secret/", webhooks.rotate_secret, name="rotate_secret"),
    path("webhooks/<int:pk>/messages/<int:message_pk>/resend/", webhooks.resend, name="resend"),
]
urlpatterns = [path("", include((routes, "delivery")))]
