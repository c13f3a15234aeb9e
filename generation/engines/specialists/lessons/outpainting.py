"""Outpainting is taught by hiding a side, or both sides, of a drawn scene: what was there is what should be painted."""

import numpy as np

from generation.engines.base_model.scenes.canvas import SIDE, Random
from generation.engines.base_model.scenes.scene import draw_scene
from generation.engines.specialists.lesson import Lesson

_SHARES = (0.35, 0.8)
"""Of the side that stays, as the offered formats leave it of the usual ones."""


class Outpainting:
    def draw(self, seed: int, random: Random) -> Lesson:
        """Keep a band of the scene, as wide or as high as the canvas, with its product in it as far as that goes."""
        scene = draw_scene(seed)
        across = bool(random.random() < 0.5)
        length = round(SIDE * random.uniform(*_SHARES))
        places = np.flatnonzero(scene.mask.any(axis=0 if across else 1))
        middle = (int(places[0]) + int(places[-1])) // 2
        begin = int(np.clip(middle - length * random.uniform(0.3, 0.7), 0, SIDE - length))
        kept = np.zeros((SIDE, SIDE), np.bool_)
        band = slice(begin, begin + length)
        kept[(slice(None), band) if across else band] = True
        return Lesson(scene.image, kept, scene.caption)
