"""Start-up checks: every key of a registry leads to a class, every variant names things that exist.

The modules are read, not imported: these checks run in every process, and a web process must never load a tensor
library.
"""

import ast
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from generation.registries import BY_RECTANGLE, GENERATORS, GUARDS, LESSONS, REWARD_MODELS, SEGMENTERS, TRAINERS, Entry
from generation.variants import VARIANTS, Variant
from generation.variants.defect_codes import DEFECT_CODES

_REGISTRIES: dict[str, dict[str, Entry]] = {
    "GENERATORS": GENERATORS,
    "GUARDS": GUARDS,
    "REWARD_MODELS": REWARD_MODELS,
    "TRAINERS": TRAINERS,
    "SEGMENTERS": SEGMENTERS,
    "LESSONS": LESSONS,
}


@register("engines")
def check_registries(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{registry}[{key!r}] leads nowhere: {path}", id="generation.E001")
        for registry, entries in _REGISTRIES.items()
        for key, (_label, path) in entries.items()
        if not is_class(path)
    ]


@register("engines")
def check_variants(**_: Any) -> list[CheckMessage]:
    return [error for variant in VARIANTS.values() for error in variant_errors(variant)]


@register("engines")
def check_segmenter(**_: Any) -> list[CheckMessage]:
    wanted, model = settings.SEGMENTER, settings.SEGMENTER_MODEL
    if not wanted:
        return []
    if wanted not in SEGMENTERS:
        known = ", ".join(SEGMENTERS)
        return [Error(f"SEGMENTER names an unknown segmenter: {wanted}. Known are {known}.", id="generation.E005")]
    if wanted != BY_RECTANGLE and not model:
        return [Error(f"SEGMENTER={wanted} needs SEGMENTER_MODEL, a folder of models.", id="generation.E006")]
    return []


def variant_errors(variant: Variant) -> Iterable[CheckMessage]:
    """Yield what a variant names that does not exist: guards, defect codes, measures that no guard of it takes."""
    for guard in variant.guards:
        if guard not in GUARDS:
            yield Error(f"{variant.key} names an unknown guard: {guard}", id="generation.E002")
    for code in variant.defect_codes:
        if code not in DEFECT_CODES:
            yield Error(f"{variant.key} names an unknown defect code: {code}", id="generation.E003")
    words = {word for guard in variant.guards if guard in GUARDS for word in _words(GUARDS[guard][1])}
    for limit in variant.limits:
        if limit.measure not in words:
            yield Error(f"No guard of {variant.key} measures {limit.measure}", id="generation.E004")


def is_class(path: str) -> bool:
    """Return whether `path` (module.Class) names a class that a module of ours defines."""
    tree = _tree(path)
    name = path.rpartition(".")[2]
    return tree is not None and any(isinstance(node, ast.ClassDef) and node.name == name for node in tree.body)


def _words(path: str) -> set[str]:
    """Return the texts in a guard's module, among them the names of its measures."""
    tree = _tree(path)
    nodes = ast.walk(tree) if tree is not None else ()
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _tree(path: str) -> ast.Module | None:
    try:
        spec = find_spec(path.rpartition(".")[0])
    except (ModuleNotFoundError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
