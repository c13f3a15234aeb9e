"""Write requirements.txt and requirements-dev.txt: what is installed here, as exact versions of everything the two
.in files need. CUDA parts are left out, so that pip takes the ones a platform has; pip itself too."""

import re
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PLATFORM_PARTS = re.compile(r"^(nvidia-|cuda-|triton|pip$)")
HEAD = "# Made by `make lock` from {source}; edit that one.\n"


def wanted(source: Path) -> list[Requirement]:
    lines = (line.split("#", 1)[0].strip() for line in source.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def closure(roots: list[Requirement]) -> dict[str, str]:
    """Name -> version of the roots and all they need on this platform."""
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(root, extra) for root in roots for extra in ("", *root.extras)]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, extra) in seen or PLATFORM_PARTS.match(name):
            continue
        seen.add((name, extra))
        found = distribution(name)
        versions[name] = found.version.split("+", 1)[0]
        for line in found.requires or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed, part) for part in ("", *needed.extras)]
    return versions


def main() -> None:
    product = closure(wanted(ROOT / "requirements.in"))
    development = closure(wanted(ROOT / "requirements-dev.in"))
    rest = {name: version for name, version in development.items() if name not in product}
    for target, pins, first in (
        ("requirements", product, ""),
        ("requirements-dev", rest, "-r requirements.txt\n"),
    ):
        text = "".join(f"{name}=={pins[name]}\n" for name in sorted(pins))
        (ROOT / f"{target}.txt").write_text(HEAD.format(source=f"{target}.in") + first + text)


if __name__ == "__main__":
    main()
