"""Bring a generator's weights onto this machine, at a pinned revision, and propose them as a version.

The only place that talks to a model hub; workers read what lies on the disk and stay offline.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.contracts import EngineError
from generation.modelfiles import check_folder, folder_sha256
from generation.models import ModelVersion
from generation.registries import GENERATORS
from generation.services.releases import VersionRefused, register_version
from generation.variants import DEFAULT_VARIANT, VARIANTS

HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*")
REVISION = re.compile(r"[0-9a-f]{40}")

WANTED = ("*.json", "*.txt", "*.model", "*/*.safetensors")
"""A pipeline's parts lie in folders of their own; a single file at the top is the same weights in another form."""

UNWANTED = ("*.fp16.safetensors", "*.bf16.safetensors", "*.non_ema.safetensors")
"""Further copies of the same weights, which the plain load does not read."""


class Command(BaseCommand):
    help = "Bring a diffusers inpainting pipeline from a hub or a folder into the models folder and propose it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a hub id (owner/name) or a folder on this machine")
        parser.add_argument("--revision", default="", help="the full commit hash; needed for a hub id")
        parser.add_argument("--variant", default=DEFAULT_VARIANT, choices=sorted(VARIANTS))
        parser.add_argument("--engine", default="diffusers-inpaint", choices=sorted(GENERATORS))
        parser.add_argument("--name", default="", help="how people will know it; the source's own name if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        models = Path(settings.MODELS_DIR)
        models.mkdir(parents=True, exist_ok=True)
        source, revision = str(options["source"]), str(options["revision"])
        name = options["name"] or Path(source).name
        with tempfile.TemporaryDirectory(prefix=".incoming-", dir=models) as incoming:
            try:
                fetched = _bring(source, revision, Path(incoming) / "model")
                check_folder(fetched)
                folder = _keep(fetched, models, name)
                version = _propose(folder, options["variant"], options["engine"], name)
            except (EngineError, VersionRefused) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{version} ({version.get_state_display()}): {folder}, sha256 {version.sha256}")


def _bring(source: str, revision: str, target: Path) -> Path:
    """Copy a folder, or download a hub's repository, to `target`."""
    if Path(source).is_dir():
        if revision:
            raise CommandError("A folder has no revision.")
        check_folder(Path(source))
        return Path(shutil.copytree(source, target, symlinks=True))
    if not HUB_ID.fullmatch(source):
        raise CommandError(f"{source} is neither a folder here nor a hub id (owner/name).")
    if not REVISION.fullmatch(revision):
        raise CommandError("A hub id needs --revision with the full commit hash: a branch can change overnight.")
    return _download(source, revision, target)


def _download(hub_id: str, revision: str, target: Path) -> Path:
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(
            hub_id,
            revision=revision,
            local_dir=target,
            allow_patterns=list(WANTED),
            ignore_patterns=list(UNWANTED),
        )
    except (OSError, ValueError) as error:
        raise CommandError(f"{hub_id} could not be brought: {error}") from error
    shutil.rmtree(target / ".cache", ignore_errors=True)  # the download's own bookkeeping
    return target


def _keep(fetched: Path, models: Path, name: str) -> str:
    """Move the folder to its place, named after its content, and return that name; the same content lies there once."""
    folder = f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-').lower() or 'model'}-{folder_sha256(fetched)[:12]}"
    if not (models / folder).exists():
        fetched.rename(models / folder)
    return folder


def _propose(folder: str, variant: str, engine: str, name: str) -> ModelVersion:
    """Return the version of this folder, registering it the first time."""
    known = ModelVersion.objects.filter(
        kind=ModelVersion.Kind.GENERATOR, variant=variant, engine=engine, folder=folder
    ).first()
    return known or register_version(
        kind=ModelVersion.Kind.GENERATOR, variant=variant, engine=engine, name=name, folder=folder
    )
