from rest_framework.routers import SimpleRouter

from delivery.api.webhooks import WebhookViewSet

router = SimpleRouter()
router.register("webhooks", WebhookViewSet, "webhook")
urlpatterns = router.urls
