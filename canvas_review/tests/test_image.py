"""The Dockerfile can be built as far as a reader can tell, and what comes out is small in what it may do."""

import json
import re

import pytest

from canvas_review.launch.programs import all_programs
from canvas_review.tests.containers import (
    OURS,
    ROOT,
    STAGES,
    history,
    image_command,
    image_environment,
    in_image,
    stages,
)

TARGETS = ("cpu", "cuda")
SECRETS = ("SECRET_KEY", "CANVAS_FILE_NAME_SECRET", "DATABASE_URL", "REDIS_URL")


def copied() -> list[str]:
    """What is taken from the repository, by any stage."""
    lines = [rest.split() for stage in STAGES.values() for rest in stage.all_of("COPY") if "--from" not in rest]
    return [source for *sources, _target in lines for source in sources]


def test_every_stage_begins_with_an_earlier_one_or_with_an_image_of_a_known_version() -> None:
    known: set[str] = set()
    for name, stage in STAGES.items():
        assert stage.base in known or re.fullmatch(r"[a-z/]+:\d[\w.-]*", stage.base), stage.base
        sources = re.findall(r"--from=(\S+)", " ".join(stage.all_of("COPY")))
        assert set(sources) <= known
        known.add(name)


def test_the_interpreter_is_the_one_the_project_asks_for() -> None:
    wanted = re.search(r'requires-python = ">=(3\.\d+),', (ROOT / "pyproject.toml").read_text())
    outside = {stage.base for stage in STAGES.values() if stage.base not in STAGES}
    assert wanted is not None
    assert outside == {f"python:{wanted[1]}-slim-bookworm"}


def test_everything_that_is_copied_is_there_and_nothing_else_reaches_the_builder() -> None:
    ignored, *allowed = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert ignored == "*"
    assert {line.removeprefix("!") for line in allowed if line.startswith("!")} == set(copied())
    assert all((ROOT / source).exists() for source in copied())
    assert {"**/tests/", "**/__pycache__/"} == {line for line in allowed if not line.startswith("!")}


def test_every_app_that_is_installed_is_copied() -> None:
    from django.conf import settings

    ours = {app.partition(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.partition(".")[0]).is_dir()}
    assert {f"{app}/" for app in ours} <= set(copied())


@pytest.mark.parametrize("target", TARGETS)
def test_it_runs_as_nobody_special_and_builds_nothing(target: str) -> None:
    assert in_image(target, "USER") == ["canvas"]
    instruction, _rest = STAGES[target].lines[-1]
    assert instruction == "USER", "what comes after is done by the account"
    commands = " ".join(in_image(target, "RUN"))
    assert "useradd --uid 10001" in commands
    assert not re.search(r"\b(apt|apt-get|pip|gcc|make|curl)\b", commands)


@pytest.mark.parametrize("target", TARGETS)
def test_no_secret_stays_in_the_image(target: str) -> None:
    kept = " ".join([*in_image(target, "ENV"), *in_image(target, "ARG")])
    assert not any(secret in kept for secret in SECRETS)
    (collecting,) = [line for line in in_image(target, "RUN") if "collectstatic" in line]
    given = dict(re.findall(r"([A-Z_]+)=(\S+)", collecting))
    assert set(given) == set(SECRETS)
    assert all("unused" in value for value in given.values())


@pytest.mark.parametrize("target", TARGETS)
def test_its_command_is_the_web_server_of_make_run(target: str) -> None:
    everywhere = "0.0.0.0"  # noqa: S104 - compared, not bound
    (web,) = [one for one in all_programs(ROOT, ROOT / "var", everywhere, 8000) if one.label == "web"]
    assert image_command(target) == ["python", *web.command[1:]]
    assert in_image(target, "EXPOSE") == ["8000"]


@pytest.mark.parametrize("target", TARGETS)
def test_its_health_check_asks_the_web_server(target: str) -> None:
    (check,) = in_image(target, "HEALTHCHECK")
    assert json.loads(check.partition("CMD ")[2]) == ["python", "-m", "canvas_review.probe", "web"]


@pytest.mark.parametrize("target", TARGETS)
def test_the_account_owns_the_data_folder_and_the_one_of_beat(target: str) -> None:
    data = image_environment(target)["CANVAS_DATA_DIR"]
    commands = " ".join(in_image(target, "RUN"))
    made = re.search(r"install --directory --owner=canvas --group=canvas --mode=0700 (.+)", commands)
    schedule = OURS["beat"]["command"][OURS["beat"]["command"].index("--schedule") + 1]
    assert made is not None
    assert {data, schedule.rpartition("/")[0]} <= set(made[1].split())


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_takes_the_environment_that_was_built_for_it(target: str) -> None:
    assert f"--from=builder-{target} /venv /venv" in STAGES[target].all_of("COPY")
    assert image_environment(target)["PATH"].startswith("/venv/bin:")
    installing = [line for line in in_image(f"builder-{target}", "RUN") if "pip" in line and " install " in line]
    assert len(installing) == 1
    assert "--requirement /build/requirements.txt" in installing[0]


def test_only_the_cpu_target_sees_the_index_of_cpu_wheels() -> None:
    assert in_image("builder-cpu", "ARG") == ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"]
    assert in_image("builder-cuda", "ARG") == ["PIP_INDEX_URL"]
    assert [stage.name for stage in history("cuda")] == ["runtime", "cuda"]


def test_a_dockerfile_is_read_as_it_is_meant() -> None:
    found = stages("# note\nFROM a:1 AS one\nRUN x \\\n    && y\n\nFROM one AS two\nCOPY --from=one a b\n")
    assert list(found) == ["one", "two"]
    assert found["one"].all_of("RUN") == ["x && y"]
    assert found["two"].base == "one"
