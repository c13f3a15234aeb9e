"""The folder of one training: whose it is, that only one process works in it, and where each stage keeps its files."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from generation.contracts import EngineError
from generation.engines.base_model.plan import AnyPlan
from generation.engines.trainers.feature_store import write_whole


class Workspace:
    def __init__(self, folder: Path, plan: AnyPlan, start_sha256: str = "") -> None:
        """Name the folder; `start_sha256` pins the model that training starts from. `held` touches it first."""
        self.folder = folder
        self._plan, self._start = plan, start_sha256

    def place(self, name: str) -> Path:
        return self.folder / name

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process. Raises EngineError when another has it, or when its plan is another."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it even for a killed process
            except OSError as error:
                message = f"Another training works in {self.folder}. Wait for it, or stop it."
                raise EngineError(message, permanent=False) from error
            self._claim()
            yield

    def _claim(self) -> None:
        path = self.folder / "plan.json"
        ours = {"sha256": self._plan.sha256, "start": self._start, "plan": asdict(self._plan)}
        if not path.exists():
            write_whole(path, json.dumps(ours, indent=2).encode())
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            theirs, name = (found["sha256"], found["start"]), found["plan"]["name"]
        except (ValueError, KeyError, TypeError) as error:
            raise EngineError(
                f"{path} cannot be read. Choose another workspace, or delete this one to begin anew.", permanent=True
            ) from error
        if theirs != (self._plan.sha256, self._start):
            raise EngineError(
                f"{self.folder} holds a training that was begun with another plan ({name}) or another model to start "
                "from. Choose another workspace, or delete this one to begin anew.",
                permanent=True,
            )
