"""sRGB to CIELAB, and the CIEDE2000 colour difference."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Lab = npt.NDArray[np.floating]

# IEC 61966-2-1, linear sRGB to XYZ, divided by the D65 white point row by row.
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_TO_XYZ = (_TO_XYZ / np.array([[0.95047], [1.0], [1.08883]])).astype(np.float32)
_CODES = np.arange(256) / 255
_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)
_DELTA = 6 / 29


def srgb_to_lab(colours: npt.NDArray[np.uint8]) -> Floats:
    """Convert bytes (..., 3) to CIELAB under D65, 2 degrees: L 0..100, a and b about -110..110."""
    xyz = _LINEAR[colours] @ _TO_XYZ.T
    f = np.where(xyz > _DELTA**3, np.cbrt(xyz), xyz / (3 * _DELTA**2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def ciede2000(first: Lab, second: Lab) -> Floats:
    """Return the CIEDE2000 difference of two arrays (..., 3) of CIELAB colours, with all weights 1.

    G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 Color-Difference Formula: Implementation Notes, Supplementary Test
    Data, and Mathematical Observations", Color Research and Application 30(1), 2005, equations 2 to 22. About 1 is
    just visible; computed in the precision of the input.
    """
    l1, c1, h1, l2, c2, h2 = _adjusted(first, second)
    chroma_product = c1 * c2
    turn = h2 - h1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    turn = np.where(chroma_product == 0, 0, turn)
    lightness, chroma = l2 - l1, c2 - c1
    hue = 2 * np.sqrt(chroma_product) * np.sin(np.radians(turn / 2))

    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = _mean_hue(h1, h2, chroma_product)
    from_middle = (mean_l - 50) ** 2
    weight_l = 1 + 0.015 * from_middle / np.sqrt(20 + from_middle)
    weight_c = 1 + 0.045 * mean_c
    weight_h = 1 + 0.015 * mean_c * _hue_term(mean_h)
    terms = lightness / weight_l, chroma / weight_c, hue / weight_h
    squared = terms[0] ** 2 + terms[1] ** 2 + terms[2] ** 2 + _rotation(mean_c, mean_h) * terms[1] * terms[2]
    return np.sqrt(np.maximum(squared, 0)).astype(np.float32)


def _adjusted(first: Lab, second: Lab) -> tuple[Lab, ...]:
    """Return L', C' and h' of both colours (equations 2 to 7)."""
    chroma = (np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2
    stretch = 1.5 - 0.5 * _saturation(chroma)
    parts: list[Lab] = []
    for colour in (first, second):
        a, b = colour[..., 1] * stretch, colour[..., 2]
        parts += [colour[..., 0], np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360]
    return tuple(parts)


def _mean_hue(h1: Lab, h2: Lab, chroma_product: Lab) -> Lab:
    total = h1 + h2
    wrapped = np.where(total < 360, total + 360, total - 360) / 2
    mean = np.where(np.abs(h1 - h2) <= 180, total / 2, wrapped)
    joined: Lab = np.where(chroma_product == 0, total, mean)
    return joined


def _hue_term(mean_h: Lab) -> Lab:
    first = -0.17 * np.cos(np.radians(mean_h - 30)) + 0.24 * np.cos(np.radians(2 * mean_h))
    second = 0.32 * np.cos(np.radians(3 * mean_h + 6)) - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    term: Lab = 1 + first + second
    return term


def _rotation(mean_c: Lab, mean_h: Lab) -> Lab:
    angle = 30 * np.exp(-(((mean_h - 275) / 25) ** 2))
    rotation: Lab = -2 * _saturation(mean_c) * np.sin(np.radians(2 * angle))
    return rotation


def _saturation(chroma: Lab) -> Lab:
    """sqrt(C^7 / (C^7 + 25^7)), written so that single precision does not overflow."""
    seventh = (chroma / 25) ** 7
    return np.sqrt(seventh / (seventh + 1))
