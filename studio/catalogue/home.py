"""For the shelf and the desk: a vase, light, sound and time."""

from math import cos, pi, sin

from studio import materials as m
from studio.labels import Label
from studio.profiles import arc, ellipse, mm, mm3, rounded, spline, spline3
from studio.shapes import box, lathe, move, pipe, sheet, wrap
from studio.shoot import Product
from studio.stage import Set

MM = 0.001


def vase() -> None:
    outside = spline(mm((0, 0), (44, 0), (52, 8), (74, 70), (70, 120), (44, 168), (30, 196), (33, 222)), 12)
    inside = spline(mm((30, 221), (26, 196), (38, 168), (60, 130)), 8)
    clay = m.clay("#b56a4c")
    lathe(outside + inside, clay, wave=lambda angle, height: 1 + 0.022 * cos(26 * angle) * _fade(height, 0.02, 0.17))


def _fade(height: float, low: float, high: float) -> float:
    """Rise from 0 below `low` to 1, and fall again before `high`."""
    return max(0.0, min(1.0, (height - low) / 0.02, (high - height) / 0.03))


def table_lamp() -> None:
    lathe(rounded(mm((0, 0), (62, 0), (62, 8), (12, 14), (0, 14)), 2 * MM), m.metal("#c9a25e", 0.26, (1, 1, 30)))
    body = spline(mm((0, 13), (26, 14), (58, 50), (66, 92), (46, 140), (18, 172), (14, 180), (0, 181)), 12)
    lathe(body, m.ceramic("#2c5a66", 0.12, pooled="#3f7d86"))
    lathe(rounded(mm((0, 180), (9, 180), (9, 215), (0, 215)), 1 * MM), m.metal("#c9a25e", 0.26))
    lathe(spline(mm((0, 214), (14, 218), (24, 246), (16, 268), (0, 274)), 8), m.glow("#ffd9a0", 40.0))
    linen = m.fabric("#e6dac2", (420, 110), through=0.45)
    lathe(mm((122, 205), (121.4, 210), (93, 368), (92.6, 372)), linen)
    for radius, height in ((122.3, 206), (93, 371)):
        band = [(radius * MM + x * 0.35, height * MM + y) for x, y in arc((0, 0), 3 * MM, 0, 360, 16)]
        lathe(band, m.fabric("#d6c8ab", (400, 6)))


def candle() -> None:
    wall = rounded(mm((0, 0), (39, 0), (40, 4), (40, 96), (38.6, 97), (37, 96), (36.6, 9), (34, 7), (0, 7)), 3 * MM)
    lathe(wall, m.glass("#c9c4bb", 0.03))
    lathe(rounded(mm((0, 6.8), (36.9, 7), (36.9, 70), (30, 69), (0, 68.4)), 1.5 * MM), m.wax("#e9dcc0"))
    pipe(mm3((0, 0, 68), (0.6, 0, 76), (2.2, 0, 82)), ellipse(2 * MM, 2 * MM, 16), m.coated("#1d1815"))
    art = Label(66, 48, "#26302e", "#efe3c8").frame(2, 0.4)
    art.text("CINDER", 13, 9, "bold", track=0.22).text("& Fjore", 22, 8, "italic").rule(28, 16, 0.4)
    art.text("cedar, smoke, vetiver", 34, 5, "italic").text("SOY WAX  220 g", 41, 2.8, "bold", track=0.16)
    wrap(mm((40, 20), (40, 68)), 94, m.printed(art.save("candle")))


def clock() -> None:
    ash = m.wood("#b98a58", "#7f5a34", along="x", gloss=0.38)
    case = lathe(rounded(mm((0, -24), (66, -24), (66, 22), (61, 22), (58, 14), (0, 14)), 4 * MM), ash)
    move(case, (0, 0, 70 * MM), (90, 0, 0))
    art = Label(116, 116, None, "#2b2a28").disc(58, 58, 58, "#f1ede3")
    for minute in range(60):
        turn = minute * pi / 30
        near, thick = (47.0, 1.2) if minute % 5 == 0 else (50.0, 0.35)
        a, b = (58 + near * sin(turn), 58 - near * cos(turn)), (58 + 53.5 * sin(turn), 58 - 53.5 * cos(turn))
        across = (thick / 2 * cos(turn), thick / 2 * sin(turn))
        art.shape([(a[0] - across[0], a[1] - across[1]), (a[0] + across[0], a[1] + across[1]),
                   (b[0] + across[0], b[1] + across[1]), (b[0] - across[0], b[1] - across[1])])  # fmt: skip
    for hour in range(1, 13):
        turn = hour * pi / 6
        art.text(str(hour), 58 - 39.5 * cos(turn), 10.5, "sans", x=58 + 39.5 * sin(turn))
    art.text("TALLIS", 38, 5, "bold", track=0.2)
    sheet(116 * MM, 116 * MM, m.printed(art.save("clock"), 0.4, clear=True), (0, -14.1 * MM, 70 * MM))
    for length, thick, degrees in ((33, 4.0, -52.0), (46, 2.8, 62.0)):
        hand = box((thick * MM, 1.2 * MM, length * MM), 0.5 * MM, m.coated("#1f1e1d", 0.4), (0, 0, 0))
        turn = degrees * pi / 180
        at = (sin(turn) * length * 0.42 * MM, -17 * MM, 70 * MM + cos(turn) * length * 0.42 * MM)
        move(hand, at, (0, degrees, 0))
    move(
        lathe(rounded(mm((0, 0), (4, 0), (4, 4), (0, 4)), 1 * MM), m.metal("#b98d4f", 0.25)),
        (0, -16 * MM, 70 * MM),
        (90, 0, 0),
    )
    for side in (-1, 1):
        box((14 * MM, 34 * MM, 10 * MM), 2 * MM, ash, (side * 34 * MM, 0, 5 * MM))


