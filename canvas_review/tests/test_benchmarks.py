"""Every benchmark still runs and says what it promises to say; how fast things are is never asserted here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_DATABASE = ("generate", "guards")
WITH_DATABASE = ("decide", "pages", "screen", "claim", "imports", "queue", "reports", "desk")


def _bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def _check(line: str) -> str:
    result = json.loads(line)
    assert set(result) == {"name", "figures", "baseline", "ratio"}
    for part in ("figures", "baseline", "ratio"):
        assert result[part], part
        assert all(isinstance(value, int | float) and value >= 0 for value in result[part].values()), part
    assert all(value > 0 for value in result["ratio"].values())
    return str(result["name"])


# One run for those that need a database: migrating it takes longer than all of them.
@pytest.mark.parametrize("names", [WITHOUT_DATABASE, WITH_DATABASE], ids=["without a database", "with one"])
def test_each_benchmark_ends_with_a_line_of_json(names: tuple[str, ...]) -> None:
    done = _bench(*names, "--quick", "--json")
    assert done.returncode == 0, done.stderr[-4000:]
    assert [_check(line) for line in done.stdout.splitlines()] == list(names)


def test_help_names_every_benchmark_and_a_wrong_name_is_refused() -> None:
    help_text = _bench("--help").stdout
    assert all(name in help_text for name in (*WITHOUT_DATABASE, *WITH_DATABASE))
    wrong = _bench("speed")
    assert wrong.returncode == 2
    assert "there is no speed" in wrong.stderr


def test_every_module_with_a_measurement_is_offered() -> None:
    measuring = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if "def measure(" in path.read_text()}
    assert measuring == {*WITHOUT_DATABASE, *WITH_DATABASE}
