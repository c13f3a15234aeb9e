"""From a reward subject to the vector that a head weighs: what the network sees, plain numbers, the guardian, words."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import EngineError, Image, Mask, RewardSubject
from generation.contracts import gettext_noop as _
from generation.engines.rewards.appearance import appearance, around, bounds
from generation.engines.rewards.backbone import COARSE_CHANNELS, FINE_CHANNELS, SIDE, Backbone, Maps

FEATURES_VERSION = "canvas-reward-features/1"

MEASURES = (
    "raw_de2000_mean",
    "raw_de2000_p99",
    "raw_ssim",
    "changed_bytes",
    "seam_energy",
    "scene_deviation",
    "sibling_distance",
)
"""The guardian's measures that a head may weigh, in this order; one that is missing is 0 with its flag set."""

PROMPT_BUCKETS = 64
_CROP_MARGIN = 0.35

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """A run of columns: `dense` ones stand for themselves, the others are a network's channels, many and alike."""

    name: str
    size: int
    dense: bool


@dataclass(frozen=True)
class _Seen:
    """One image as the network sees it: whole, and close to the product."""

    whole: Maps
    close: Maps


@lru_cache(maxsize=1)
def layout() -> tuple[Group, ...]:
    """Return the groups of columns, in order."""
    return (
        Group("network_scene", COARSE_CHANNELS, dense=False),
        Group("network_near", FINE_CHANNELS, dense=False),
        Group("network_product_change", FINE_CHANNELS, dense=False),
        Group("prompt", PROMPT_BUCKETS, dense=False),
        Group("appearance", len(appearance_names()), dense=True),
        Group("likeness", len(_likeness_names()), dense=True),
        Group("measures", 2 * len(MEASURES), dense=True),
    )


def width() -> int:
    """Return the length of a feature vector."""
    return sum(group.size for group in layout())


@lru_cache(maxsize=1)
def appearance_names() -> tuple[str, ...]:
    """Return the names of the plain numbers, taken from a tiny picture so that they are written down once."""
    blank = np.zeros((16, 16, 3), np.uint8)
    mask = np.zeros((16, 16), np.bool_)
    mask[6:10, 6:10] = True
    return tuple(appearance(blank, mask, blank))


def extract(subjects: Sequence[RewardSubject], backbone: Backbone) -> Floats:
    """Return N x width() float32, one row per subject.

    A row does not depend on the other subjects: the network always sees the same pair of crops as one batch, so a
    candidate scored alone and beside its siblings gets the same bytes. Sources shared by several subjects are looked
    at once. Raises EngineError for a subject whose arrays do not fit together.
    """
    sources: dict[bytes, _Seen] = {}
    rows = np.zeros((len(subjects), width()), np.float32)
    for row, subject in zip(rows, subjects, strict=True):
        _check(subject)
        key = hashlib.sha256(subject.source.tobytes() + np.packbits(subject.mask).tobytes()).digest()
        if key not in sources:
            sources[key] = _look(subject.source, subject.mask, backbone)
        row[:] = _row(subject, sources[key], _look(subject.candidate, subject.mask, backbone))
    if not np.isfinite(rows).all():
        raise EngineError(_("The features of a candidate are not finite numbers."), permanent=True)
    return rows


