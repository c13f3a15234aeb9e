"""Both services as one: start what is not configured, publish the addresses, stop."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from canvas_review.embedded.folders import DataLock, prepare
from canvas_review.embedded.postgres import Postgres
from canvas_review.embedded.postgres_home import find_home
from canvas_review.embedded.valkey import Valkey
from canvas_review.environment import SERVICES_FILE, SERVICES_PID, stored_secret

Service = Postgres | Valkey


class DataFolderBusyError(RuntimeError):
    """Another process already runs the services of this data folder."""


def missing_services(data_dir: Path, *, ephemeral: bool = False) -> dict[str, Service]:
    """The services that the environment does not name, by their variable, not started yet."""
    wanted: dict[str, Service] = {}
    if not os.environ.get("DATABASE_URL"):
        wanted["DATABASE_URL"] = Postgres(
            home=find_home(data_dir),
            admin_password=stored_secret(data_dir, "POSTGRES_ADMIN_PASSWORD"),
            password=stored_secret(data_dir, "POSTGRES_PASSWORD"),
            log=data_dir / "log" / "postgres.log",
            preferred_port=0 if ephemeral else Postgres.preferred_port,
            ephemeral=ephemeral,
        )
    if not os.environ.get("REDIS_URL"):
        wanted["REDIS_URL"] = Valkey(
            folder=data_dir / "valkey",
            password=stored_secret(data_dir, "VALKEY_PASSWORD"),
            log=data_dir / "log" / "valkey.log",
            preferred_port=0 if ephemeral else Valkey.preferred_port,
            ephemeral=ephemeral,
        )
    return wanted


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Hold the data folder. Raises DataFolderBusyError."""
    prepare(data_dir)
    lock = DataLock(data_dir)
    if not lock.acquire():
        raise DataFolderBusyError(f"Another process runs the services of {data_dir}.")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def running(
    data_dir: Path, *, ephemeral: bool = False, start: Callable[[Service], None] = lambda service: service.start()
) -> Iterator[dict[str, Service]]:
    """Run the missing services and offer their addresses in the environment and in services.env.

    The caller holds the data folder (`locked`). `start` may wrap the start to report it.
    """
    services = missing_services(data_dir, ephemeral=ephemeral)
    offer = data_dir / SERVICES_FILE
    try:
        for service in services.values():
            start(service)
        addresses = {variable: service.url for variable, service in services.items()}
        _write_private(offer, addresses | {SERVICES_PID: str(os.getpid())})
        os.environ.update(addresses)
        yield services
    finally:
        offer.unlink(missing_ok=True)
        for variable, service in reversed(services.items()):
            os.environ.pop(variable, None)
            service.stop()


def _write_private(path: Path, values: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    draft.replace(path)
