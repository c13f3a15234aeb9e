"""Training runs: slices, cancelling, late attempts, and the version that is proposed in the end."""

import math
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.contracts import EngineError, ModelFiles, ProgressReport, TrainedModel, Trainer, TrainingExamples
from generation.contracts import TrainingProgress as Progress
from generation.engines.loading import load_reward_model
from generation.engines.runtime import Runtime
from generation.lifecycle import IllegalMove
from generation.modelfiles import folder_sha256
from generation.models import DatasetSnapshot, ModelVersion, TrainingRun
from generation.services.examples import SnapshotReader
from generation.services.releases import find_folder, model_files
from generation.services.sweeping import restart_silent_work
from generation.services.training import cancel_training, queue_training, run_slice, workspace_of
from generation.tasks.training import ready_trainer, train
from generation.tests.frozen import VARIANT, Frozen

# The heartbeat has a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def snapshot(cast: Cast, tmp_path: Path) -> DatasetSnapshot:
    (tmp_path / "rows").mkdir()
    return Frozen(cast, tmp_path / "rows", products=10).freeze()


@pytest.fixture
def run(cast: Cast, snapshot: DatasetSnapshot) -> TrainingRun:
    return queue(cast, snapshot)


def queue(cast: Cast, snapshot: DatasetSnapshot) -> TrainingRun:
    return queue_training(cast.ml_engineer, snapshot=snapshot, trainer="efficientnet-head", variant=VARIANT)


def posted(run: TrainingRun) -> int:
    return OutboxMessage.objects.filter(topic="training.queued", key=run.pk).count()


class Scripted:
    """A trainer whose progress is what the test says; it never has a model."""

    def __init__(self, act: Callable[[ProgressReport], None]) -> None:
        self._act = act

    def train(
        self, examples: TrainingExamples, *, workspace: Path, incumbent: ModelFiles | None, seconds: float,
        report: ProgressReport,
    ) -> TrainedModel | None:  # fmt: skip
        (workspace / "checkpoint").write_text("so far")
        self._act(report)
        return None


def scripted(act: Callable[[ProgressReport], None]) -> Callable[[str], Trainer]:
    return lambda key: Scripted(act)


def weights(version: ModelVersion) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(find_folder(version.folder).glob("*.safetensors")))


def test_slices_end_at_the_same_weights_as_one_unbroken_run(cast: Cast, snapshot: DatasetSnapshot) -> None:
    whole, sliced = queue(cast, snapshot), queue(cast, snapshot)
    assert run_slice(whole, ready_trainer, seconds=math.inf)
    slices = 0
    while sliced.state in ("queued", "running"):
        slices += 1
        assert run_slice(sliced, ready_trainer, seconds=0.01)
        assert posted(sliced) == slices + (sliced.state == "queued")
    assert slices > 2
    assert whole.state == sliced.state == "succeeded"
    assert whole.version and sliced.version
    assert weights(whole.version) == weights(sliced.version)
    assert whole.version.metrics["candidate"] == sliced.version.metrics["candidate"]


def test_success_proposes_a_version_that_can_score(run: TrainingRun, snapshot: DatasetSnapshot) -> None:
    train(run.pk)
    run.refresh_from_db()
    version = run.version
    assert version is not None
    assert (run.state, run.attempts, run.failure) == ("succeeded", 0, "")
    assert (version.state, version.kind, version.snapshot) == ("proposed", "reward", snapshot)
    assert version.metrics["candidate"]["pair_accuracy"] == 1.0
    assert [step for step, _loss in run.curve] == list(range(1, len(run.curve) + 1))
    assert run.curve[-1][1] < run.curve[0][1]
    assert run.note == "Done"
    assert run.steps_done == run.steps_total > 0
    assert folder_sha256(find_folder(version.folder)) == version.sha256
    model = load_reward_model(version.engine, model_files(version), Runtime())
    bright, dark = list(SnapshotReader(snapshot, VARIANT).candidates())[:2]
    scores = model.score([bright.subject, dark.subject])
    assert scores[0] > scores[1]
    assert not workspace_of(run).exists(), "the checkpoints of an ended run are gone"
    assert not list(Path(settings.MODELS_DIR).glob(".*")), "no draft is left"
    train(run.pk)
    assert ModelVersion.objects.count() == 1, "a message that comes twice does nothing"


def test_the_version_in_use_is_measured_on_the_same_examples(cast: Cast, snapshot: DatasetSnapshot) -> None:
    first = queue(cast, snapshot)
    train(first.pk)
    ModelVersion.objects.update(state="active")
    second = queue(cast, snapshot)
    train(second.pk)
    second.refresh_from_db()
    assert second.version is not None
    metrics = second.version.metrics
    assert metrics["incumbent"] == metrics["candidate"], "the same data trained both"
    assert ModelVersion.objects.get(state="active") != second.version, "nothing is activated by itself"


