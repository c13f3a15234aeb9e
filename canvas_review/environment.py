"""Where settings come from: the process environment, then `.env`, then what the running launcher offers, then secrets
made once for a local installation."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

SERVICES_FILE = "services.env"
SERVICES_PID = "CANVAS_SERVICES_PID"
NEEDED_SECRETS = ("SECRET_KEY", "CANVAS_FILE_NAME_SECRET")
# Where the embedded services will be. Nobody answers there before `make run`, but type checks, `manage.py check` and
# the like load the settings without ever connecting.
LOCAL_SERVICES = {
    "DATABASE_URL": "postgresql://canvas@127.0.0.1:54320/canvas",
    "REDIS_URL": "redis://127.0.0.1:63790/0",
}


def load_environment(base_dir: Path) -> None:
    """Complete `os.environ`. A variable that is set and not empty stays, only that CANVAS_DATA_DIR becomes absolute.

    Raises ImproperlyConfigured in production (`CANVAS_ENV=production`) when a secret or an address is missing.
    """
    load_dotenv(base_dir)
    data_dir = data_folder(base_dir)
    os.environ["CANVAS_DATA_DIR"] = str(data_dir)  # settings, secrets and children must mean one folder
    _set_missing(running_services(data_dir))
    if is_production():
        _refuse_missing()
    _set_missing(LOCAL_SERVICES)
    for name in NEEDED_SECRETS:
        if not os.environ.get(name):
            os.environ[name] = stored_secret(data_dir, name)


def _refuse_missing() -> None:
    for name in LOCAL_SERVICES:
        if not os.environ.get(name):
            raise ImproperlyConfigured(
                f"{name} is not set. In production (CANVAS_ENV=production) set it in the environment or in .env, "
                f"for example {name}={LOCAL_SERVICES[name]}."
            )
    for name in NEEDED_SECRETS:
        if not os.environ.get(name):
            raise ImproperlyConfigured(
                f"{name} is not set. In production (CANVAS_ENV=production) set it in the environment or in .env to a "
                "random text of at least 50 characters, the same for every process, and keep it secret."
            )


def load_dotenv(base_dir: Path) -> None:
    """Read `.env` for variables that are not set yet."""
    path = base_dir / ".env"
    if path.is_file():
        environ.Env.read_env(path)


def is_production() -> bool:
    return os.environ.get("CANVAS_ENV", "local") == "production"


def data_folder(base_dir: Path) -> Path:
    """The folder for everything the installation keeps on disk; a relative CANVAS_DATA_DIR starts at the repository."""
    return (base_dir / (os.environ.get("CANVAS_DATA_DIR") or "var")).resolve()


def running_services(data_dir: Path) -> dict[str, str]:
    """Addresses of the embedded services, as long as the process that started them lives."""
    try:
        lines = (data_dir / SERVICES_FILE).read_text().splitlines()
    except OSError:
        return {}
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    pid = found.pop(SERVICES_PID, "")
    return found if pid.isdigit() and _is_alive(int(pid)) else {}


def stored_secret(data_dir: Path, name: str) -> str:
    """The secret of that name (64 URL-safe characters), made on the first call. Many processes may ask at once."""
    folder = data_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / name
    if not path.exists():
        _create_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _create_once(path: Path, text: str) -> None:
    # A link appears whole or not at all, so no process can read half a secret, and the first one wins.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _set_missing(values: dict[str, str]) -> None:
    for name, value in values.items():
        if not os.environ.get(name):
            os.environ[name] = value


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
