"""The guards on honest candidates of the demonstration model: how near they come to each limit, and what each costs.

The figures of docs/decisions/0008-unsafe-text-halo-indistinct.md; run it anew before a limit is moved.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from benchmarks.measuring import Result, median, rounded, timed
from generation.contracts import GenerationJob, GuardSubject, ModelFiles
from generation.engines.loading import load_generator, load_guard
from generation.engines.runtime import Runtime
from generation.imaging.compositing import compose
from generation.imaging.encoding import decode, decode_mask
from generation.imaging.framing import shrink, shrink_mask
from generation.imaging.hashing import scene_hash
from generation.modelfiles import folder_sha256
from generation.variants import DEFAULT_VARIANT, VARIANTS, Limit

PROMPTS, CANDIDATES = 2, 3
DEMO = Path(settings.BASE_DIR) / "generation" / "demo"
VARIANT = VARIANTS[DEFAULT_VARIANT]


def measure(quick: bool) -> Result:
    products = json.loads((DEMO / "products.json").read_text(encoding="utf-8"))
    values: dict[str, list[float]] = defaultdict(list)
    cost: dict[str, list[float]] = defaultdict(list)
    painting: list[float] = []
    for number, (took, subjects) in enumerate(_requests(products[:2] if quick else products, 1 if quick else PROMPTS)):
        guards = {key: load_guard(key) for key in VARIANT.guards}
        for subject in subjects:
            for key, guard in guards.items():
                spent, found = timed(lambda: guard.measure(subject))  # noqa: B023 - called here
                for name, value in found.items():
                    values[name].append(value)
                if number:  # the first request loads the networks
                    cost[key].append(spent)
        painting.append(took / CANDIDATES)
    figures = {f"{name}_{word}": pick(found) for name, found in values.items() for word, pick in _PICKS.items()}
    figures |= {f"{limit.measure}_worst": _worst(limit, values[limit.measure]) for limit in VARIANT.limits}
    costs = {f"{key}_ms": median(spent) for key, spent in cost.items()}
    painted = median(painting[1:])
    return Result(
        name="guards",
        figures=rounded(figures | costs | {"candidates": len(values["seam_energy"])}),
        baseline=rounded({"painting_ms": painted}),
        ratio=rounded({"guards_to_painting": sum(costs.values()) / painted}),
    )


_PICKS: dict[str, Callable[[list[float]], float]] = {"min": min, "median": median, "max": max}


def _worst(limit: Limit, values: list[float]) -> float:
    """Return how much of the limit the worst candidate uses up; above 1 it is broken."""
    if not limit.threshold:
        return max(values)
    return max(values) / limit.threshold if limit.bound == "at_most" else limit.threshold / min(values)


def _requests(products: list[dict[str, str]], prompts: int) -> Iterator[tuple[float, list[GuardSubject]]]:
    """Paint CANDIDATES for each product and prompt, always the same ones; yields the milliseconds, too."""
    folder = Path(settings.SHIPPED_MODELS_DIR) / "demo-inpaint"
    engine = load_generator("diffusers-inpaint", ModelFiles("demo", folder, folder_sha256(folder)), Runtime())
    draw = random.Random(8)  # noqa: S311 - a repeatable choice, no secret
    for product in products * prompts:
        photo, mask = decode((DEMO / product["photo"]).read_bytes()), decode_mask((DEMO / product["mask"]).read_bytes())
        scene, *others = (draw.choice(list(part.phrases.values())) for part in VARIANT.prompt_parts)
        prompt = ", ".join(phrase for phrase in (f"a {product['category']} {scene}", *others) if phrase)
        seeds = tuple(draw.sample(range(10**6), CANDIDATES))
        job = GenerationJob(photo, mask, prompt, seeds, VARIANT.default_steps, VARIANT.default_guidance)
        subjects: list[GuardSubject] = []
        took, samples = timed(lambda: engine.generate(job, lambda done, total: None))  # noqa: B023 - called here
        for sample in samples:
            composed, full = compose(photo, mask, sample.image)
            shape = (sample.image.shape[0], sample.image.shape[1])
            subjects.append(
                GuardSubject(
                    source=photo,
                    mask=mask,
                    full=full,
                    small_source=shrink(photo, shape),
                    small_mask=shrink_mask(mask, shape),
                    raw=sample.image,
                    composed=composed,
                    sibling_hashes=tuple(scene_hash(other.composed, other.small_mask) for other in subjects),
                )
            )
        yield took, subjects
