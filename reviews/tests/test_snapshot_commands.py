"""Freezing and exporting from the command line."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.tests.factories import Cast
from generation.models import DatasetSnapshot
from reviews.tests.judged_world import World


@pytest.fixture
def world(cast: Cast) -> World:
    world = World(cast)
    world.add_judged(3)
    return world


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    call_command(*words)
    return capsys.readouterr().out


def test_a_dry_run_counts_and_a_real_one_freezes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("freeze_snapshot", "--team", world.cast.team.slug, "--name", "mugs", "--format", "json")
    counted = json.loads(run(capsys, *words, "--dry-run"))
    assert not DatasetSnapshot.objects.exists()
    frozen = json.loads(run(capsys, *words))
    assert counted["counts"] == frozen["counts"]
    assert frozen["snapshot"] == "mugs@1"
    assert DatasetSnapshot.objects.get().created_by == world.cast.ml_engineer


def test_text_is_for_people(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("freeze_snapshot", "--team", world.cast.team.slug, "--name", "mugs", "--queue", world.queue.name)
    shown = run(capsys, *words)
    assert "mugs@1" in shown
    assert "pairs              3  (train 1, validation 1, test 1)" in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--name", "mugs", "--since", "2999-01-01"], "nothing to freeze"),
        (["--name", "no slug!"], "slug"),
        (["--name", "mugs", "--queue", "Nowhere"], "no queue Nowhere"),
        (["--name", "mugs", "--user", "nobody"], "no member nobody"),
    ],
)
def test_a_refusal_is_one_sentence(world: World, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("freeze_snapshot", "--team", world.cast.team.slug, *words)
    assert not DatasetSnapshot.objects.exists()


def test_an_export_lands_in_the_folder(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("freeze_snapshot", "--team", world.cast.team.slug, "--name", "mugs")
    out = tmp_path / "export"
    shown = run(capsys, "export_snapshot", "mugs@1", "--format", "pickapic-parquet/1", "--out", str(out))
    assert "mugs@1 as pickapic-parquet/1" in shown
    assert (out / "data" / "train-00000-of-00001.parquet").exists()
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_snapshot", "mugs@1", "--out", str(out))
    with pytest.raises(CommandError, match="no snapshot mugs@2"):
        call_command("export_snapshot", "mugs@2", "--out", str(tmp_path / "other"))
