"""From the pantry: filled glass, printed tins, a can, a carton and a coffee bag."""

from math import sin

from studio import materials as m
from studio.labels import Label
from studio.profiles import ellipse, mm, rounded, spline
from studio.shapes import box, lathe, sheet, skin, wrap
from studio.shoot import Product
from studio.stage import Set

MM = 0.001


def olive_oil() -> None:
    outside = rounded(mm((0, 0), (33, 0), (33, 148), (14, 190), (13, 240), (15, 241), (15, 250), (11, 250)), 8 * MM)
    inside = rounded(mm((11, 250), (10.5, 240), (11, 190), (30, 146), (30, 5), (0, 5)), 7 * MM)
    lathe(outside + inside, m.glass("#8aa650"))
    lathe(rounded(mm((0, 4.8), (30.2, 4.8), (30.2, 146), (12, 184), (0, 184)), 6 * MM), m.liquid("#b5ab38"))
    lathe(rounded(mm((0, 214), (15.4, 214), (15.6, 262), (0, 263)), 1.5 * MM), m.coated("#1c1c1a", 0.4))
    art = Label(92, 96, "#efe8d6", "#2f3a1d").frame(3, 0.5, "#a5873f")
    art.leaf(46, 36, 17).leaf(46, 36, 14, 0.6).leaf(46, 36, 14, -0.6).disc(40, 37, 2.6).disc(52, 37, 2.6)
    art.text("Casa Mirello", 52, 9.5, "serif").rule(61, 40, 0.4, "#a5873f")
    art.text("extra virgin olive oil", 68, 7.5, "italic").text("FIRST COLD PRESSING", 78, 3.4, "bold", track=0.18)
    art.text("500 ml", 86, 3.6, "sans", track=0.1)
    wrap(mm((33, 24), (33, 120)), 160, m.printed(art.save("olive-oil")))


def honey_jar() -> None:
    outside = rounded(mm((0, 0), (36, 0), (38, 10), (38, 70), (31, 82), (31, 88), (29, 88)), 6 * MM)
    inside = rounded(mm((29, 88), (28.5, 81), (35.4, 69), (35.4, 10), (33, 5), (0, 5)), 5 * MM)
    lathe(outside + inside, m.glass())
    lathe(
        rounded(mm((0, 4.8), (33, 4.8), (35.6, 10), (35.6, 69), (30, 76), (0, 76)), 5 * MM), m.liquid("#d98512", 0.15)
    )
    lid = m.metal("#d9b25f", 0.2)
    lathe(
        rounded(mm((0, 82), (33.5, 82), (33.5, 96), (31, 98), (0, 98)), 1.2 * MM), lid,
        wave=lambda angle, height: 1 + (0.006 * sin(60 * angle) if 0.084 < height < 0.0945 else 0),
    )  # fmt: skip
    art = Label(80, 40, "#fbf6ea", "#4a3413")
    art.block((0, 0, 80, 3), "#e0a526").block((0, 37, 80, 40), "#e0a526")
    art.text("LINNEBEE", 14, 9.5, "fat", track=0.06).text("wildflower honey", 23, 6, "italic")
    art.text("SUMMER HARVEST   340 g", 31, 2.9, "bold", track=0.12)
    wrap(mm((38, 18), (38, 58)), 120, m.printed(art.save("honey-jar")))


def tea_tin() -> None:
    art = Label(232, 92, "#17352f", "#e8d6a4")
    for x in range(4, 232, 8):
        art.leaf(x, 11, 8, 0.2, "#23493f").leaf(x, 90, 8, -0.2, "#23493f")
    art.block((0, 14, 232, 14.6)).block((0, 78, 232, 78.6))
    art.disc(116, 46, 26, "#efe4c6").disc(116, 46, 24, "#17352f", 0.5)
    art.text("GREYMOSS", 42, 7.4, "serif", ink="#17352f").text("smoked black tea", 50, 5.4, "italic", ink="#17352f")
    art.text("No. 7", 60, 5, "fat", ink="#a5532e").leaf(116, 36, 10, 0.0, "#17352f")
    lathe(rounded(mm((36, 4), (37, 5), (37, 94), (36.5, 96)), 0.5 * MM), m.printed(art.save("tea-tin"), 0.3, 0.35))
    brass = m.metal("#cfa85c", 0.25, (1, 1, 30))
    lathe(rounded(mm((0, 0), (37.5, 0), (37.5, 5), (36, 5)), 0.8 * MM), brass)
    lathe(rounded(mm((36.5, 92), (38.2, 92), (38.2, 114), (36, 116.5), (30, 117), (0, 117)), 1.2 * MM), brass)


