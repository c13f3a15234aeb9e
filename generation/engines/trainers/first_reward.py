"""The first reward model, before any expert has judged: it learns to prefer a candidate over its damaged copy.

Nobody's taste is in it. It ranks visible damage (a shifted colour, a halo, a floating product) below the undamaged
picture, until real decisions train its successor.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from generation.contracts import (
    GenerationJob,
    Generator,
    Image,
    LabelledCandidate,
    LabelledPair,
    Mask,
    RewardModel,
    RewardSubject,
)
from generation.engines.trainers.evaluation import pair_accuracy
from generation.imaging.compositing import compose
from generation.imaging.defects import INJECTORS
from generation.imaging.framing import shrink_mask
from generation.imaging.previews import FIT, make_preview
from generation.variants.spec import Variant

SPLITS = ("train", "train", "validation", "train", "test")
"""The splits of the products, in turn: three in five train, one calibrates, one tests."""

CLEAN = "clean"
_COPIES = 3
_MILDEST = 0.3

PaintReport = Callable[[int, int], None]
"""Called with (requests painted, requests in all)."""


@dataclass(frozen=True)
class Photo:
    """One product: a name, H x W x 3 bytes, and the mask."""

    product: str
    source: Image
    mask: Mask


@dataclass(frozen=True)
class Painted:
    """The raw outputs for one photo and prompt."""

    photo: Photo
    split: str
    prompt: str
    raws: tuple[Image, ...]


@dataclass(frozen=True)
class DamagedCopies:
    """Implements `contracts.TrainingExamples`: each composed candidate beside three damaged copies of itself.

    Only raw outputs are held; pictures are composed and damaged again whenever they are read, from the same seed.
    The guardian's measures are left out on purpose: damage is done after the guardian, and a head that could read
    `changed_bytes` would look at nothing else and be blind in use, where it is always zero.
    """

    painted: Sequence[Painted]
    seed: int

    @cached_property
    def sha256(self) -> str:
        digest = hashlib.sha256(f"damaged copies, seed {self.seed}".encode())
        for one in self.painted:
            digest.update(f"{one.photo.product}:{one.split}:{one.prompt}:{len(one.raws)}".encode())
            for array in (one.photo.source, one.photo.mask, *one.raws):
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def candidates(self) -> Iterator[LabelledCandidate]:
        for number, one in enumerate(self.painted):
            source = make_preview(one.photo.source, FIT)
            mask = shrink_mask(one.photo.mask, (source.shape[0], source.shape[1]))
            for place, raw in enumerate(one.raws):
                candidate = make_preview(compose(one.photo.source, one.photo.mask, raw)[1], FIT)
                yield self._label(number, place, CLEAN, RewardSubject(source, mask, candidate, one.prompt))
                for kind, strength in self._damage(number, place):
                    random = np.random.default_rng((self.seed, number, place, list(INJECTORS).index(kind)))
                    damaged = INJECTORS[kind](source, mask, candidate, random, strength)
                    yield self._label(number, place, kind, RewardSubject(source, mask, damaged, one.prompt))

    def pairs(self) -> Iterator[LabelledPair]:
        for number, one in enumerate(self.painted):
            for place in range(len(one.raws)):
                for kind, _strength in self._damage(number, place):
                    yield LabelledPair(_key(number, place, CLEAN), _key(number, place, kind), one.split)

    def _damage(self, number: int, place: int) -> list[tuple[str, float]]:
        """Return the kinds and strengths for one candidate; any of the kinds, none twice."""
        random = np.random.default_rng((self.seed, number, place))
        kinds = random.choice(list(INJECTORS), size=min(_COPIES, len(INJECTORS)), replace=False)
        return [(str(kind), float(random.uniform(_MILDEST, 1.0))) for kind in kinds]

    def _label(self, number: int, place: int, kind: str, subject: RewardSubject) -> LabelledCandidate:
        one = self.painted[number]
        return LabelledCandidate(_key(number, place, kind), one.photo.product, one.split, kind == CLEAN, subject)


def paint(
    photos: Sequence[Photo], generator: Generator, variant: Variant, prompts: int, seed: int, report: PaintReport
) -> list[Painted]:
    """Paint `prompts` requests per photo with the variant's own defaults. Raises EngineError."""
    random = np.random.default_rng(seed)
    painted = []
    for number, photo in enumerate(photos):
        for _ in range(prompts):
            prompt = draw_prompt(variant, random)
            seeds = tuple(int(value) for value in random.integers(0, 2**31, variant.default_candidates))
            job = GenerationJob(
                photo.source, photo.mask, prompt, seeds, variant.default_steps, variant.default_guidance
            )
            raws = tuple(sample.image for sample in generator.generate(job, _ignore_step))
            painted.append(Painted(photo, SPLITS[number % len(SPLITS)], prompt, raws))
            report(len(painted), len(photos) * prompts)
    return painted


def draw_prompt(variant: Variant, random: np.random.Generator) -> str:
    """Return a prompt made of one phrase of each of the variant's parts."""
    phrases = [str(random.choice(list(part.phrases.values()))) for part in variant.prompt_parts]
    return ", ".join(["a product " + phrases[0], *(phrase for phrase in phrases[1:] if phrase)])


def measure_by_damage(model: RewardModel, examples: DamagedCopies, split: str) -> dict[str, dict[str, Any]]:
    """Return, for each kind of damage, how often the undamaged picture scores higher on a split's products."""
    scores: dict[str, float] = {}
    for candidate in examples.candidates():
        if candidate.split == split:
            scores[candidate.key] = model.score([candidate.subject])[0]
    found = {}
    for kind in INJECTORS:
        pairs = [pair for pair in examples.pairs() if pair.split == split and pair.loser.endswith(f"/{kind}")]
        winners = np.array([scores[pair.winner] for pair in pairs])
        losers = np.array([scores[pair.loser] for pair in pairs])
        found[kind] = {"pairs": len(pairs), "pair_accuracy": pair_accuracy(winners, losers)}
    return found


def publish(folder: Path, out: Path) -> None:
    """Copy a trained folder's two files to `out`, over what is there."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        shutil.copyfile(path, out / path.name)


def _key(number: int, place: int, kind: str) -> str:
    return f"{number}/{place}/{kind}"


def _ignore_step(done: int, total: int) -> None:
    return None
