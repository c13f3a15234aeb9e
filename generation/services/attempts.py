"""One worker's try at one stage: who holds it, how far it is, and what follows when it stops half-way.

The database is the truth. An attempt owns its row as long as the row carries the attempt's token; whoever takes the
token away (the sweep, a cancellation) has stopped it, and everything it still wants to write is refused.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from delivery import outbox
from delivery.services import notices
from generation.contracts import EngineError
from generation.lifecycle import IllegalMove, move
from generation.models import BulkImport, GenerationRequest, MaskProposal, TrainingRun
from generation.models.attempts import MAX_ATTEMPTS, Attempted

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
RETRY_DELAY = timedelta(seconds=5)
_WELL_ENDED = ("succeeded", "ready")
FAILED = "failed"  # the same word in every lifecycle that has attempts


@dataclass(frozen=True)
class Stage:
    """Work of one kind: the `state` it is done in, the `topic` that starts it, the states in which it waits for that.

    A row waits when it has no token; one whose attempt was closed waits in the working state itself. With `told_as`
    whoever asked for it gets a notice when it has ended, which leads to `page`.
    """

    model: type[Attempted]
    state: str
    topic: str
    waits_in: tuple[str, ...]
    told_as: str = ""
    page: Callable[[Any], str] | None = None

    def rows(self) -> QuerySet[Any]:
        """All of its kind, with the fields that every kind has beside those of Attempted: state and created_at."""
        return self.model._default_manager.all()


_R = GenerationRequest.State
PRODUCING = Stage(GenerationRequest, _R.GENERATING, "request.opened", (_R.QUEUED, _R.GENERATING))
SCREENING = Stage(GenerationRequest, _R.SCREENING, "request.generated", (_R.SCREENING,))
SCORING = Stage(GenerationRequest, _R.SCORING, "request.screened", (_R.SCORING,))
TRAINING = Stage(
    TrainingRun, TrainingRun.State.RUNNING, "training.queued", (TrainingRun.State.QUEUED, TrainingRun.State.RUNNING),
    "training", lambda run: reverse("generation:training_run", args=[run.pk]),
)  # fmt: skip
IMPORTING = Stage(
    BulkImport, BulkImport.State.RUNNING, "import.queued", (BulkImport.State.QUEUED, BulkImport.State.RUNNING),
    "import", lambda bulk: reverse("generation:import", args=[bulk.pk]),
)  # fmt: skip
PROPOSING = Stage(
    MaskProposal, MaskProposal.State.RUNNING, "mask.asked", (MaskProposal.State.QUEUED, MaskProposal.State.RUNNING)
)
STAGES = (PRODUCING, SCREENING, SCORING, TRAINING, PROPOSING, IMPORTING)


class AttemptLost(Exception):
    """Another attempt took over, or the work was cancelled: stop, and write nothing more."""


class Attempt:
    """Holds one row by its token. As a context manager it keeps the heartbeat going, however long a step takes.

    The heartbeat is a thread of its own with a connection of its own: a step on a slow machine, or loading a large
    model, may take longer than the silence after which the sweep would start the work again.
    """

    def __init__(self, instance: Attempted, stage: Stage, token: uuid.UUID) -> None:
        self.instance = instance
        self.stage = stage
        self.token = token
        self._steps: tuple[int, int] | None = None
        self._stopped = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._keep_alive, name=f"heartbeat-{instance.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)

    def report(self, done: int, total: int) -> None:
        """Remember the progress (the heartbeat writes it); a `contracts.StepReport`. Raises AttemptLost."""
        self._steps = (done, total)
        self.check()

    def check(self) -> None:
        """Raise AttemptLost when the last heartbeat found the row in other hands."""
        if self._lost.is_set():
            raise AttemptLost

    def beat(self) -> bool:
        """Write heartbeat and progress; returns whether the row is still this attempt's."""
        values: dict[str, Any] = {"heartbeat_at": Now()}
        if self._steps is not None:
            values["steps_done"], values["steps_total"] = self._steps
        rows = self.stage.rows().filter(pk=self.instance.pk, state=self.stage.state, attempt_token=self.token)
        return bool(rows.update(**values))

    def record(self, **values: Any) -> None:
        """Write `values` on the row while it is held. Raises AttemptLost."""
        rows = self.stage.rows().filter(pk=self.instance.pk, attempt_token=self.token)
        if not rows.update(**values):
            raise AttemptLost
        for name, value in values.items():
            setattr(self.instance, name, value)

    def finish(self, target: str, **values: Any) -> None:
        """Move the row on and let go of it; call it inside the transaction that stores the results.

        Raises AttemptLost, which must roll that transaction back.
        """
        values = {"attempt_token": None, "heartbeat_at": Now(), "attempts": 0} | values
        try:
            with transaction.atomic():
                move(self.instance, target, only_if={"attempt_token": self.token}, **values)
                if target in _WELL_ENDED:
                    _tell(self.instance, self.stage, "finished")
        except IllegalMove as error:
            raise AttemptLost from error

    def _keep_alive(self) -> None:
        try:
            while not self._stopped.wait(HEARTBEAT_SECONDS):
                try:
                    if not self.beat():
                        self._lost.set()
                        return
                except DatabaseFault as fault:
                    # The database may be back in a moment; if it is not, the last transaction decides.
                    logger.warning("no heartbeat for %s %s: %s", self.stage.topic, self.instance.pk, fault)
                    connection.close()
        finally:
            connection.close()


