"""From the table: glazed stoneware, enamel and a flask."""

from math import sin

from studio import materials as m
from studio.labels import Label
from studio.profiles import arc, ellipse, mm, mm3, rounded, spline, spline3
from studio.shapes import Object, lathe, move, pipe, wrap
from studio.shoot import Product
from studio.stage import Set

MM = 0.001


def _handle(points: tuple[tuple[float, float, float], ...], size: tuple[float, float], material: Object) -> None:
    """Bend a handle through points in millimetres; `size` is its breadth and its thickness."""
    pipe(spline3(mm3(*points), 12), ellipse(size[1] * MM, size[0] * MM, 40, 2.4), material)


def mug() -> None:
    glaze = m.ceramic("#d9cdb8", 0.22, speckles="#5a4632")
    outside = mm((38.8, 24), (39.7, 24.6), (40.2, 92), (38.6, 94.5))
    inside = mm((36.6, 92), (35.4, 14), (30, 9), (0, 9))
    lathe([*outside[:2], *rounded([*outside[1:], *inside], 1.5 * MM)[1:]], glaze)
    lathe(rounded(mm((0, 0), (31, 0), (37.6, 8), (39.2, 27), (36, 27)), 2 * MM), m.clay("#9c7452"))
    _handle(((38, 0, 80), (56, 0, 83), (70, 0, 68), (68, 0, 46), (54, 0, 30), (38, 0, 28)), (13, 8.5), glaze)


def enamel_mug() -> None:
    white = m.enamel("#e9eae6")
    wall = rounded(mm((0, 0), (37, 0), (40, 3), (41, 78), (39.6, 78), (38.6, 4), (36, 2), (0, 2)), 2 * MM)
    lathe(wall, white)
    rim = [(40.3 * MM + x, 78.4 * MM + y) for x, y in arc((0, 0), 1.5 * MM, 0, 360, 20)]
    navy = m.enamel("#1f2d4d")
    lathe(rim, navy)
    _handle(((40, 0, 66), (58, 0, 68), (68, 0, 56), (64, 0, 36), (52, 0, 24), (40, 0, 20)), (14, 4), white)
    art = Label(60, 44, None, "#1f2d4d")
    art.shape([(6, 30), (18, 12), (24, 20), (32, 6), (46, 22), (50, 18), (56, 30)]).rule(33, 50, 0.8)
    art.text("HOLM & FELL", 39, 5.4, "bold", track=0.14)
    wrap(mm((40.3, 16), (40.8, 60)), 84, m.printed(art.save("enamel-mug"), 0.2, clear=True))


def teapot() -> None:
    glaze = m.ceramic("#2f5d50", 0.14, pooled="#4f8673")
    body = spline(mm((0, 2), (40, 2), (62, 18), (72, 46), (66, 72), (46, 92), (38, 95)), 12)
    lathe(rounded(mm((0, 0), (41, 0), (42, 5), (0, 6)), 1 * MM), m.clay("#8a6a4d"))
    lathe(body, glaze)
    lathe(spline(mm((39.5, 94.5), (38, 97), (26, 104), (9, 108), (0, 108.5)), 10), glaze)
    lathe(spline(mm((0, 107), (5, 108), (5, 112), (10, 118), (9, 124), (0, 127)), 8), glaze)
    spout = spline3(mm3((-56, 0, 38), (-78, 0, 44), (-92, 0, 62), (-102, 0, 84), (-112, 0, 92)), 10)
    pipe(spout, ellipse(30 * MM, 30 * MM, 48), glaze, scales=(1.25, 1.0, 0.7, 0.55, 0.5))
    bamboo = m.wood("#b98d57", "#7c5731", along="x", gloss=0.4)
    hoop = spline3(
        mm3((-46, 0, 88), (-56, 0, 128), (-34, 0, 164), (0, 0, 174), (34, 0, 164), (56, 0, 128), (46, 0, 88)), 12
    )
    pipe(hoop, ellipse(8 * MM, 8 * MM, 32), bamboo)
    for side in (-1, 1):
        move(
            lathe(rounded(mm((0, 0), (7, 0), (7, 12), (0, 12)), 2 * MM), glaze),
            (side * 47 * MM, 0, 83 * MM),
            (0, side * -12, 0),
        )


