from rest_framework.routers import SimpleRouter

from generation.api.imports import ImportViewSet
from generation.api.products import ProductViewSet
from generation.api.requests import RequestViewSet
from generation.api.training import ModelVersionViewSet, TrainingRunViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, "product")
router.register("imports", ImportViewSet, "import")
router.register("requests", RequestViewSet, "request")
router.register("model-versions", ModelVersionViewSet, "model-version")
router.register("training-runs", TrainingRunViewSet, "training-run")
urlpatterns = router.urls