def drinks_can() -> None:
    art = Label(207, 100, "#d9482b", "#fff3df")
    for ray in range(14):
        turn = ray * 0.4488
        tip = (103.5 + 27 * sin(turn), 38 - 27 * sin(turn + 1.5708))
        left = (103.5 + 17 * sin(turn - 0.16), 38 - 17 * sin(turn + 1.41))
        right = (103.5 + 17 * sin(turn + 0.16), 38 - 17 * sin(turn + 1.73))
        art.shape([left, tip, right], "#f7b733")
    art.disc(103.5, 38, 15.5, "#f7b733").disc(103.5, 38, 12.5, "#fff3df").text("fizz", 37, 10, "fat", ink="#d9482b")
    art.text("PAMELINE", 74, 11, "bold", track=0.08).text("blood orange soda", 84, 6.8, "italic")
    art.text("330 ml", 93, 3.6, "sans", track=0.12)
    lathe(rounded(mm((28, 4), (33, 11), (33, 105), (27, 116)), 4 * MM), m.printed(art.save("drinks-can"), 0.24, 0.55))
    bare = m.metal("#d5d7d8", 0.2)
    lathe(rounded(mm((0, 5), (22, 3), (24, 0.3), (26, 0.3), (28.2, 4)), 1 * MM), bare)
    lathe(
        rounded(mm((27, 115.8), (26, 118), (27.2, 119), (27.2, 121.5), (25.4, 121.5), (24.6, 117), (0, 117)), 0.5 * MM),
        bare,
    )
    box((14 * MM, 22 * MM, 1.2 * MM), 0.5 * MM, bare, (0, 3 * MM, 119 * MM))


def tea_carton() -> None:
    front = Label(74, 118, "#f0b48a", "#5a2140")
    front.disc(50, 50, 11, "#fbe3c4")
    for base, tops, ink in (
        (70, (58, 46, 62, 52), "#d9785a"),
        (84, (74, 64, 76, 66), "#a8465a"),
        (96, (90, 82, 92, 80), "#5a2140"),
    ):
        ridge = [
            (0.0, 118.0),
            (0.0, float(base)),
            *((9.0 + 19 * n, float(top)) for n, top in enumerate(tops)),
            (74.0, base - 6.0),
            (74.0, 118.0),
        ]
        front.shape(ridge, ink)
    front.text("RUSKA", 16, 17, "fat", track=0.04).text("rooibos & ginger", 29, 8, "italic")
    front.text("20 TEA BAGS   40 g", 110, 3.6, "bold", track=0.14, ink="#fbe3c4")
    side = Label(48, 118, "#5a2140", "#fbe3c4").text("RUSKA", 14, 9, "fat").rule(22, 26, 0.4)
    for row, words in enumerate(("Pour on fresh water,", "wait six minutes,", "add a slice of lemon.")):
        side.text(words, 32 + 6 * row, 4.2, "light")
    for row in range(9):
        side.block((9, 66 + 3.4 * row, 39 - (row * 7) % 11, 66.9 + 3.4 * row), "#a8788f")
    bars = [(1 + (n * 7) % 3 * 0.4, 9 + n * 1.5) for n in range(19)]
    side.block((7, 98, 41, 113), "#fbe3c4")
    for thick, x in bars:
        side.block((x, 100, x + thick * 0.6, 111), "#2a1020")
    top = Label(74, 48, "#5a2140", "#fbe3c4").text("RUSKA", 24, 13, "fat", track=0.04)
    box((75 * MM, 49 * MM, 119 * MM), 0.6 * MM, m.plastic("#5a2140", 0.55), (0, 0, 59.5 * MM), 3)
    sheet(74 * MM, 118 * MM, m.printed(front.save("carton-front"), 0.45), (0, -24.65 * MM, 59.5 * MM))
    sheet(48 * MM, 118 * MM, m.printed(side.save("carton-side"), 0.45), (37.65 * MM, 0, 59.5 * MM), (90, 0, 90))
    sheet(74 * MM, 48 * MM, m.printed(top.save("carton-top"), 0.45), (0, 0, 119.15 * MM), (0, 0, 0))


