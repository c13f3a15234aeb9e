"""What others made is what its list says, byte for byte."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
LISTED = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (VENDOR / "README.md").read_text(), re.MULTILINE))


def test_every_part_has_its_listed_hash() -> None:
    assert LISTED
    assert {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in LISTED} == LISTED


def test_every_script_is_listed() -> None:
    scripts = [*VENDOR.rglob("*.js"), *(ROOT / "canvas_review" / "tests" / "vendor").rglob("*.js")]
    assert {str(path.relative_to(ROOT)) for path in scripts} == set(LISTED)