def begin_attempt(instance: Attempted, stage: Stage) -> Attempt:
    """Take the row for one attempt. Raises IllegalMove when it is held, over, or in another stage."""
    token = uuid.uuid4()
    only_if = {"attempt_token": None, "state__in": stage.waits_in, "attempts__lt": MAX_ATTEMPTS}
    waiting = stage.rows().filter(pk=instance.pk, **only_if).values_list("state", flat=True)
    state = waiting.first()
    if state is None:
        raise IllegalMove(instance, stage.state)
    move(
        instance, stage.state, only_if={"attempt_token": None, "state": state}, attempt_token=token,
        heartbeat_at=Now(), attempts=F("attempts") + 1, steps_done=0, steps_total=0,
    )  # fmt: skip
    return Attempt(instance, stage, token)


def run_attempt(instance: Attempted, stage: Stage, work: Callable[[Attempt], None]) -> bool:
    """Try `work` once and return whether it was finished.

    A message that comes twice, or too late, does nothing. A permanent EngineError fails the row at once; any other
    error closes the attempt and posts the stage again, until MAX_ATTEMPTS are used up.
    """
    try:
        attempt = begin_attempt(instance, stage)
    except IllegalMove as refusal:
        logger.info("nothing to do: %s", refusal)
        return False
    try:
        with attempt:
            work(attempt)
    except AttemptLost:
        logger.info("stopped: %s %s is in other hands", stage.topic, instance.pk)
        return False
    except EngineError as error:
        logger.warning("%s %s: %s", stage.topic, instance.pk, error)
        close_attempt(instance, stage, attempt.token, reason=str(error), final=error.permanent)
        return False
    except Exception as error:
        logger.exception("%s %s broke", stage.topic, instance.pk)
        close_attempt(instance, stage, attempt.token, reason=f"{type(error).__name__}: {error}"[:500])
        return False
    return True


def close_attempt(
    instance: Attempted, stage: Stage, token: uuid.UUID | None, *, reason: str, final: bool = False,
    delay: timedelta = RETRY_DELAY,
) -> None:  # fmt: skip
    """Take the token away and post the stage again after `delay`; with no attempt left, or `final`, fail the row.

    Does nothing when the row is no longer held by `token`.
    """
    mine = {"state": stage.state, "attempt_token": token}
    with transaction.atomic():
        again = stage.rows().filter(pk=instance.pk, attempts__lt=MAX_ATTEMPTS, **mine)
        if not final and again.update(attempt_token=None, heartbeat_at=Now()):
            outbox.post(stage.topic, instance.pk, delay=delay)
            return
        ended = {"ended_at": Now()} if hasattr(stage.model, "ended_at") else {}
        with suppress(IllegalMove):
            move(instance, FAILED, only_if=mine, attempt_token=None, failure=reason, **ended)
            _tell(instance, stage, "failed")


def _tell(instance: Any, stage: Stage, how: str) -> None:
    """Tell whoever asked for it, in the transaction that ended it."""
    if stage.told_as and stage.page:
        name, path = str(instance)[:120], stage.page(instance)
        notices.tell([instance.created_by], f"{stage.told_as}.{how}", str(instance.pk), {"name": name}, path)
