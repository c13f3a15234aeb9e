from rest_framework.routers import SimpleRouter

from generation.api.imports import ImportViewSet
from generation.api.limits import LimitViewSet
from generation.api.masks import DrawnMaskViewSet, MaskProposalViewSet
from generation.api.products import ProductViewSet
from generation.api.repairs import MaskRepairViewSet
from generation.api.requests import RequestViewSet
from generation.api.training import ModelVersionViewSet, TrainingRunViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, "product")
router.register("imports", ImportViewSet, "import")
router.register(r"products/(?P<product_pk>\d{1,18})/mask-proposals", MaskProposalViewSet, "mask-proposal")
router.register(r"products/(?P<product_pk>\d{1,18})/drawn-masks", DrawnMaskViewSet, "drawn-mask")
router.register("requests", RequestViewSet, "request")
router.register("mask-repairs", MaskRepairViewSet, "mask-repair")
router.register("model-versions", ModelVersionViewSet, "model-version")
router.register("training-runs", TrainingRunViewSet, "training-run")
router.register("limits", LimitViewSet, "limit")
urlpatterns = router.urls
