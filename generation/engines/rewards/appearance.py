"""What can be said about a picture without a network: light, colour, contrast and change, in named numbers.

Tastes such as "brighter" or "warmer" are one number here, so a head learns them from a few dozen judgements.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from generation.contracts import Image, Mask

_WORKING_SIDE = 256

Plane = npt.NDArray[np.float32]


@dataclass(frozen=True)
class _Picture:
    """One image as CIELAB planes (L 0..100) with the strength of its edges and of its finest detail."""

    lab: Plane
    edges: Plane
    detail: Plane

    @classmethod
    def of(cls, image: Image) -> "_Picture":
        lab = np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
        light = np.ascontiguousarray(lab[..., 0])
        across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
        return cls(lab, np.hypot(across, down), np.abs(cv2.Laplacian(light, cv2.CV_32F)))


def appearance(source: Image, mask: Mask, candidate: Image) -> dict[str, float]:
    """Return the named numbers of one candidate, always the same names in the same order.

    `source` and `candidate` are H x W x 3, `mask` H x W, true where the product is.
    """
    source, mask, candidate = _at_working_size(source, mask, candidate)
    regions = _regions(mask)
    before, after = _Picture.of(source), _Picture.of(candidate)
    return {
        **_scene(after, regions["scene"]),
        **_region("near", after, regions["near"]),
        **_region("product", after, regions["product"]),
        **_contrast(after, regions),
        **_change(before, after, regions),
        **_place(mask),
    }


def _scene(picture: _Picture, scene: Mask) -> dict[str, float]:
    light = picture.lab[..., 0][scene]
    chroma = np.hypot(picture.lab[..., 1], picture.lab[..., 2])[scene]
    low, middle, high = np.percentile(light, (5, 50, 95))
    shares = np.histogram(light, bins=16, range=(0, 100))[0] / light.size
    third = scene.shape[0] // 3
    half = scene.shape[1] // 2
    plane = picture.lab[..., 0]
    return {
        **_region("scene", picture, scene),
        "scene_light_p05": float(low),
        "scene_light_p50": float(middle),
        "scene_light_p95": float(high),
        "scene_chroma": float(chroma.mean()),
        "scene_chroma_spread": float(chroma.std()),
        "scene_entropy": float(-(shares * np.log(np.maximum(shares, 1e-12))).sum()),
        "scene_burnt": float((light > 97).mean()),
        "scene_black": float((light < 5).mean()),
        "scene_top_light": _mean(plane[:third], scene[:third]) - _mean(plane[-third:], scene[-third:]),
        "scene_side_light": abs(_mean(plane[:, :half], scene[:, :half]) - _mean(plane[:, half:], scene[:, half:])),
    }


def _region(name: str, picture: _Picture, where: Mask) -> dict[str, float]:
    light, green_red, blue_yellow = (picture.lab[..., channel] for channel in range(3))
    return {
        f"{name}_light": _mean(light, where),
        f"{name}_light_spread": float(light[where].std()) if where.any() else 0.0,
        f"{name}_green_red": _mean(green_red, where),
        f"{name}_blue_yellow": _mean(blue_yellow, where),
        f"{name}_edges": float(np.log1p(_mean(picture.edges, where))),
        f"{name}_detail": float(np.log1p(_mean(picture.detail, where))),
    }


def _contrast(picture: _Picture, regions: dict[str, Mask]) -> dict[str, float]:
    colour = {name: picture.lab[where].mean(axis=0) if where.any() else np.zeros(3) for name, where in regions.items()}
    product, near, scene = colour["product"], colour["near"], colour["scene"]
    return {
        "contrast_light": float(product[0] - near[0]),
        "contrast_light_size": float(abs(product[0] - near[0])),
        "contrast_near": float(np.linalg.norm(product - near)),
        "contrast_scene": float(np.linalg.norm(product - scene)),
        "near_against_scene": float(np.linalg.norm(near - scene)),
        "contact_shadow": float(colour["below"][0] - colour["beside"][0]),
        "outline_edges": float(np.log1p(_mean(picture.edges, regions["outline"]))),
    }


def _change(before: _Picture, after: _Picture, regions: dict[str, Mask]) -> dict[str, float]:
    shift = after.lab - before.lab
    size = np.linalg.norm(shift, axis=-1)
    product = regions["product"]
    inside = size[product]
    mean_shift = shift[product].mean(axis=0)
    return {
        "product_change": float(np.log1p(inside.mean())),
        "product_change_p99": float(np.log1p(np.percentile(inside, 99))),
        "product_changed_share": float((inside > 2).mean()),
        "product_shift_light": float(mean_shift[0]),
        "product_shift_green_red": float(mean_shift[1]),
        "product_shift_blue_yellow": float(mean_shift[2]),
        "product_edges_change": float(np.log1p(_mean(np.abs(after.edges - before.edges), product))),
        "outline_change": float(np.log1p(_mean(size, regions["outline"]))),
        "outline_edges_change": _mean(after.edges, regions["outline"]) - _mean(before.edges, regions["outline"]),
        "near_change": float(np.log1p(_mean(size, regions["near"]))),
        "scene_change": float(np.log1p(_mean(size, regions["scene"]))),
    }


def _place(mask: Mask) -> dict[str, float]:
    top, bottom, left, right = bounds(mask)
    height, width = mask.shape
    return {
        "product_share": float(mask.mean()),
        "product_across": (left + right) / 2 / width,
        "product_base": bottom / height,
        "product_height": (bottom - top) / height,
        "product_width": (right - left) / width,
    }


def bounds(mask: Mask) -> tuple[int, int, int, int]:
    """Return (top, bottom, left, right) of the product's box, half open; the whole image for an empty mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return 0, mask.shape[0], 0, mask.shape[1]
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def around(mask: Mask, pixels: int) -> Mask:
    """Return the band of `pixels` width just outside the product."""
    grown = cv2.dilate(mask.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1,) * 2))
    return (grown > 0) & ~mask


def _regions(mask: Mask) -> dict[str, Mask]:
    reach = max(3, round(0.04 * max(mask.shape)))
    top, bottom, left, right = bounds(mask)
    feet = np.zeros_like(mask)
    feet[max(top, bottom - reach // 2) : bottom + reach] = True
    under = np.zeros_like(mask)
    under[:, left:right] = True
    inner = mask & ~(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    return {
        "product": mask,
        "scene": ~mask,
        "near": around(mask, reach),
        "outline": inner | around(mask, 1),
        "below": feet & under & ~mask,
        "beside": feet & ~under & ~mask,
    }


def _at_working_size(source: Image, mask: Mask, candidate: Image) -> tuple[Image, Mask, Image]:
    height, width = mask.shape
    scale = _WORKING_SIDE / max(height, width)
    if scale >= 1:
        return source, mask, candidate
    size = max(1, round(width * scale)), max(1, round(height * scale))
    smaller = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) >= 128
    if not smaller.any() or smaller.all():
        return source, mask, candidate
    return (
        np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
        smaller,
        np.asarray(cv2.resize(candidate, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
    )


def _mean(values: Plane, where: Mask) -> float:
    return float(values[where].mean()) if where.any() else 0.0
