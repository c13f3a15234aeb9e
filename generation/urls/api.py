from rest_framework.routers import SimpleRouter

from generation.api.masks import DrawnMaskViewSet, MaskProposalViewSet
from generation.api.products import ProductViewSet
from generation.api.requests import RequestViewSet
from generation.api.training import ModelVersionViewSet, TrainingRunViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, "product")
router.register(r"products/(?P<product_pk>\d{1,18})/mask-proposals", MaskProposalViewSet, "mask-proposal")
router.register(r"products/(?P<product_pk>\d{1,18})/drawn-masks", DrawnMaskViewSet, "drawn-mask")
router.register("requests", RequestViewSet, "request")
router.register("model-versions", ModelVersionViewSet, "model-version")
router.register("training-runs", TrainingRunViewSet, "training-run")
urlpatterns = router.urls
