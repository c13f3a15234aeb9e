"""Which model version works: registered with its hash, activated, rolled back."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Now

from accounts.models import User
from delivery.services import webhooks
from generation.contracts import EngineError, ModelFiles
from generation.contracts import gettext_noop as _
from generation.lifecycle import IllegalMove, move
from generation.modelfiles import adapter_note, check_folder, folder_sha256
from generation.models import DatasetSnapshot, ModelVersion
from generation.registries import GENERATORS, REWARD_MODELS
from generation.variants import VARIANTS

_TRIES = 5
_V = ModelVersion.State
_ENGINES = {ModelVersion.Kind.GENERATOR: GENERATORS, ModelVersion.Kind.REWARD: REWARD_MODELS}


class VersionRefused(Exception):
    """`message` is a translatable sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Shipped:
    """A model that comes with the program."""

    kind: str
    variant: str
    engine: str
    name: str
    folder: str
    is_demonstration: bool = False


SHIPPED = (
    Shipped(
        "generator", "background_enhancement", "diffusers-inpaint", "Demonstration model", "demo-inpaint",
        is_demonstration=True,
    ),
    Shipped(
        "generator", "outpainting", "diffusers-inpaint", "Outpainting specialist", "outpainting",
        is_demonstration=True,
    ),
    Shipped("reward", "background_enhancement", "efficientnet-head", "First reward model", "reward-first"),
    Shipped("reward", "outpainting", "efficientnet-head", "First reward model", "reward-first"),
)  # fmt: skip


def register_version(
    *, kind: str, variant: str, engine: str, name: str, folder: str, is_demonstration: bool = False,
    metrics: dict[str, Any] | None = None, snapshot: DatasetSnapshot | None = None, created_by: User | None = None,
) -> ModelVersion:  # fmt: skip
    """Record a folder of weights as the next version of its kind and variant, PROPOSED and pinned by its hash.

    Raises VersionRefused for an unknown engine or variant, EngineError for a folder that is missing or unsafe.
    """
    if variant not in VARIANTS or engine not in _ENGINES.get(ModelVersion.Kind(kind), {}):
        raise VersionRefused(_("There is no such engine for this kind of model."))
    path = find_folder(folder)
    check_folder(path)
    digest = folder_sha256(path)
    return _create_numbered(
        lambda: None,
        kind=kind, variant=variant, engine=engine, name=name, folder=folder, sha256=digest,
        is_demonstration=is_demonstration, metrics=metrics or {}, snapshot=snapshot, created_by=created_by,
    )  # fmt: skip


def name_external(variant: str, name: str, by: User) -> ModelVersion:
    """Return the version that stands for a model elsewhere; the first use of a clean `name` makes it."""
    known = ModelVersion.objects.filter(kind=ModelVersion.Kind.EXTERNAL, variant=variant, name=name)
    return _create_numbered(
        known.first, kind=ModelVersion.Kind.EXTERNAL, variant=variant, name=name, created_by=by
    )  # fmt: skip


def activate_version(version: ModelVersion, by: User | None) -> None:
    """Put a version to work in place of the active one; requests already being made keep theirs.

    Raises IllegalMove when it is active already or somebody else activated one in the same moment, and VersionRefused
    for a model elsewhere.
    """
    if version.is_external:
        raise VersionRefused(_("This model works elsewhere: there is nothing here to put to use. Choose another one."))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk if by else None):
            active = ModelVersion.objects.filter(kind=version.kind, variant=version.variant, state=_V.ACTIVE).first()
            if active is not None and active.pk != version.pk:
                move(active, _V.RETIRED)
            move(version, _V.ACTIVE, activated_at=Now())
            _announce(version)
    except IntegrityError as error:
        raise IllegalMove(version, _V.ACTIVE) from error
    version.refresh_from_db()


def _announce(version: ModelVersion) -> None:
    """A version may be put to use more than once, and each time is told."""
    data = {
        "id": version.pk, "kind": version.kind, "variant": version.variant, "number": version.number,
        "name": version.name, "sha256": version.sha256,
    }  # fmt: skip
    webhooks.announce_to_all("version.activated", f"{version.pk}:{time.time_ns()}", data)


def roll_back(kind: str, variant: str, by: User | None) -> ModelVersion:
    """Put the version back to work that was active before. Raises VersionRefused when there was none."""
    earlier = ModelVersion.objects.filter(kind=kind, variant=variant, state=_V.RETIRED).exclude(activated_at=None)
    previous = earlier.order_by("-activated_at", "-pk").first()
    if previous is None:
        raise VersionRefused(_("No other version was ever active."))
    activate_version(previous, by)
    return previous


