"""Pictures that the imaging tests share: a product on a table, and its mask. Drawn, so that every pixel is known."""

import cv2
import numpy as np

from generation.contracts import GuardSubject, Image, Mask
from generation.imaging.compositing import compose
from generation.imaging.framing import shrink, shrink_mask


def product_photo(height: int = 192, width: int = 256) -> tuple[Image, Mask]:
    """A striped red bottle before a grey wall."""
    rows, columns = np.mgrid[:height, :width]
    photo = np.full((height, width, 3), (150, 150, 155), np.uint8)
    mask: Mask = ((columns - width * 0.5) / (width * 0.16)) ** 2 + ((rows - height * 0.55) / (height * 0.3)) ** 2 < 1
    stripes = np.where((rows // 6 + columns // 9) % 2, 200, 120)
    photo[mask] = np.stack([stripes, np.full_like(stripes, 40), columns % 90], axis=-1).astype(np.uint8)[mask]
    return photo, mask


def table_scene(height: int = 192, width: int = 256, seed: int = 0) -> Image:
    """A smooth wall over a smooth table with a soft edge between them, as an honest generator paints it."""
    rng = np.random.default_rng(seed)
    wall, table = rng.integers(120, 230, 3), rng.integers(60, 160, 3)
    edge = height * rng.uniform(0.5, 0.75)
    blend = 1 / (1 + np.exp(-(np.arange(height)[:, None, None] - edge) / 3))
    light = np.linspace(0.85, 1.1, width)[None, :, None]
    scene = (wall * (1 - blend) + table * blend) * light
    for _ in range(3):
        centre = (int(rng.integers(0, width)), int(edge))
        cv2.circle(scene, centre, int(width * 0.08), tuple(float(c) for c in rng.integers(0, 255, 3)), -1)
    return np.clip(cv2.GaussianBlur(scene, (0, 0), 4), 0, 255).astype(np.uint8)


def subject_for(raw: Image, siblings: tuple[int, ...] = ()) -> GuardSubject:
    """What the guards get for a raw output over the bottle, at twice the model's size."""
    height, width = raw.shape[:2]
    source, mask = product_photo(height * 2, width * 2)
    composed, full = compose(source, mask, raw)
    return GuardSubject(
        source=source,
        mask=mask,
        full=full,
        small_source=shrink(source, (height, width)),
        small_mask=shrink_mask(mask, (height, width)),
        raw=raw,
        composed=composed,
        sibling_hashes=siblings,
    )