def coffee_bag() -> None:
    art = Label(330, 205, "#23211f", "#f1e6d2")
    art.block((0, 0, 330, 17), "#1b1918")
    art.block((122, 62, 208, 172), "#f1e6d2").block((122, 62, 208, 72), "#d0692f")
    art.text("KORVAL", 88, 17, "bold", track=0.1, ink="#23211f").text(
        "coffee roasters", 101, 7.5, "italic", ink="#23211f"
    )
    art.rule(110, 60, 0.5, "#23211f").text("HIGHLAND BLEND", 118, 5, "bold", track=0.16, ink="#d0692f")
    for row, words in enumerate(("cocoa, plum, hazelnut", "whole bean")):
        art.text(words, 130 + 7 * row, 4.6, "mono", ink="#23211f")
    for dot in range(5):
        art.disc(149 + 8 * dot, 151, 2.4, "#d0692f" if dot < 3 else "#c9bda8")
    art.text("250 g", 164, 5, "bold", track=0.1, ink="#23211f").disc(165, 38, 6, "#3a3734").disc(165, 38, 2, "#151413")
    rows = (
        (0, 92, 58, 4),
        (4, 98, 64, 3.4),
        (40, 103, 66, 2.6),
        (90, 106, 56, 2.3),
        (140, 110, 36, 2.2),
        (172, 113, 12, 2.2),
        (184, 114, 2.4, 3),
        (205, 114, 2, 3),
    )
    levels = [spline([(float(z), float(row[part])) for z, *row in rows], 10) for part in range(3)]
    rings = []
    for width, depth, power in zip(*levels, strict=True):
        z = width[0]
        dent = 1.6 * sin(z / 13) * max(0.0, 1 - abs(z - 110) / 90)
        outline = ellipse(width[1], max(depth[1], 2.0), 160, max(power[1], 2.0))
        rings.append(
            [((x + 0.4 * dent * sin(y)) * MM, (y + dent * sin(x / 17 + z / 31)) * MM, z * MM) for x, y in outline]
        )
    skin(rings, m.printed(art.save("coffee-bag"), 0.42), caps=(True, True))


PANTRY = (
    Product(
        "olive-oil",
        "Casa Mirello olive oil, 500 ml",
        "bottle",
        olive_oil,
        Set("oak", wall="#cfc8ba", hdri="apartment", turn=60),
    ),
    Product(
        "honey-jar",
        "Linnebee wildflower honey, 340 g",
        "jar",
        honey_jar,
        Set("laminate", "#cbb9a0", wall="#d5cdbf", hdri="lobby", turn=140),
    ),
    Product(
        "tea-tin",
        "Greymoss smoked black tea, 100 g",
        "tin",
        tea_tin,
        Set("paper", "#c4bfb6", turn=10, above=15),
    ),
    Product(
        "drinks-can",
        "Pameline blood orange soda, 330 ml",
        "can",
        drinks_can,
        Set("laminate", "#c9cdd0", wall="#aab4bb", turn=60, above=14),
    ),
    Product(
        "tea-carton",
        "Ruska rooibos and ginger, 20 bags",
        "box",
        tea_carton,
        Set("paper", "#d8d2c8", hdri="lobby", orbit=26, above=16),
    ),
    Product(
        "coffee-bag",
        "Korval highland coffee, 250 g",
        "bag",
        coffee_bag,
        Set("concrete", "#98938c", wall="#b5b0a8", hdri="apartment", turn=200, key_side=1.0, orbit=8),
    ),
)
