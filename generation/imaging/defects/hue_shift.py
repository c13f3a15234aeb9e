"""The product comes in another colour."""

import cv2
import numpy as np

from generation.contracts import Image, Mask


def hue_shift(source: Image, mask: Mask, candidate: Image, rng: np.random.Generator, strength: float) -> Image:
    """Turn the product's colours by 20 to 120 degrees in CIELAB, and tint what had no colour to turn."""
    angle = np.radians(20 + 100 * strength) * rng.choice([-1.0, 1.0])
    tint = 4 + 14 * strength
    direction = rng.uniform(0, 2 * np.pi)
    lab = cv2.cvtColor(source.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    a, b = lab[..., 1].copy(), lab[..., 2].copy()
    lab[..., 1] = a * np.cos(angle) - b * np.sin(angle) + tint * np.cos(direction)
    lab[..., 2] = a * np.sin(angle) + b * np.cos(angle) + tint * np.sin(direction)
    turned = np.clip(np.rint(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255), 0, 255).astype(np.uint8)
    damaged = candidate.copy()
    damaged[mask] = turned[mask]
    return damaged
