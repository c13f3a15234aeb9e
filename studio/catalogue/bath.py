"""From the bathroom shelf: glass, plastic, metal caps and paper labels."""

from studio import materials as m
from studio.labels import Label
from studio.profiles import ellipse, mm, mm3, rounded, spline, spline3
from studio.shapes import box, lathe, pipe, sheet, skin, wrap
from studio.shoot import Product
from studio.stage import Set

MM = 0.001


def serum() -> None:
    outside = rounded(mm((0, 0), (17, 0), (17, 47), (9.5, 58), (9.5, 62), (8, 62)), 4 * MM)
    inside = rounded(mm((8, 62), (7.5, 57), (15.4, 46), (15.4, 2.5), (0, 2.5)), 3 * MM)
    lathe(outside + inside, m.glass("#b5651d"))
    lathe(rounded(mm((0, 2.4), (15.5, 2.4), (15.5, 40), (0, 40)), 2 * MM), m.liquid("#c98a3c"))
    lathe(rounded(mm((0, 60), (11, 60), (11, 75), (0, 75)), 0.8 * MM), m.metal("#d8b36a", 0.2))
    bulb = spline(mm((0, 75), (7, 75.2), (7, 80), (6.3, 88), (6.4, 97), (5, 102), (2.6, 104), (0, 104.4)), 8)
    lathe(bulb, m.plastic("#1b1a1a", 0.5))
    lathe(mm((0, 8), (2.2, 10), (2.6, 62)), m.glass())
    art = Label(44, 26, "#f3eee4").frame(1.2)
    art.text("ALDERMOOR", 8, 4.4, "bold", track=0.1).rule(12, 14).text("night serum", 16, 4.4, "italic")
    art.text("30 ml  1.0 fl oz", 21.5, 2.3, "sans", track=0.1)
    wrap(mm((17, 11), (17, 37)), 150, m.printed(art.save("serum")))


def perfume() -> None:
    box((62 * MM, 30 * MM, 70 * MM), 5 * MM, m.glass("#fbf3f1"), (0, 0, 35 * MM))
    box((50 * MM, 19 * MM, 50 * MM), 3 * MM, m.liquid("#d98a8f"), (0, 0, 35.5 * MM))
    lathe(rounded(mm((0, 69.5), (10, 69.5), (10, 77), (0, 77)), 0.6 * MM), m.metal("#d9b777", 0.16))
    box((27 * MM, 27 * MM, 30 * MM), 2.5 * MM, m.enamel("#151314"), (0, 0, 91 * MM))
    art = Label(44, 24, None, "#fbeee9").text("Vesperelle", 9, 8, "serif")
    art.text("EAU DE PARFUM", 17.5, 2.8, "bold", track=0.25)
    sheet(44 * MM, 24 * MM, m.printed(art.save("perfume"), clear=True), (0, -15.2 * MM, 36 * MM))


def cream_jar() -> None:
    lathe(rounded(mm((0, 0), (33, 0), (35, 6), (35, 31), (31, 33), (0, 33)), 3 * MM), m.ceramic("#efe9e1", 0.28))
    lathe(rounded(mm((0, 34), (35.5, 34), (35.5, 53), (0, 53)), 1.6 * MM), m.metal("#c98a6a", 0.24, (1, 1, 40)))
    art = Label(62, 20, None, "#6d4a3b").text("HALVORSE", 7, 5.6, "sans", track=0.3)
    art.text("barrier cream with oat", 13, 3.6, "italic").text("50 ml", 17.4, 2.2, "light", track=0.1)
    wrap(mm((35, 8), (35, 28)), 102, m.printed(art.save("cream-jar"), 0.3, clear=True))