def speaker() -> None:
    shell = m.plastic("#2d3438", 0.4)
    lathe(rounded(mm((0, 0), (46, 0), (48, 12), (0, 12)), 3 * MM), shell)
    lathe(
        rounded(mm((47, 11), (49, 14), (49, 146), (47, 149)), 2 * MM), m.fabric("#56646a", (190, 90), fleck="#7d8a8c")
    )
    lathe(rounded(mm((0, 148), (48, 148), (47, 158), (0, 158)), 3 * MM), shell)
    ring = [(40 * MM + x, 158 * MM + y) for x, y in arc((0, 0), 1.1 * MM, 0, 360, 14)]
    lathe(ring, m.metal("#c98a5e", 0.25))
    strap = spline3(mm3((48, 0, 128), (62, 0, 122), (70, 0, 96), (66, 0, 66), (50, 0, 52)), 12)
    pipe(strap, ellipse(3 * MM, 18 * MM, 40, 5), m.leather("#a9683c"))
    for height in (128, 53):
        pin = lathe(rounded(mm((0, 0), (5.5, 0), (5.5, 4), (0, 4)), 1 * MM), m.metal("#c9a25e", 0.22))
        move(pin, (49.5 * MM, 0, height * MM), (0, 90, 0))
    art = Label(30, 8, None, "#e9e5dc").text("NOVARO", 4, 5, "bold", track=0.3)
    wrap(mm((49.2, 20), (49.2, 28)), 36, m.printed(art.save("speaker"), clear=True))


def headphones() -> None:
    dark, cushion, steel = m.plastic("#2b3644", 0.4), m.leather("#8a5a3a"), m.metal("#cfc9bf", 0.22)
    band = [(x, 0.0, z) for x, z in arc((0, 96 * MM), 82 * MM, 8, 172, 48)]
    pipe(band, ellipse(3 * MM, 22 * MM, 40, 5), steel, up=(0, 1, 0))
    pad = [(x, 0.0, z) for x, z in arc((0, 96 * MM), 81 * MM, 38, 142, 40)]
    pipe(pad, ellipse(11 * MM, 30 * MM, 48, 3), cushion, up=(0, 1, 0))
    for side in (-1, 1):
        cup = rounded(mm((0, 0), (37, 0), (39, 6), (36, 20), (30, 25), (0, 26)), 4 * MM)
        soft = [(29 * MM + x, y) for x, y in arc((0, -9 * MM), 10.5 * MM, 0, 360, 24)]
        for profile, material in ((cup, dark), (soft, cushion)):
            move(lathe(profile, material), (side * 68 * MM, 0, 40.5 * MM), (0, side * 90, 0))
        trim = [(31 * MM + x, 25 * MM + y) for x, y in arc((0, 0), 0.9 * MM, 0, 360, 12)]
        move(lathe(trim, steel), (side * 68 * MM, 0, 40.5 * MM), (0, side * 90, 0))
        arm = spline3(mm3((side * 82, 0, 112), (side * 90, 0, 92), (side * 90, 0, 60)), 8)
        pipe(arm, ellipse(4 * MM, 13 * MM, 32, 4), steel)


HOME = (
    Product(
        "vase",
        "Fluted terracotta vase",
        "vase",
        vase,
        Set("paper", "#d6cfc4", hdri="apartment", turn=30, key_side=1.0),
    ),
    Product(
        "table-lamp",
        "Table lamp with linen shade",
        "lamp",
        table_lamp,
        Set("walnut", wall="#b7b1a6", hdri="lobby", turn=60, key=0.8, ambient=0.5),
    ),
    Product(
        "candle",
        "Cinder & Fjore soy candle",
        "candle",
        candle,
        Set("concrete", "#a5a19a", wall="#aaa59c", hdri="apartment", turn=260, above=18),
    ),
    Product(
        "clock",
        "Tallis desk clock, ash",
        "clock",
        clock,
        Set("laminate", "#d5d2cb", wall="#bcc4c4", hdri="lobby", turn=300, orbit=-16),
    ),
    Product(
        "speaker",
        "Novaro portable speaker",
        "speaker",
        speaker,
        Set("oak", wall="#cbc7bf", hdri="apartment", turn=320, orbit=-14),
    ),
    Product(
        "headphones",
        "Ostra wireless headphones",
        "headset",
        headphones,
        Set("paper", "#c9c4bb", hdri="apartment", turn=40, orbit=30),
    ),
)
