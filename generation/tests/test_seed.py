"""The demonstration: everybody can sign in, every product has a request, twice is once, and never in production."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import Team, User
from delivery.models import OutboxMessage
from generation.management.commands.seed_demo import DEMO_FOLDER, seed_people, seed_products
from generation.models import GenerationRequest, Product

ENTRIES = json.loads((DEMO_FOLDER / "products.json").read_text(encoding="utf-8"))


@pytest.fixture
def first_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration of three products, so that the tests need not pack all photographs."""
    folder = tmp_path / "demo"
    folder.mkdir()
    for entry in ENTRIES[:3]:
        for kind in ("photo", "mask"):
            (folder / entry[kind]).symlink_to(DEMO_FOLDER / entry[kind])
    (folder / "products.json").write_text(json.dumps(ENTRIES[:3]))
    monkeypatch.setattr("generation.management.commands.seed_demo.DEMO_FOLDER", folder)


def logins(own_files: Path) -> list[dict[str, str]]:
    people: list[dict[str, str]] = json.loads((own_files / "demo-logins.json").read_text())
    return people


def test_everybody_can_sign_in_with_what_the_file_says(db: None, own_files: Path) -> None:
    seed_people()
    people = logins(own_files)
    assert {person["username"] for person in people} == {"operator", "reviewer", "reviewer2", "engineer", "admin"}
    for person in people:
        user = User.objects.get(username=person["username"])
        assert user.check_password(person["password"])
        assert user.role == person["role"]
        assert user.is_superuser == user.is_staff == (person["role"] == "admin")


def test_only_the_owner_reads_the_file(db: None, own_files: Path) -> None:
    seed_people()
    assert stat.S_IMODE((own_files / "demo-logins.json").stat().st_mode) == 0o600


def test_a_second_run_keeps_passwords_and_a_lost_file_makes_new_ones(db: None, own_files: Path) -> None:
    seed_people()
    first = logins(own_files)
    hashes = list(User.objects.order_by("pk").values_list("password", flat=True))
    seed_people()
    assert logins(own_files) == first
    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == hashes
    (own_files / "demo-logins.json").unlink()
    seed_people()
    second = logins(own_files)
    assert second != first
    assert User.objects.get(username="reviewer").check_password(second[0]["password"])
    assert Team.objects.count() == 1


@pytest.mark.usefixtures("first_three")
def test_every_product_gets_one_request_and_twice_is_once(db: None) -> None:
    team = seed_people()
    assert seed_products(team) == 3
    assert seed_products(team) == 0
    assert Product.objects.count() == GenerationRequest.objects.count() == OutboxMessage.objects.count() == 3
    prompts = set(GenerationRequest.objects.values_list("prompt", flat=True))
    assert len(prompts) == 3
    assert "a bottle on a wooden table, white wall, soft light" in prompts


def test_every_product_is_called_by_one_word_that_a_prompt_can_use() -> None:
    assert all(entry["category"].isalpha() and entry["category"].islower() for entry in ENTRIES)


@pytest.mark.parametrize("values", [{"PRODUCTION": True}, {"CANVAS_DEMO": False}])
def test_it_refuses_where_it_is_no_demonstration(db: None, values: dict[str, bool]) -> None:
    with override_settings(**values), pytest.raises(CommandError):
        call_command("seed_demo", stdout=StringIO(), skip_checks=True)
    assert not User.objects.exists()