def test_a_slice_with_more_to_do_is_posted_with_its_progress(run: TrainingRun) -> None:
    def act(report: ProgressReport) -> None:
        report(Progress(3, 9, loss=0.5, note="Fitting"))
        report(Progress(4, 9, loss=0.4, note="Fitting"))

    assert run_slice(run, scripted(act))
    assert (run.state, run.attempt_token, posted(run)) == ("queued", None, 2)
    assert (run.steps_done, run.steps_total, run.note) == (4, 9, "Fitting")
    assert run.curve == [[1, 0.5], [2, 0.4]]
    assert (workspace_of(run) / "checkpoint").exists()
    assert run_slice(run, scripted(act))
    assert [step for step, _loss in run.curve] == [1, 2, 3, 4]


def test_a_cancelled_run_stops_at_its_next_report(run: TrainingRun) -> None:
    reached = []

    def act(report: ProgressReport) -> None:
        report(Progress(1, 9))
        cancel_training(TrainingRun.objects.get(pk=run.pk))
        report(Progress(2, 9, note="on and on"))
        reached.append(True)

    assert not run_slice(run, scripted(act))
    assert (run.state, reached, posted(run)) == ("cancelled", [], 1)
    assert run.ended_at is not None
    assert not workspace_of(run).exists()
    with pytest.raises(IllegalMove):
        cancel_training(run)


def test_a_late_attempt_loses_and_offers_no_version(run: TrainingRun) -> None:
    class Late:
        def train(self, examples: TrainingExamples, **options: object) -> TrainedModel | None:
            trained = ready_trainer("efficientnet-head").train(examples, **options)  # type: ignore[arg-type]
            TrainingRun.objects.filter(pk=run.pk).update(attempt_token=uuid.uuid4())
            return trained

    assert not run_slice(run, lambda key: Late())
    assert (run.state, run.version) == ("running", None)
    assert not ModelVersion.objects.exists()


def test_the_sweep_restarts_a_silent_run(run: TrainingRun) -> None:
    TrainingRun.objects.filter(pk=run.pk).update(
        state="running", attempt_token=uuid.uuid4(), attempts=1, heartbeat_at=timezone.now() - timedelta(seconds=61)
    )
    assert restart_silent_work(frozenset()) == 1
    assert posted(run) == 2
    run.refresh_from_db()
    assert run_slice(run, scripted(lambda report: None))


def test_examples_that_cannot_train_fail_at_once_with_the_reason(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    run = queue(cast, Frozen(cast, tmp_path / "rows", products=2, variant="outpainting").freeze())
    train(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == ("failed", "The snapshot holds no candidates.")
    assert not workspace_of(run).exists()


def test_a_fault_is_tried_three_times(run: TrainingRun) -> None:
    def act(report: ProgressReport) -> None:
        report(Progress(1, 9, loss=0.5))
        raise ConnectionError("storage is away")

    for attempt in range(1, 3):
        assert not run_slice(run, scripted(act))
        assert (run.state, run.attempts) == ("running", attempt)
    assert not run_slice(run, scripted(act))
    assert (run.state, run.failure) == ("failed", "ConnectionError: storage is away")
    assert [step for step, _loss in run.curve] == [1], "points of broken slices do not pile up"


def test_an_engine_that_is_not_there_fails_the_run(run: TrainingRun) -> None:
    def load(key: str) -> Trainer:
        raise EngineError(f"There is no engine {key}.", permanent=True)

    assert not run_slice(run, load)
    assert (run.state, run.failure) == ("failed", "There is no engine efficientnet-head.")


def test_the_command_trains_here_and_prints_the_comparison(
    cast: Cast, snapshot: DatasetSnapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("train_reward", snapshot=str(snapshot))
    shown = capsys.readouterr().out
    assert "Proposed: Trained on mugs@1 v1" in shown
    assert "pair_accuracy" in shown and "1.000" in shown
    run = TrainingRun.objects.get()
    assert (run.state, posted(run), run.created_by) == ("succeeded", 0, cast.ml_engineer)


def test_the_command_leaves_it_to_a_worker(snapshot: DatasetSnapshot, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("train_reward", snapshot="mugs", background=True)
    run = TrainingRun.objects.get()
    assert (run.state, posted(run), run.snapshot) == ("queued", 1, snapshot)
    with pytest.raises(CommandError, match="no snapshot mugs@7"):
        call_command("train_reward", snapshot="mugs@7")
