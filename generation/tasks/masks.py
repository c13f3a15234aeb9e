"""Introduces a segmenter to the service: people wait for this one at their screens."""

from dataclasses import replace
from functools import cache

from celery import shared_task
from django.conf import settings

from generation.contracts import ModelFiles, Segmenter
from generation.engines.loading import load_segmenter
from generation.modelfiles import folder_sha256
from generation.models import MaskProposal
from generation.registries import BY_RECTANGLE
from generation.services.proposals import propose_mask as run_proposal
from generation.services.releases import find_folder
from generation.tasks.production import runtime


@shared_task(name="generation.propose_mask", time_limit=300, soft_time_limit=280)
def propose_mask(proposal_pk: int) -> None:
    proposals = MaskProposal.objects.select_related("revision__product__team", "revision__photo")
    run_proposal(proposals.get(pk=proposal_pk), ready_segmenter)


def ready_segmenter(key: str) -> Segmenter:
    """Return the segmenter on this machine. Raises EngineError."""
    return _kept(key, "" if key == BY_RECTANGLE else settings.SEGMENTER_MODEL)


@cache
def _kept(key: str, folder: str) -> Segmenter:
    """Weights are hashed and loaded once a process; the queue's machines need not have a card."""
    return load_segmenter(key, _files(folder), replace(runtime(), device="cpu", dtype="float32"))


def _files(folder: str) -> ModelFiles | None:
    if not folder:
        return None
    path = find_folder(folder)
    return ModelFiles(key=folder, folder=path, sha256=folder_sha256(path))
