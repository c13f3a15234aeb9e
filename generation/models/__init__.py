"""The nouns of generation: see docs/glossary.md."""

from generation.models.candidates import Candidate, Finding, Score
from generation.models.imports import BulkImport, ImportedRevision, ImportProblem
from generation.models.limits import LimitChange
from generation.models.masks import MaskProposal
from generation.models.pictures import Picture
from generation.models.products import Product, ProductRevision
from generation.models.repairs import MaskRepair
from generation.models.requests import GenerationRequest, RequestProduct
from generation.models.training import DatasetSnapshot, ModelVersion, TrainingRun

__all__ = [
    "BulkImport",
    "Candidate",
    "DatasetSnapshot",
    "Finding",
    "GenerationRequest",
    "ImportProblem",
    "ImportedRevision",
    "LimitChange",
    "MaskProposal",
    "MaskRepair",
    "ModelVersion",
    "Picture",
    "Product",
    "ProductRevision",
    "RequestProduct",
    "Score",
    "TrainingRun",
]
