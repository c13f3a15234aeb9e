"""docs/licences.md names everything that others made, and nothing that is gone."""

import json
import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "licences.md").read_text()
BUNDLED, PRODUCT, _DEVELOPMENT = (
    PAGE[PAGE.index(f"## {title}") :].split("\n## ")[0]
    for title in ("In this repository", "What the product needs", "What development needs")
)
DEVELOPMENT, NODE = _DEVELOPMENT.split("\nFrom `package.json`.")
OURS = {"README.md", "LICENCE.md", "LICENSE", "axe.LICENSE", "products.json"}


def rows(section: str) -> dict[str, str]:
    """What is bundled -> its licence: the first and the third column."""
    return dict(re.findall(r"^\| `([^`]+)` \| .*?\| (.*?) ?\|$", section, re.MULTILINE))


def packages(section: str) -> dict[str, str]:
    """A package -> its licence: the first and the second column."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.*?) \|.*\|$", section, re.MULTILINE))


def wanted(name: str) -> set[str]:
    if name == "package.json":
        return set(json.loads((ROOT / name).read_text())["devDependencies"])
    lines = (line.split("#", 1)[0].strip() for line in (ROOT / name).read_text().splitlines())
    return {canonicalize_name(Requirement(line).name) for line in lines if line}


@pytest.mark.parametrize(
    ("section", "source"),
    [(PRODUCT, "requirements.in"), (DEVELOPMENT, "requirements-dev.in"), (NODE, "package.json")],
    ids=["product", "development", "node"],
)
def test_every_direct_dependency_has_its_row_and_no_row_is_left_over(section: str, source: str) -> None:
    assert set(packages(section)) == wanted(source)


@pytest.mark.parametrize(("name", "licence"), packages(PRODUCT).items())
def test_a_licence_is_the_one_that_the_package_states(name: str, licence: str) -> None:
    about = distribution(name).metadata
    stated = about.get_all("License-Expression")
    if stated:
        assert [licence] == stated
        return
    words = " ".join(line for field in ("License", "Classifier") for line in about.get_all(field) or [])
    family = "UNKNOWN" if licence == "none in its metadata" else licence.split("-")[0]
    assert family in words


@pytest.mark.parametrize("folder", ["static/vendor", "canvas_review/tests/vendor", "generation/weights"])
def test_every_bundled_file_is_named_by_itself_or_by_its_folder(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.name not in OURS]
    names = [path.relative_to(ROOT).as_posix() for path in files]
    named = rows(BUNDLED)
    folders = tuple(name for name in named if name.endswith("/"))
    lost = [name for name in names if name not in named and not name.startswith(folders)]
    assert files
    assert lost == []


def test_every_demonstration_picture_has_a_licence_and_every_foreign_one_its_row() -> None:
    demo = ROOT / "generation" / "demo"
    entries = json.loads((demo / "products.json").read_text(encoding="utf-8"))
    licence_of = {entry[kind]: entry["licence"] for entry in entries for kind in ("photo", "mask")}
    assert {path.name for path in demo.iterdir()} - OURS == set(licence_of)
    foreign = {f"generation/demo/{name}": said.split()[0] for name, said in licence_of.items() if said != "Apache-2.0"}
    named = {name: said for name, said in rows(BUNDLED).items() if name.startswith("generation/demo/")}
    assert named == foreign


def test_no_row_outlives_its_file() -> None:
    assert [name for name in rows(BUNDLED) if not (ROOT / name).exists()] == []
    texts = re.findall(r"text(?:s)? in `([^`]+)`", BUNDLED)
    assert len(texts) == 3
    assert all((ROOT / text).is_file() for text in texts)