def bowl() -> None:
    glaze = m.ceramic("#24506e", 0.1, pooled="#5f93a3")
    wall = spline(mm((0, 9), (30, 10), (58, 28), (76, 60), (80, 74)), 12)
    inner = spline(mm((77.4, 74), (73, 60), (55, 31), (29, 14), (0, 13)), 12)
    uneven = 0.004
    lathe(
        [*wall, (78.9 * MM, 75.6 * MM), *inner],
        glaze,
        wave=lambda angle, height: 1 + uneven * sin(3 * angle + 20 * height),
    )
    lathe(rounded(mm((0, 0), (31, 0), (33, 3), (33, 13), (0, 13)), 1.5 * MM), m.clay("#7a5a42"))
    lip = [(78.8 * MM + x, 74.6 * MM + y) for x, y in arc((0, 0), 1.45 * MM, 0, 360, 20)]
    lathe(lip, m.ceramic("#8a6238", 0.25), wave=lambda angle, height: 1 + uneven * sin(3 * angle + 20 * height))


def flask() -> None:
    lathe(rounded(mm((0, 3), (35, 3), (36, 8), (36, 168), (27, 190), (0, 190)), 7 * MM), m.coated("#b5562f"))
    steel = m.metal("#c9cbcc", 0.22, (1, 1, 30))
    lathe(rounded(mm((0, 0), (34.4, 0), (35.4, 3.6), (0, 4)), 1 * MM), steel)
    lathe(rounded(mm((0, 189), (27, 189), (27, 198), (0, 198)), 0.8 * MM), steel)
    lathe(rounded(mm((0, 198), (27.5, 198), (27.5, 224), (0, 226)), 2.5 * MM), m.wood("#c79c68", "#97703f", along="x"))
    loop = spline3(mm3((-20, 0, 214), (-24, 0, 236), (0, 0, 250), (24, 0, 236), (20, 0, 214)), 12)
    pipe(loop, ellipse(2.4 * MM, 12 * MM, 32, 4), m.leather("#5b3a26"))
    art = Label(50, 30, None, "#f7ead9").text("nordlund", 12, 11.5, "bold").rule(20, 26, 0.5)
    art.text("KEEPS WARM 12 H", 25, 3.1, "sans", track=0.2)
    wrap(mm((36, 92), (36, 122)), 80, m.printed(art.save("flask"), 0.5, clear=True))


TABLE = (
    Product(
        "mug",
        "Stoneware mug, oat glaze",
        "mug",
        mug,
        Set("oak", wall="#c6c9c6", hdri="apartment", turn=20, above=18, orbit=-22),
    ),
    Product(
        "enamel-mug",
        "Holm & Fell enamel mug",
        "mug",
        enamel_mug,
        Set("walnut", wall="#a9a59c", hdri="lobby", turn=100, above=16, orbit=-14),
    ),
    Product(
        "teapot",
        "Fern green teapot with bamboo handle",
        "teapot",
        teapot,
        Set("paper", "#d2ccc2", hdri="apartment", turn=150, above=15, orbit=-12),
    ),
    Product(
        "bowl",
        "Reactive glaze bowl, lake blue",
        "bowl",
        bowl,
        Set("concrete", "#b9b2a6", wall="#c9c2b5", turn=70, above=26),
    ),
    Product(
        "flask",
        "Nordlund insulated flask, 500 ml",
        "flask",
        flask,
        Set("laminate", "#d6d5d1", wall="#b3b7b4", hdri="lobby", turn=220),
    ),
)
