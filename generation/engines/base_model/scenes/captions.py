"""A scene in the words a prompt would use: `a mug on a wooden table, terracotta wall, plant, soft light`."""

from generation.engines.base_model.scenes.canvas import Random
from generation.engines.base_model.scenes.facts import Facts
from generation.engines.base_model.scenes.words import WALL_NAMES

_TABLES = {"wooden": ("wooden table", "wooden table", "wood table"), "plain": ("plain table", "plain table", "table")}


def caption(facts: Facts) -> str:
    """Return the caption. Everything in it is in the scene; a colour may go by another of its names."""
    random = facts.random("caption")
    wall = str(random.choice(WALL_NAMES.get(facts.wall, (facts.wall,))))
    if facts.surface:
        table = str(random.choice(_TABLES.get(facts.surface, (f"{facts.surface} table",))))
        phrases = [f"{wall} {facts.wall_style} wall" if facts.wall_style else f"{wall} wall"]
    else:
        table, phrases = "seamless floor", [f"{wall} backdrop"]
    phrases += facts.effects
    phrases += [prop.kind for prop in facts.props]
    if facts.podium:
        phrases.append("podium")
    phrases.append(f"{facts.light} light")
    return ", ".join([f"a {facts.product.kind} on a {table}", *phrases])


def shortened(text: str, random: Random) -> str:
    """Return a caption with its phrases in another order and a quarter of them left out; what it shows stays first.

    People neither name everything nor keep an order.
    """
    first, *rest = text.split(", ")
    kept = [phrase for phrase in random.permutation(rest).tolist() if random.random() < 0.75]
    return ", ".join([first, *kept])