def model_files(version: ModelVersion) -> ModelFiles:
    """Return where an engine finds the version's weights. Raises EngineError when they are not on this machine."""
    return _files(str(version), version.folder, version.sha256)


def shipped_generator(variant: str) -> tuple[ModelFiles, str]:
    """Return the files and the engine of the generator that comes with the program for a variant; reads no database."""
    for shipped in SHIPPED:
        if (shipped.kind, shipped.variant) == (ModelVersion.Kind.GENERATOR, variant):
            return _files(shipped.name, shipped.folder, folder_sha256(find_folder(shipped.folder))), shipped.engine
    raise EngineError(_("No generator comes with the program for this variant."), permanent=True)


def _files(key: str, folder: str, sha256: str) -> ModelFiles:
    place = find_folder(folder)
    note = adapter_note(place)
    if note is None:
        return ModelFiles(key, place, sha256)
    base = find_folder(note.base)
    return ModelFiles(key, place, sha256, ModelFiles(note.base, base, folder_sha256(base)))


def find_folder(folder: str) -> Path:
    """Return the folder of that name, shipped or trained here. Raises EngineError for any place outside of the two."""
    for root in (Path(settings.SHIPPED_MODELS_DIR), Path(settings.MODELS_DIR)):
        path = (root / folder).resolve()
        if path.is_dir() and path != root.resolve() and path.is_relative_to(root.resolve()):
            return path
    raise EngineError(_("The model's folder is not on this machine."), permanent=True)


def keep_folder(folder: Path, prefix: str) -> str:
    """Copy a trained model under MODELS_DIR, where it appears whole or not at all; return its name there.

    The name carries the content's hash, so what has that name already is the same. Raises EngineError for a folder
    that is unsafe.
    """
    check_folder(folder)
    name = f"{prefix}-{folder_sha256(folder)[:12]}"
    models = Path(settings.MODELS_DIR)
    models.mkdir(parents=True, exist_ok=True)
    if (models / name).exists():
        return name
    draft = models / f".{name}.{time.time_ns()}"
    shutil.copytree(folder, draft)
    try:
        draft.rename(models / name)
    except OSError:
        shutil.rmtree(draft)
        if not (models / name).exists():
            raise
    return name


def ensure_shipped_versions() -> list[ModelVersion]:
    """Register what comes with the program, and activate it where nothing is active; returns what is new.

    An update may bring other weights under the same name. The files that were registered are gone then, so a version
    that was active with them gives way to the new one.
    """
    return [version for shipped in SHIPPED if (version := _ensure(shipped)) is not None]


def _create_numbered(
    known: Callable[[], ModelVersion | None], *, kind: str, variant: str, **values: Any
) -> ModelVersion:  # fmt: skip
    """Return what `known` finds, or make it with the next number of its kind and variant."""
    numbers = ModelVersion.objects.filter(kind=kind, variant=variant)
    for remaining in reversed(range(_TRIES)):
        found = known()
        if found is not None:
            return found
        number = (numbers.aggregate(newest=Max("number"))["newest"] or 0) + 1
        try:
            with transaction.atomic():
                return ModelVersion.objects.create(kind=kind, variant=variant, number=number, **values)
        except IntegrityError:
            # Somebody registered another one, or this very one, in this moment; the next number is free.
            if not remaining:
                raise
    raise AssertionError("unreachable")


def _ensure(shipped: Shipped) -> ModelVersion | None:
    digest = folder_sha256(find_folder(shipped.folder))
    ours = ModelVersion.objects.filter(kind=shipped.kind, variant=shipped.variant)
    active = ours.filter(state=_V.ACTIVE).first()
    known = ours.filter(folder=shipped.folder, sha256=digest).first()
    version = known or register_version(
        kind=shipped.kind, variant=shipped.variant, engine=shipped.engine, name=shipped.name, folder=shipped.folder,
        is_demonstration=shipped.is_demonstration, metrics=_metrics_of(shipped.folder),
    )  # fmt: skip
    if active is None or (active.folder == shipped.folder and active.sha256 != digest):
        activate_version(version, None)
    return None if known else version


def _metrics_of(folder: str) -> dict[str, Any]:
    """What was measured when a shipped head was trained; a pipeline's folder has no such figures."""
    config = find_folder(folder) / "config.json"
    if not config.is_file():
        return {}
    metrics: dict[str, Any] = json.loads(config.read_text()).get("metrics", {})
    return metrics
