"""A request with real stored pictures, and machines whose work takes no time and is known beforehand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from accounts.models import User
from generation.contracts import GenerationJob, Generator, Image, Mask, RewardSubject, Sample, StepReport
from generation.imaging.encoding import encode_mask, encode_png
from generation.models import GenerationRequest, ModelVersion, Product, ProductRevision
from generation.services.derivatives import load_mask
from generation.services.products import create_product
from generation.services.requests import open_request
from generation.tests.factories import make_version
from generation.tests.image_cast import product_photo, table_scene

HEIGHT, WIDTH = 192, 256


def make_product(user: User, **values: str) -> Product:
    """A bottle with its photo and mask in storage."""
    photo, mask = product_photo(HEIGHT, WIDTH)
    words: dict[str, Any] = {"title": "Red bottle", "category": "bottle", "external_id": ""} | values
    assert user.team is not None
    return create_product(
        user.team, user, photo_bytes=encode_png(photo), photo_type="image/png", mask_bytes=encode_mask(mask),
        mask_type="image/png", **words,
    )  # fmt: skip


def make_unmasked_product(user: User, **values: str) -> Product:
    """The same bottle as a photo that came without a mask."""
    words: dict[str, Any] = {"title": "Red bottle", "category": "bottle", "external_id": ""} | values
    assert user.team is not None
    return create_product(
        user.team, user, photo_bytes=encode_png(product_photo(HEIGHT, WIDTH)[0]), photo_type="image/png",
        mask_bytes=None, mask_type=None, **words,
    )  # fmt: skip


def mask_of(revision: ProductRevision) -> Mask:
    """The stored mask of a revision that has one."""
    assert revision.mask is not None
    return load_mask(revision.mask)


def open_stored_request(user: User, product: Product | None = None, *, candidate_count: int = 3) -> GenerationRequest:
    """A queued request whose pictures exist, and active versions to serve it."""
    for kind in ("generator", "reward"):
        if not ModelVersion.objects.filter(kind=kind, state="active").exists():
            make_version(kind, state="active")
    assert user.team is not None
    revision = (product or make_product(user)).revisions.get()
    return open_request(
        user.team, user, revisions=[revision], variant="background_enhancement", candidate_count=candidate_count,
        prompt="a bottle on a wooden table", seed=7, steps=2,
    )  # fmt: skip


class Painter:
    """Paints a different honest scene for every seed; `scenes` may name the pictures of some seeds instead."""

    def __init__(self, scenes: Mapping[int, Image] | None = None, during: Callable[[int], None] | None = None) -> None:
        self.scenes = scenes or {}
        self.during = during
        self.painted = 0

    def generate(self, job: GenerationJob, on_step: StepReport) -> list[Sample]:
        for step in range(1, job.steps + 1):
            if self.during is not None:
                self.during(step)
            on_step(step, job.steps)
        self.painted += 1
        return [Sample(image=self._paint(seed), recipe={"seed": seed, "steps": job.steps}) for seed in job.seeds]

    def load(self, version: ModelVersion) -> Generator:
        return self

    def _paint(self, seed: int) -> Image:
        return self.scenes.get(seed, table_scene(HEIGHT // 2, WIDTH // 2, seed))


class Judge:
    """A reward model that says what it was told to say."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = list(values)
        self.seen: list[RewardSubject] = []

    def score(self, subjects: Sequence[RewardSubject]) -> list[float]:
        self.seen = list(subjects)
        return self.values

    def load(self, version: ModelVersion) -> "Judge":
        return self


def flat_scene() -> Image:
    """A scene in which nothing was painted."""
    return np.full((HEIGHT // 2, WIDTH // 2, 3), 128, np.uint8)
