"""The data folder: its private parts, the lock of whoever runs services on it, and throw-away folders for tests."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from canvas_review.embedded.postgres_home import STATE_FOLDER, moved_folder

MARK = ".canvas-review"
EPHEMERAL_PREFIX = "canvas-review-"
ABANDONED_SECONDS = 1800.0  # on a busy machine a folder may be without its lock for minutes, between two launchers


def prepare(data_dir: Path) -> None:
    """Make the folders that the launcher writes to. Nobody else may look into them."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / MARK).touch()
    for name in ("log", "run", "secrets"):
        folder = data_dir / name
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)


class DataLock:
    """Held by the one process that runs services on a data folder; the kernel frees it when that process dies."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "run" / "lock"
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """False if another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The process that holds it now."""
        if not self.path.exists() or self.acquire():
            self.release()
            return None
        text = self.path.read_text()
        return int(text) if text.isdigit() else None


def delete_data(data_dir: Path) -> None:
    """Delete a data folder with everything in it. Raises ValueError if it isn't one of ours."""
    if not (data_dir / MARK).exists():
        raise ValueError(f"{data_dir} is not a data folder of Canvas Review; nothing was deleted.")
    moved = moved_folder(data_dir)
    if STATE_FOLDER in moved.parents and moved.exists():
        shutil.rmtree(moved.parent)
    shutil.rmtree(data_dir)


@contextmanager
def ephemeral_folder() -> Iterator[Path]:
    """A data folder that is deleted afterwards. Also deletes those that killed runs left behind."""
    base = Path(tempfile.gettempdir())
    for leftover in base.glob(f"{EPHEMERAL_PREFIX}*"):
        _delete_abandoned(leftover)
    data_dir = Path(tempfile.mkdtemp(prefix=EPHEMERAL_PREFIX, dir=base)).resolve()
    try:
        prepare(data_dir)
        yield data_dir
    finally:
        # A server that was told to stop may still be removing its files.
        with suppress(OSError):
            delete_data(data_dir)
        shutil.rmtree(data_dir, ignore_errors=True)


def _delete_abandoned(folder: Path) -> None:
    with suppress(OSError):
        is_old = time.time() - (folder / MARK).stat().st_mtime > ABANDONED_SECONDS
        if is_old and DataLock(folder).holder() is None:
            delete_data(folder)
