"""The manual does not promise what is not there: links, commands, options, make targets, files and process lines."""

import re
import shlex
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from canvas_review.launch.programs import Program, all_programs

ROOT = Path(settings.BASE_DIR)
SKIPPED = {".venv", "var", "staticfiles", ".git", ".hypothesis", ".pytest_cache", "node_modules"}
PAGES = sorted(path for path in ROOT.rglob("*.md") if not SKIPPED & set(path.relative_to(ROOT).parts))
MANUAL = [path for path in PAGES if path.parent == ROOT or "docs" in path.relative_to(ROOT).parts]
HOUSE = (
    "canvas_review", "accounts", "delivery", "generation", "reviews", "static", "templates", "docs", "benchmarks",
    "studio",
)  # fmt: skip
MADE = ("generation/engines/guards/exposure.py", "reviews/views/backlog.py")
"""Worked examples, which are not in the repository."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_in(text: str) -> list[str]:
    """Everything set as code: fenced and indented blocks line by line, and what stands between backticks."""
    text = re.sub(r"\s*\\\n\s*", " ", text)  # a line that goes on in the next
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4,}(\S.*)$", rest, re.MULTILINE)
    return [line for block in fenced for line in block.splitlines()] + indented + re.findall(r"`([^`\n]+)`", rest)


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        place, _hash, anchor = target.partition("#")
        path = (page.parent / place).resolve() if place else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", MANUAL, ids=name_of)
def test_every_command_exists_with_its_options(page: Path) -> None:
    known = get_commands()
    wrong = []
    for code in code_in(page.read_text()):
        for name, rest in re.findall(r"manage\.py ([a-z_]+)([^|;]*)", code):
            if name not in known:
                wrong.append(f"manage.py {name}")
                continue
            app = known[name]
            command = app if not isinstance(app, str) else load_command_class(app, name)
            offered = set(command.create_parser("manage.py", name)._option_string_actions)
            asked = {word.partition("=")[0] for word in shlex.split(rest, comments=True) if word.startswith("--")}
            wrong += [f"manage.py {name} {option}" for option in sorted(asked - offered)]
    assert wrong == []


@pytest.mark.parametrize("page", MANUAL, ids=name_of)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = {target for code in code_in(page.read_text()) for target in re.findall(r"^make ([a-z-]+)", code)}
    assert asked - targets == set()


@pytest.mark.parametrize("page", MANUAL, ids=name_of)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = {code for code in code_in(page.read_text()) if re.fullmatch(rf"({'|'.join(HOUSE)})/[\w./-]*", code)}
    missing = [name for name in named if "NAME" not in name and name not in MADE and not (ROOT / name).exists()]
    assert sorted(missing) == []


@pytest.mark.parametrize("program", all_programs(ROOT, Path("var"), "127.0.0.1", 8000), ids=lambda one: one.label)
def test_the_processes_are_those_that_make_run_starts(program: Program) -> None:
    words = ["python" if word == sys.executable else word.removeprefix(f"{ROOT}/") for word in program.command]
    assert f"| {program.label} | `{' '.join(words)}` |" in (ROOT / "docs" / "running.md").read_text()


def test_commands_and_links_are_found_at_all() -> None:
    text = "[a](b.md#c) `make run`\n\n    manage.py migrate \\\n        --check\n\n```sh\nmanage.py nothing\n```\n"
    assert set(code_in(text)) == {"make run", "manage.py migrate --check", "manage.py nothing"}
