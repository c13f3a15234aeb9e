"""docker-compose.yml runs the processes of `make run` on safe services, and .env.example is complete."""

import ast
import importlib.util
import re
import signal
from functools import cache
from pathlib import Path
from typing import Any

import environ
import pytest
import redis
from django.conf import settings

from canvas_review import probe
from canvas_review.embedded.processes import spawn, stop
from canvas_review.embedded.startup import HOST, start_on_free_port
from canvas_review.embedded.valkey import _program
from canvas_review.launch.programs import WORKER_STOP_SECONDS, Program, all_programs
from canvas_review.launch.session import PREPARATION_LIMITS
from canvas_review.tests.containers import (
    COMPOSE,
    COMPOSE_TEXT,
    OTHERS,
    OURS,
    ROOT,
    SERVICES,
    STAGES,
    image_command,
    image_environment,
    in_image,
    resolved,
    seconds,
)

PASSWORD = "compose-password"
DEMANDED = ("SECRET_KEY", "CANVAS_FILE_NAME_SECRET", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")
GIVEN = {name: f"given-{name.lower()}" for name in DEMANDED}
FILLED: dict[str, dict[str, Any]] = resolved(SERVICES, GIVEN)
# What differs in a container: where the code and the data are, and that its port is published by the engine.
CODE, DATA, BIND, PORT = Path("/app"), Path("/data"), "0.0.0.0", 8000  # noqa: S104 - compared, not bound
PROGRAMS = {program.label: program for program in all_programs(CODE, DATA, BIND, PORT)}
# What the health checks of other people's images may use.
TOOLS = {
    "postgres": {"pg_isready"},
    "valkey/valkey": {"valkey-cli", "grep"},
    "chrislusf/seaweedfs": {"wget"},
}
# Of no use in a container, or set for the graphics card alone.
NOT_HANDED_ON = {
    "DEBUG", "CANVAS_HOST", "CANVAS_PORT", "CANVAS_POSTGRES_USER", "CANVAS_MODELS_DIR", "CANVAS_DEVICE", "CANVAS_DTYPE",
}  # fmt: skip


def compose_variables() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE_TEXT))


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


@cache
def code_variables() -> set[str]:
    apps = ("canvas_review", "accounts", "delivery", "generation", "reviews")
    files = [path for app in apps for path in (ROOT / app).rglob("*.py") if "tests" not in path.parts]
    return {name for path in files for name in variables_read_in(path.read_text())}


def example_variables() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def command_of(name: str) -> list[str]:
    command: list[str] = FILLED[name].get("command") or image_command(FILLED[name]["build"]["target"])
    return command


def test_the_example_lists_every_variable_that_is_read_and_no_other() -> None:
    known = code_variables() | compose_variables()
    assert example_variables() - known == set(), "nothing reads these"
    assert known - example_variables() == set(), "these are missing"


