"""The services of docker-compose.yml are safe for a broker and a database, and .env.example is complete."""

import ast
import re
import signal
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from django.conf import settings

from canvas_review.embedded.processes import spawn, stop
from canvas_review.embedded.startup import HOST, start_on_free_port
from canvas_review.embedded.valkey import _program

ROOT = Path(settings.BASE_DIR)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PASSWORD = "compose-password"


def compose_variables() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))


def variables_read_in(source: str) -> set[str]:
    """Names that code reads: `env.str("NAME", ...)` and its like, `os.environ["NAME"]`, `os.environ.get("NAME")`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            receiver = ast.unparse(node.func.value)
            is_read = receiver == "env" or (receiver == "os.environ" and node.func.attr == "get")
            found |= _text(node.args[0]) if is_read else set()
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            found |= _text(node.slice) if ast.unparse(node.value) == "os.environ" else set()
    return found


def _text(node: ast.expr) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def code_variables() -> set[str]:
    apps = ("canvas_review", "accounts", "delivery", "generation", "reviews")
    files = [path for app in apps for path in (ROOT / app).rglob("*.py") if "tests" not in path.parts]
    return {name for path in files for name in variables_read_in(path.read_text())}


def example_variables() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_example_lists_every_variable_that_is_read_and_no_other() -> None:
    known = code_variables() | compose_variables()
    assert example_variables() - known == set(), "nothing reads these"
    assert known - example_variables() == set(), "these are missing"


def test_the_manual_explains_every_variable() -> None:
    manual = (ROOT / "docs" / "running.md").read_text()
    cells = re.findall(r"^\| (`.+?) \|", manual, re.MULTILINE)
    explained = {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
    assert explained == example_variables()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_keeps_its_data_says_how_it_is_and_listens_here_only(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_a_lost_password_stops_the_start() -> None:
    variables = re.findall(r"(?<!\$)\$\{([^}]+)\}", (ROOT / "docker-compose.yml").read_text())
    assert variables
    assert all(":?" in variable for variable in variables)


def test_postgres_is_durable_and_has_room_for_every_process() -> None:
    command = SERVICES["postgres"]["command"]
    values = dict(setting.split("=", 1) for setting in command if "=" in setting)
    assert values["synchronous_commit"] == "on"
    assert int(values["max_connections"]) >= 150


def test_valkey_understands_its_command_and_never_forgets(tmp_path: Path) -> None:
    program, *flags = SERVICES["valkey"]["command"]
    assert program == "valkey-server"
    flags[-1] = PASSWORD
    log = tmp_path / "valkey.log"

    def client(port: int) -> "redis.Redis":
        return redis.Redis(host=HOST, port=port, password=PASSWORD, decode_responses=True)

    def answers(port: int) -> bool:
        try:
            return bool(client(port).ping())
        except redis.RedisError:
            return False

    process, port = start_on_free_port(
        "valkey",
        lambda port: spawn([_program(), *flags, "--bind", HOST, "--port", str(port)], log=log, cwd=tmp_path),
        answers,
        preferred=0,
        log=log,
        stop_signal=signal.SIGTERM,
    )
    try:
        with client(port) as valkey:
            found = valkey.config_get("*")
        assert {name: found[name] for name in ("appendonly", "maxmemory-policy", "save")} == {
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "save": "",
        }
    finally:
        stop(process, signal.SIGTERM, seconds=5)