def pump_bottle() -> None:
    body = rounded(mm((0, 0), (33, 0), (33, 128), (14, 142), (14, 148), (0, 148)), 9 * MM)
    lathe(body, m.plastic("#8fa596", 0.42))
    black = m.plastic("#222120", 0.32)
    ridge = rounded(mm((0, 147), (16.5, 147), (16.5, 163), (9, 165), (0, 165)), 1.2 * MM)
    lathe(ridge, black)
    lathe(rounded(mm((0, 164), (4, 164), (4, 180), (0, 180)), 0.4 * MM), black)
    lathe(rounded(mm((0, 178), (11, 178), (12, 190), (0, 192)), 2.5 * MM), black)
    nozzle = spline3(mm3((0, 0, 186), (-24, 0, 187), (-40, 0, 184), (-45, 0, 176)), 8)
    pipe(nozzle, ellipse(9 * MM, 9 * MM, 32), black, scales=(1.0, 0.9, 0.75, 0.6))
    art = Label(74, 84, "#f4f1ea", "#33423a")
    art.text("OSMARE", 16, 10, "bold", track=0.12).rule(25, 40, 0.4).text("body lotion", 33, 7, "italic")
    art.leaf(37, 62, 20).leaf(37, 62, 17, 0.5).leaf(37, 62, 17, -0.5)
    art.text("SEA SALT & SAGE", 70, 3.6, "sans", track=0.2).text("400 ml  13.5 fl oz", 77, 3.0, "light", track=0.08)
    wrap(mm((33, 22), (33, 106)), 128, m.printed(art.save("pump-bottle")))


def hand_tube() -> None:
    lathe(rounded(mm((0, 0), (17, 0), (18.5, 24), (0, 25)), 1.2 * MM), m.metal("#d4b07c", 0.3))
    rings = []
    for z, width, depth, power in (
        (25, 35, 35, 2),
        (28, 40, 39, 2),
        (60, 46, 35, 2),
        (100, 53, 23, 2),
        (132, 57, 8, 2.2),
        (140, 58, 1.6, 3),
        (152, 58, 1.4, 3),
    ):
        rings.append((z, width, depth, power))
    smooth = [spline([(z, row[part]) for z, *row in rings], 8) for part in range(3)]
    outlines = [
        [(x * MM, y * MM, width[0] * MM) for x, y in ellipse(width[1], max(depth[1], 1.4), 120, max(power[1], 2.0))]
        for width, depth, power in zip(*smooth, strict=True)
    ]
    art = Label(124, 127, "#e8b9a5", "#5a2d25")
    art.block((0, 0, 124, 13), "#d9a18b").text("FERNLEY", 48, 9, "bold", track=0.1).text("& Rowe", 58, 9, "italic")
    art.rule(66, 20, 0.4).text("hand cream", 72, 6, "italic").text("ALMOND & FIG", 80, 3.2, "sans", track=0.2)
    art.leaf(62, 36, 16).leaf(62, 36, 13, 0.55).leaf(62, 36, 13, -0.55).text("75 ml", 104, 3.4, "light", track=0.1)
    skin(outlines, m.printed(art.save("hand-tube"), 0.38), caps=(True, True))


BATH = (
    Product(
        "serum",
        "Aldermoor night serum, 30 ml",
        "bottle",
        serum,
        Set("paper", "#cfc8bd", turn=40),
    ),
    Product(
        "perfume",
        "Vesperelle eau de parfum, 50 ml",
        "bottle",
        perfume,
        Set("laminate", "#c2bcb8", wall="#b9aaa3", hdri="apartment", turn=40, orbit=14),
    ),
    Product(
        "cream-jar",
        "Halvorse barrier cream, 50 ml",
        "jar",
        cream_jar,
        Set("concrete", "#a9a49d", wall="#c4beb4", hdri="apartment", turn=120, above=16),
    ),
    Product(
        "pump-bottle",
        "Osmare body lotion, 400 ml",
        "bottle",
        pump_bottle,
        Set("laminate", "#dcdad5", wall="#b8c0ba", hdri="lobby", turn=20, key_side=1.0),
    ),
    Product(
        "hand-tube",
        "Fernley & Rowe hand cream, 75 ml",
        "tube",
        hand_tube,
        Set("paper", "#c9cdd0", turn=90, orbit=-10),
    ),
)