def test_the_manual_explains_every_variable() -> None:
    manual = (ROOT / "docs" / "running.md").read_text()
    cells = re.findall(r"^\| (`.+?) \|", manual, re.MULTILINE)
    explained = {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
    assert explained == example_variables()


@pytest.mark.parametrize("name", DEMANDED)
def test_a_lost_secret_stops_the_start(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        resolved(SERVICES, {other: value for other, value in GIVEN.items() if other != name})


@pytest.mark.parametrize("name", OURS)
def test_every_setting_reaches_every_process(name: str) -> None:
    environment = FILLED[name]["environment"]
    assert code_variables() - NOT_HANDED_ON <= set(environment)
    assert {key for key, value in environment.items() if value is None} <= example_variables()
    assert environment["CANVAS_ENV"] == "production"
    assert environment["CANVAS_DATA_DIR"] == str(DATA)


@pytest.mark.parametrize("name", OURS)
def test_addresses_lead_to_the_services_unless_others_are_given(name: str) -> None:
    environment = FILLED[name]["environment"]
    database = environ.Env.db_url_config(environment["DATABASE_URL"])
    postgres = FILLED["postgres"]["environment"]
    assert (database["HOST"], database["NAME"], database["USER"], database["PASSWORD"]) == (
        "postgres", postgres["POSTGRES_DB"], postgres["POSTGRES_USER"], postgres["POSTGRES_PASSWORD"],
    )  # fmt: skip
    assert environment["REDIS_URL"] == f"redis://:{GIVEN['VALKEY_PASSWORD']}@valkey:6379/0"
    elsewhere = resolved(SERVICES[name]["environment"], {**GIVEN, "DATABASE_URL": "postgres://b/c", "REDIS_URL": "r"})
    assert (elsewhere["DATABASE_URL"], elsewhere["REDIS_URL"]) == ("postgres://b/c", "r")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.label)
def test_a_process_is_started_and_stopped_as_make_run_does_it(program: Program) -> None:
    service = FILLED[program.label]
    assert command_of(program.label) == ["python", *program.command[1:]]
    assert service.get("stop_signal", "SIGTERM") == signal.Signals(program.stop_signal).name
    assert seconds(service["stop_grace_period"]) > program.stop_seconds
    assert service["restart"] == "unless-stopped"
    target = service["build"]["target"]
    assert in_image(target, "WORKDIR") == [str(CODE)]
    assert image_environment(target)["CANVAS_DATA_DIR"] == str(DATA)


def test_there_is_no_process_of_ours_that_make_run_does_not_know() -> None:
    assert set(OURS) == {*PROGRAMS, "migrate"}


def test_workers_have_longer_than_a_running_task_gets() -> None:
    assert WORKER_STOP_SECONDS > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_migrations_run_once_before_everything_else_with_the_limits_of_make_run() -> None:
    migrate = FILLED["migrate"]
    assert migrate["command"] == ["python", str(CODE / "manage.py"), "migrate", "--noinput"]
    assert {name: migrate["environment"][name] for name in PREPARATION_LIMITS} == PREPARATION_LIMITS
    assert migrate["restart"] == "no"
    for name in PROGRAMS:
        assert FILLED[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_become_healthy(name: str) -> None:
    for other, need in SERVICES[name].get("depends_on", {}).items():
        is_optional = bool(SERVICES[other].get("profiles"))
        assert need.get("required", True) is not is_optional
        if need["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_has_few_rights_and_an_image_that_can_be_built(name: str) -> None:
    service = FILLED[name]
    target = service["build"]["target"]
    assert service["image"] == f"canvas-review:{target}"
    assert target in STAGES
    assert set(service["build"]["args"]) == set(in_image(f"builder-{target}", "ARG"))
    assert service["build"]["context"] == "."
    assert "user" not in service
    assert "privileged" not in service
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert service["volumes"] == [f"canvas-data:{DATA}"]


@pytest.mark.parametrize("name", sorted(set(PROGRAMS) - {"web"}))
def test_the_health_of_a_process_is_asked_with_a_program_of_its_image(name: str) -> None:
    kind, python, flag, module, label = FILLED[name]["healthcheck"]["test"]
    assert (kind, python, flag, label) == ("CMD", "python", "-m", name)
    assert module == probe.__name__
    assert importlib.util.find_spec(module) is not None
    assert f"{module.partition('.')[0]}/ {module.partition('.')[0]}/" in in_image("cpu", "COPY")


def test_only_the_painting_worker_takes_a_card() -> None:
    (device,) = FILLED["worker-gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    assert FILLED["worker-gpu"]["environment"]["CANVAS_DEVICE"] == "cuda"
    assert [name for name in SERVICES if "deploy" in SERVICES[name]] == ["worker-gpu"]
    assert [name for name in OURS if OURS[name]["build"]["target"] == "cuda"] == ["worker-gpu"]


@pytest.mark.parametrize("name", OTHERS)
def test_a_service_of_others_is_pinned_keeps_its_data_and_listens_here_only(name: str) -> None:
    service = FILLED[name]
    image, _, tag = service["image"].partition(":")
    assert re.match(r"\d", tag)
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    kind, *words = service["healthcheck"]["test"]
    used = {part.split()[0] for part in words[0].split("|")} if kind == "CMD-SHELL" else {words[0]}
    assert used <= TOOLS[image]


def test_pages_are_published_for_a_proxy_on_this_host_only() -> None:
    assert FILLED["web"]["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]


def test_the_bucket_is_the_one_the_settings_would_use_and_wants_its_keys() -> None:
    given = {**GIVEN, "S3_BUCKET": "pictures", "S3_ACCESS_KEY": "name", "S3_SECRET_KEY": "word"}
    service = resolved(SERVICES["seaweedfs"], given)
    assert service["profiles"] == ["s3"]
    assert "-bucket=pictures" in service["command"]
    assert service["environment"] == {"AWS_ACCESS_KEY_ID": "name", "AWS_SECRET_ACCESS_KEY": "word"}
    guard = service["entrypoint"][2]
    assert all(f"${{{name}:?" in guard for name in service["environment"])
    example = (ROOT / ".env.example").read_text()
    port = service["ports"][0].rpartition(":")[2]
    assert f"http://seaweedfs:{port}" in example
    assert f"127.0.0.1:{port}/" in service["healthcheck"]["test"][-1]


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