def _row(subject: RewardSubject, before: _Seen, after: _Seen) -> Floats:
    outside = _weights(~subject.mask)
    close_mask = _close(subject.mask)
    inside, near = _weights(close_mask), _weights(around(close_mask, SIDE // 12))
    scene = _pool(after.whole.coarse, outside)
    product_change = _pool(after.close.fine - before.close.fine, inside)
    pairs = (
        (_pool(before.whole.coarse, outside), scene),
        (_pool(before.close.coarse, inside), _pool(after.close.coarse, inside)),
        (_pool(before.close.fine, inside), _pool(after.close.fine, inside)),
        (_pool(before.close.fine, near), _pool(after.close.fine, near)),
    )
    return np.concatenate(
        [
            scene,
            _pool(after.close.fine, near),
            product_change,
            prompt_words(subject.prompt),
            np.array(list(appearance(subject.source, subject.mask, subject.candidate).values()), np.float32),
            np.array([number for pair in pairs for number in _likeness(*pair)], np.float32),
            _measures(subject.measures),
        ]
    )


def prompt_words(prompt: str) -> Floats:
    """Return the prompt as hashed word counts (64 buckets, unit length); the hash is the same on every machine."""
    counts = np.zeros(PROMPT_BUCKETS, np.float32)
    for word in re.findall(r"\w+", prompt.lower()):
        counts[hashlib.blake2b(word.encode(), digest_size=1).digest()[0] % PROMPT_BUCKETS] += 1
    return counts / max(1.0, float(np.linalg.norm(counts)))


def _measures(measures: Mapping[str, float]) -> Floats:
    values = np.array([measures.get(name, np.nan) for name in MEASURES], np.float64)
    missing = ~np.isfinite(values)
    values = np.where(missing, 0.0, values)
    return np.concatenate([np.sign(values) * np.log1p(np.abs(values)), missing]).astype(np.float32)


def _look(image: Image, mask: Mask, backbone: Backbone) -> _Seen:
    whole, close = backbone.look([image, _crop(image, mask)])
    return _Seen(whole=whole, close=close)


def _crop(image: Image, mask: Mask) -> Image:
    """Cut out the product with some scene on every side."""
    top, bottom, left, right = bounds(mask)
    down, across = round((bottom - top) * _CROP_MARGIN), round((right - left) * _CROP_MARGIN)
    cut = image[max(0, top - down) : bottom + down, max(0, left - across) : right + across]
    return np.ascontiguousarray(cut)


def _close(mask: Mask) -> Mask:
    cut = _crop(np.repeat(mask[..., None].astype(np.uint8) * 255, 3, axis=2), mask)[..., 0]
    return np.asarray(cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA) >= 128, np.bool_)


def _weights(region: Mask) -> dict[int, Floats]:
    """Return how much of the region lies in each place of the network's two grids, summing to 1."""
    result = {}
    for places in (7, 14):
        share = cv2.resize(region.astype(np.float32), (places, places), interpolation=cv2.INTER_AREA)
        share = share if share.sum() > 1e-6 else np.ones_like(share)
        result[places] = (share / share.sum()).astype(np.float32)
    return result


def _pool(maps: Floats, weights: dict[int, Floats]) -> Floats:
    return np.asarray(np.einsum("chw,hw->c", maps, weights[maps.shape[-1]]), np.float32)


def _likeness_names() -> tuple[str, ...]:
    regions = ("scene", "product", "product_fine", "near_fine")
    return tuple(f"{region}_{what}" for region in regions for what in ("unlike", "distance"))


def _likeness(before: Floats, after: Floats) -> tuple[float, float]:
    """Return (1 - cosine, log of the relative distance + 1) between two pooled vectors."""
    lengths = float(np.linalg.norm(before) * np.linalg.norm(after))
    unlike = 1 - float(before @ after) / max(lengths, 1e-9)
    return unlike, float(np.log1p(np.linalg.norm(after - before) / max(float(np.linalg.norm(before)), 1e-9)))


def _check(subject: RewardSubject) -> None:
    shape = subject.mask.shape
    images = (subject.source, subject.candidate)
    fits = all(image.dtype == np.uint8 and image.shape == (*shape, 3) for image in images)
    if not fits or subject.mask.dtype != np.bool_ or len(shape) != 2 or min(shape) < 16:
        raise EngineError(_("The photo, the mask and the candidate do not share one shape."), permanent=True)
    if not subject.mask.any() or subject.mask.all():
        raise EngineError(_("The mask covers nothing or everything."), permanent=True)
