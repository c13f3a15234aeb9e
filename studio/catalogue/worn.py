"""What is worn or carried: a leather bag and a watch."""

from math import cos, pi, sin

from studio import materials as m
from studio.labels import Label
from studio.profiles import arc, ellipse, mm, mm3, rounded, spline3
from studio.shapes import Object, box, lathe, move, pipe, sheet, skin
from studio.shoot import Product
from studio.stage import Set

MM = 0.001


def handbag() -> None:
    hide, brass = m.leather("#7d3f2c"), m.metal("#cda35c", 0.22)
    rings = []
    rows = ((0, 222, 78), (3, 232, 88), (30, 236, 92), (100, 226, 82), (150, 214, 62), (166, 206, 46), (170, 196, 34))
    for z, width, depth in rows:
        rings.append([(x * MM, y * MM, z * MM) for x, y in ellipse(width, depth, 120, 5)])
    skin(rings, hide, caps=(True, True))
    _flap(hide)
    for side in (-1, 1):
        loop = lathe([(9 * MM + x, y) for x, y in arc((0, 0), 1.8 * MM, 0, 360, 20)], brass)
        move(loop, (side * 66 * MM, 0, 180 * MM), (90, 0, 0))
    hoop = spline3(
        mm3((-66, 0, 186), (-58, 0, 226), (-30, 0, 250), (0, 0, 256), (30, 0, 250), (58, 0, 226), (66, 0, 186)), 12
    )
    pipe(hoop, ellipse(7 * MM, 13 * MM, 32, 3), hide)
    box((34 * MM, 4 * MM, 22 * MM), 1.6 * MM, brass, (0, -48.5 * MM, 86 * MM))
    move(lathe(rounded(mm((0, 0), (6, 0), (6, 4), (0, 4)), 1.2 * MM), brass), (0, -50 * MM, 86 * MM), (90, 0, 0))


def _flap(hide: Object) -> None:
    """Fold the flap from the back over the top to the front, where it ends round."""
    fold = spline3(
        mm3((0, 33, 140), (0, 24, 168), (0, 0, 176), (0, -26, 169), (0, -38, 140), (0, -44.5, 105), (0, -47, 72)), 10
    )
    rings = []
    for index, (_x, y, z) in enumerate(fold):
        end = max(0.0, (index / (len(fold) - 1) - 0.62) / 0.38)
        half = 101 * MM * (1 - 0.9 * end**4)
        rings.append([(half * (n / 40 - 0.5) * 2, y, z) for n in range(41)])
    flap = skin(rings, hide, closed=False, name="flap")
    thick = flap.modifiers.new("thick", "SOLIDIFY")
    thick.thickness, thick.offset = 3 * MM, 0.0
    bevel = flap.modifiers.new("edge", "BEVEL")
    bevel.width, bevel.segments = 1.2 * MM, 3


def watch() -> None:
    steel, strap = m.metal("#c8c9ca", 0.14), m.leather("#3a2a22", 0.5)
    lean = 38.0
    loop = [(0.0, 27 * MM * sin(t), 29.6 * MM + 28 * MM * cos(t)) for t in (2 * pi * n / 96 for n in range(96))]
    pipe(loop, ellipse(3.2 * MM, 19 * MM, 40, 5), strap, closed=True, up=(1, 0, 0))
    tilt = 90 - lean
    back = (0.0, -26 * MM * cos(lean * pi / 180), 29.6 * MM + 27 * MM * sin(lean * pi / 180))

    def on_wrist(thing: Object, out: float) -> None:
        away = out * MM
        move(thing, (0, back[1] - away * cos(lean * pi / 180), back[2] + away * sin(lean * pi / 180)), (tilt, 0, 0))

    case = rounded(mm((0, 0), (18, 0), (20, 2), (20, 7.5), (18.2, 9.5), (16.8, 9.5), (16.4, 8), (0, 8)), 0.9 * MM)
    on_wrist(lathe(case, steel), -1.5)
    on_wrist(sheet(33.4 * MM, 33.4 * MM, m.printed(_dial().save("watch"), 0.3, clear=True), (0, 0, 0)), 6.7)
    for length, thick, degrees in ((8.5, 1.4, -60.0), (13.0, 1.0, 52.0)):
        angle = degrees * pi / 180
        half = length * 0.42 * MM
        hand = box((thick * MM, length * MM, 0.5 * MM), 0.2 * MM, m.metal("#e6e2d8", 0.2))
        at = (half * sin(angle), half * cos(angle))
        _on_dial(hand, at, back, lean, 7.3, degrees)
    on_wrist(lathe(rounded(mm((0, 0), (1.3, 0), (1.3, 1.6), (0, 1.6)), 0.3 * MM), steel), 6.8)
    crown = lathe(
        rounded(mm((0, 0), (3, 0), (3, 4), (0, 4)), 0.6 * MM),
        steel,
        wave=lambda angle, _height: 1 + 0.05 * cos(18 * angle),
    )
    middle = 3.0 * MM
    move(
        crown, (19.5 * MM, back[1] - middle * cos(lean * pi / 180), back[2] + middle * sin(lean * pi / 180)), (0, 90, 0)
    )


def _dial() -> Label:
    art = Label(33.4, 33.4, None, "#e9e4d8").disc(16.7, 16.7, 16.7, "#1d3a46")
    for hour in range(12):
        turn = hour * pi / 6
        c, s = cos(turn), sin(turn)
        half = 0.75 if hour % 3 == 0 else 0.45
        art.shape(
            [
                (16.7 + r * s + w * c, 16.7 - r * c + w * s)
                for r, w in ((11.2, -half), (11.2, half), (14.6, half), (14.6, -half))
            ]
        )
    art.text("AVENTIR", 21.4, 2.0, "bold", track=0.16).text("automatic", 24.4, 1.8, "italic")
    return art


def _on_dial(
    hand: Object, at: tuple[float, float], back: tuple[float, float, float], lean: float, out: float, degrees: float
) -> None:
    """Lay a hand on the tilted dial: `at` is its middle on the dial, right and up."""
    c, s = cos(lean * pi / 180), sin(lean * pi / 180)
    away = out * MM
    move(hand, (at[0], back[1] - away * c + at[1] * s, back[2] + away * s + at[1] * c), (90 - lean, 0, 0))
    hand.rotation_euler.rotate_axis("Z", -degrees * pi / 180)


WORN = (
    Product(
        "handbag",
        "Marenne leather handbag, chestnut",
        "bag",
        handbag,
        Set("paper", "#d5cfc6", hdri="apartment", turn=80, orbit=-24),
    ),
    Product(
        "watch",
        "Aventir automatic watch, petrol dial",
        "watch",
        watch,
        Set("concrete", "#9a9892", wall="#a8a7a2", hdri="lobby", turn=130, above=18, orbit=12),
    ),
)
