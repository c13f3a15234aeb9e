"""The embedded PostgreSQL and Valkey: they start anywhere, keep what they were given, and leave nothing behind."""

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from canvas_review.embedded.folders import DataLock, delete_data, ephemeral_folder
from canvas_review.embedded.postgres import Postgres
from canvas_review.embedded.postgres_home import find_home
from canvas_review.embedded.processes import processes_in, spawn, stop
from canvas_review.embedded.services import DataFolderBusyError, locked, missing_services, running
from canvas_review.embedded.valkey import PROGRAM, Valkey

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder in a place that PostgreSQL's account can reach, and no configured servers."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with ephemeral_folder() as folder:
        yield folder


def _durable(data_dir: Path) -> tuple[Postgres, Valkey]:
    services = missing_services(data_dir)
    postgres, valkey = services["DATABASE_URL"], services["REDIS_URL"]
    assert isinstance(postgres, Postgres)
    assert isinstance(valkey, Valkey)
    return postgres, valkey


def _kill(service: Postgres | Valkey) -> None:
    assert service.process is not None
    service.process.kill()
    service.process.wait()


def test_what_was_acknowledged_survives_a_kill_of_both_servers(data_dir: Path) -> None:
    postgres, valkey = _durable(data_dir)
    try:
        postgres.start()
        valkey.start()
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('cup')")
        redis.from_url(valkey.url).set("kept", "cup")
        _kill(postgres)
        _kill(valkey)
        postgres.start()
        valkey.start()
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("cup",)]
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert redis.from_url(valkey.url).get("kept") == b"cup"
        assert redis.from_url(valkey.url).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        valkey.stop()
        postgres.stop()
    assert not processes_in(data_dir / "postgres" / "cluster", "postgres")


def test_strangers_are_refused_by_both_servers(data_dir: Path) -> None:
    with locked(data_dir), running(data_dir, ephemeral=True) as services:
        postgres, valkey = services["DATABASE_URL"], services["REDIS_URL"]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url.replace(f":{postgres.password}@", ":guess@"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=valkey.preferred_port).ping()
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT usesuper FROM pg_user WHERE usename = user").fetchone() == (False,)
        assert stat.S_IMODE((data_dir / "services.env").stat().st_mode) == 0o600
    assert "DATABASE_URL" not in os.environ
    assert not (data_dir / "services.env").exists()


def test_a_taken_port_and_a_stale_pid_file_do_not_stop_the_start(data_dir: Path) -> None:
    postgres, valkey = _durable(data_dir)
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        postgres.preferred_port, valkey.preferred_port = first.getsockname()[1], second.getsockname()[1]
        try:
            postgres.start()
            _kill(postgres)
            # After a restart of the machine the number may belong to any other process of the same account.
            bystander = spawn(["sleep", "60"], log=data_dir / "log" / "sleep.log", account=postgres.home.account)
            stale = postgres.home.cluster / "postmaster.pid"
            lines = stale.read_text().splitlines()
            stale.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
            postgres.start()
            valkey.start()
            assert postgres.preferred_port != first.getsockname()[1]
            assert valkey.preferred_port != second.getsockname()[1]
            psycopg.connect(postgres.url).close()
            assert bystander.poll() is None
            stop(bystander, signal.SIGTERM, seconds=5)
        finally:
            valkey.stop()
            postgres.stop()


def test_one_data_folder_serves_one_process(data_dir: Path) -> None:
    with locked(data_dir):
        with pytest.raises(DataFolderBusyError), locked(data_dir):
            pass
        assert DataLock(data_dir).holder() == os.getpid()
    assert DataLock(data_dir).holder() is None


def test_only_our_own_folders_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="not a data folder"):
        delete_data(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def _exec(*command: str) -> "subprocess.Popen[str]":
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "CANVAS_DATA_DIR"}}
    launcher = [sys.executable, "-m", "canvas_review.embedded", "exec", "--ephemeral", "--", *command]
    return subprocess.Popen(launcher, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_exec_hands_the_services_and_the_exit_code_through() -> None:
    process = _exec("sh", "-c", 'echo "$DATABASE_URL $REDIS_URL $CANVAS_DATA_DIR"; exit 7')
    output, _ = process.communicate(timeout=30)
    database, broker, folder = output.split()
    assert process.returncode == 7
    assert database.startswith("postgresql://canvas:")
    assert broker.startswith("redis://:")
    assert not Path(folder).exists()


def test_a_killed_exec_leaves_no_process_and_its_folder_is_swept_later() -> None:
    process = _exec("sh", "-c", "echo $CANVAS_DATA_DIR; sleep 60")
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while processes_in(folder / "postgres" / "cluster", "postgres") or processes_in(folder / "valkey", PROGRAM):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.utime(folder / ".canvas-review", (0, 0))
    with ephemeral_folder():
        assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give PostgreSQL another account")
def test_root_never_opens_a_private_folder_of_its_own_for_postgres(data_dir: Path) -> None:
    data_dir.chmod(0o711)
    with tempfile.TemporaryDirectory() as private:  # 0700
        hidden = Path(private).resolve() / "var"
        home = find_home(hidden, state_folder=data_dir / "state")
        assert home.account is not None
        assert home.account[0] != 0
        assert hidden not in home.folder.parents
        assert stat.S_IMODE(Path(private).stat().st_mode) == 0o700
        postgres = Postgres(home, "admin-secret", "secret", data_dir / "log" / "moved.log", 0, ephemeral=True)
        try:
            postgres.start()
            psycopg.connect(postgres.url).close()
        finally:
            postgres.stop()
