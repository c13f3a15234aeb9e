"""docker-compose.yml and Dockerfile as Compose and a builder would read them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)  # anchors and merges are resolved
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("canvas-review:")}
OTHERS = {name: service for name, service in SERVICES.items() if name not in OURS}
_REFERENCE = re.compile(r"([A-Z][A-Z0-9_]*)(?:(:[-?])(.*))?", re.DOTALL)


def resolved(value: Any, values: Mapping[str, str]) -> Any:
    """The value with every variable replaced: `${N}`, `${N:-default}`, `${N:?complaint}`, one in another, `$$`.

    Raises KeyError for a variable that is demanded, ValueError for a form Compose does not know.
    """
    if isinstance(value, dict):
        return {key: resolved(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, values) for one in value]
    return _resolved_text(value, values) if isinstance(value, str) else value


def _resolved_text(text: str, values: Mapping[str, str]) -> str:
    found, at = "", 0
    while at < len(text):
        if text.startswith("$$", at):
            found, at = found + "$", at + 2
        elif text.startswith("${", at):
            end = _closing_brace(text, at + 2)
            found, at = found + _looked_up(text[at + 2 : end], values), end + 1
        elif text[at] == "$":
            raise ValueError(f"a lone $ in {text!r}")
        else:
            found, at = found + text[at], at + 1
    return found


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    raise ValueError(f"no closing brace in {text!r}")


def _looked_up(reference: str, values: Mapping[str, str]) -> str:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"not a variable: {reference!r}")
    name, form, rest = match.groups()
    if values.get(name):
        return values[name]
    if form == ":-":
        return _resolved_text(rest, values)
    raise KeyError(name)


def seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


@dataclass
class Stage:
    name: str
    base: str
    lines: list[tuple[str, str]] = field(default_factory=list)

    def all_of(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.lines if name == instruction]


def stages(text: str) -> dict[str, Stage]:
    """The stages of a Dockerfile by their names, in their order."""
    found: list[Stage] = []
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in re.sub(r"\s*\\\n\s*", " ", lines).splitlines():
        instruction, _, rest = line.strip().partition(" ")
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(name, base))
        elif instruction:
            found[-1].lines.append((instruction, rest))
    return {stage.name: stage for stage in found}


STAGES = stages((ROOT / "Dockerfile").read_text())


def history(target: str) -> list[Stage]:
    """The stages that end up in the target's image, the first one first."""
    stage = STAGES[target]
    return [*(history(stage.base) if stage.base in STAGES else []), stage]


def in_image(target: str, instruction: str) -> list[str]:
    return [rest for stage in history(target) for rest in stage.all_of(instruction)]


def image_command(target: str) -> list[str]:
    command: list[str] = json.loads(in_image(target, "CMD")[-1])
    return command


def image_environment(target: str) -> dict[str, str]:
    pairs = [pair for line in in_image(target, "ENV") for pair in line.split()]
    return dict(pair.split("=", 1) for pair in pairs)
