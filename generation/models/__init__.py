"""The nouns of generation: see docs/glossary.md."""

from generation.models.candidates import Candidate, Finding, Score
from generation.models.masks import MaskProposal
from generation.models.pictures import Picture
from generation.models.products import Product, ProductRevision
from generation.models.requests import GenerationRequest, RequestProduct
from generation.models.training import DatasetSnapshot, ModelVersion, TrainingRun

__all__ = [
    "Candidate",
    "DatasetSnapshot",
    "Finding",
    "GenerationRequest",
    "MaskProposal",
    "ModelVersion",
    "Picture",
    "Product",
    "ProductRevision",
    "RequestProduct",
    "Score",
    "TrainingRun",
]
