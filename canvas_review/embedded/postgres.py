"""The embedded PostgreSQL: made once, started and stopped with the launcher, survives a crash."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from canvas_review.embedded.postgres_home import PostgresHome
from canvas_review.embedded.processes import end_leftovers, processes_in, spawn, stop, tail, turn_over
from canvas_review.embedded.startup import HOST, StartError, start_on_free_port

ROLE = DATABASE = "canvas"
ADMIN = "postgres"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path may not be longer than 107 bytes; a port has no such limit
    "synchronous_commit": "on",
    "max_connections": "150",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
}
EPHEMERAL_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


@dataclass
class Postgres:
    home: PostgresHome
    admin_password: str
    password: str
    log: Path
    preferred_port: int = 54320
    ephemeral: bool = False
    label: str = "PostgreSQL"
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.password}@{HOST}:{self.preferred_port}/{DATABASE}"

    def start(self) -> None:
        """Bring it up, on the preferred port or the next free one, and make role and database if they are missing."""
        turn_over(self.log)
        self._clear_leftovers()
        if not self.home.cluster.exists():
            self._create_cluster()
        self.process, self.preferred_port = start_on_free_port(
            self.label,
            self._launch,
            self._answers,
            preferred=self.preferred_port,
            log=self.log,
            stop_signal=signal.SIGINT,
        )
        self._prepare_database()

    def stop(self) -> None:
        """SIGINT is PostgreSQL's fast shutdown: it breaks off sessions and writes a checkpoint."""
        if self.process is not None:
            stop(self.process, signal.SIGINT, seconds=20)
            self.process = None
            self._clear_leftovers()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _launch(self, port: int) -> "subprocess.Popen[bytes]":
        settings = SETTINGS | {"port": str(port)} | (EPHEMERAL_SETTINGS if self.ephemeral else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return spawn(
            [self.home.programs / "postgres", "-D", self.home.cluster, *options],
            log=self.log,
            env=_clean_environment(),
            cwd=self.home.folder,
            death_signal=signal.SIGINT,
            account=self.home.account,
        )

    def _answers(self, port: int) -> bool:
        try:
            with self._connect_as_admin(port):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StartError(
                    f"The data in {self.home.cluster} was made with another password than the one in secrets/. "
                    "Put the old secrets back, or begin anew with `make reset`."
                ) from error
            return False

    def _connect_as_admin(self, port: int) -> psycopg.Connection:
        return psycopg.connect(
            host=HOST,
            port=port,
            user=ADMIN,
            password=self.admin_password,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _prepare_database(self) -> None:
        with self._connect_as_admin(self.preferred_port) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                        sql.Identifier(ROLE), sql.Literal(self.password)
                    )
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
                )

    def _create_cluster(self) -> None:
        """Made under another name and renamed, so an interrupted start leaves no half-made cluster behind."""
        draft, password_file = self.home.folder / "cluster.new", self.home.folder / "password"
        shutil.rmtree(draft, ignore_errors=True)
        password_file.unlink(missing_ok=True)
        password_file.touch(0o600)
        password_file.write_text(self.admin_password)
        if self.home.account:
            os.chown(password_file, *self.home.account)
        command = [str(self.home.programs / "initdb"), "-D", str(draft), "-U", ADMIN, f"--pwfile={password_file}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        command += ["--no-sync"] if self.ephemeral else []
        try:
            code = spawn(
                command,
                log=self.log,
                env=_clean_environment(),
                cwd=self.home.folder,
                account=self.home.account,
            ).wait()
        finally:
            password_file.unlink()
        if code != 0:
            raise StartError(f"initdb failed ({code}). The end of {self.log}:\n{tail(self.log)}")
        draft.rename(self.home.cluster)

    def _clear_leftovers(self) -> None:
        """End servers that a killed launcher left, and drop a pid file whose number now belongs to somebody else.

        The caller holds the lock of the data folder, so nobody else may be using this cluster.
        """
        end_leftovers(processes_in(self.home.cluster, "postgres"), signal.SIGINT)
        (self.home.cluster / "postmaster.pid").unlink(missing_ok=True)


def _clean_environment() -> dict[str, str]:
    """Without the PG* variables of the terminal, which would change what the server does."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
