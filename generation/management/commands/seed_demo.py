"""manage.py seed_demo: a team, its people, its products, and requests that make the first screen alive."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Membership, Role, Team, User
from generation.models import Product
from generation.services.products import create_product
from generation.services.releases import ensure_shipped_versions
from generation.services.requests import build_prompt, open_request
from generation.variants import VARIANTS, Variant

DEMO_FOLDER = Path(__file__).resolve().parents[2] / "demo"
LOGINS_NAME = "demo-logins.json"
TEAM = "Demo"
VARIANT = "background_enhancement"
PEOPLE = {
    "operator": Role.OPERATOR,
    "reviewer": Role.REVIEWER,
    "reviewer2": Role.REVIEWER,
    "engineer": Role.ML_ENGINEER,
    "admin": Role.ADMIN,
}
# Easy to read out and to type, with more than 40 bits: enough for a program that listens on this machine only.
_WORDS = (
    "amber", "birch", "cedar", "clay", "cobalt", "coral", "fern", "flint", "hazel", "indigo", "ivory", "jade",
    "linen", "maple", "moss", "ochre", "olive", "opal", "pearl", "pine", "plum", "quartz", "rust", "sage", "sand",
    "slate", "steel", "teak", "umber", "walnut", "wheat", "willow",
)  # fmt: skip


class Command(BaseCommand):
    help = "Fill a local installation with a team, products and requests. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION or not settings.CANVAS_DEMO:
            raise CommandError("The demonstration is for local installations only (CANVAS_DEMO, not production).")
        versions = ensure_shipped_versions()
        team = seed_people()
        opened = seed_products(team)
        self.stdout.write(f"{len(versions)} model versions, {opened} requests added to the team {team.name}.")


def seed_people() -> Team:
    """Make sure of the team and its people, and that the file of logins tells their passwords."""
    team = Team.objects.get_or_create(slug=TEAM.lower(), defaults={"name": TEAM})[0]
    logins = Path(settings.DATA_DIR) / LOGINS_NAME
    known = (
        {login["username"]: login["password"] for login in json.loads(logins.read_text())} if logins.is_file() else {}
    )
    passphrase = next(iter(known.values()), None) or _new_passphrase()
    there = set(User.objects.filter(username__in=PEOPLE).values_list("username", flat=True))
    with transaction.atomic():
        for username, role in PEOPLE.items():
            if username not in there or username not in known:
                _seed_person(team, username, role, passphrase)
    _write_logins(
        logins, [{"username": name, "password": passphrase, "role": role.value} for name, role in PEOPLE.items()]
    )
    return team


def seed_products(team: Team) -> int:
    """Add the products that are missing, each with one request; returns how many requests were opened."""
    operator = User.objects.get(username="operator")
    variant = VARIANTS[VARIANT]
    there = {product.external_id: product for product in team.products.prefetch_related("revisions__requests")}
    opened = 0
    for number, entry in enumerate(json.loads((DEMO_FOLDER / "products.json").read_text(encoding="utf-8"))):
        product = there.get(entry["external_id"]) or _create(team, operator, entry)
        revision = product.revisions.all()[0]
        if not revision.requests.all():
            prompt = build_prompt(variant, product, varied_choices(variant, number))
            seed = 1000 + 10 * number  # fixed, so that everybody's demonstration shows the same pictures
            open_request(team, operator, revisions=[revision], variant=VARIANT, prompt=prompt, seed=seed)
            opened += 1
    return opened


def varied_choices(variant: Variant, number: int) -> dict[str, str]:
    """Return one choice for each part of the prompt; neighbours in the list differ in all of them."""
    return {
        part.key: list(part.phrases)[(number * (1 + offset)) % len(part.phrases)]
        for offset, part in enumerate(variant.prompt_parts)
    }


def _create(team: Team, operator: User, entry: dict[str, str]) -> Product:
    return create_product(
        team,
        operator,
        title=entry["title"],
        category=entry["category"],
        external_id=entry["external_id"],
        photo_bytes=(DEMO_FOLDER / entry["photo"]).read_bytes(),
        photo_type="image/webp",
        mask_bytes=(DEMO_FOLDER / entry["mask"]).read_bytes(),
        mask_type="image/png",
    )


def _seed_person(team: Team, username: str, role: Role, passphrase: str) -> None:
    user = User.objects.get_or_create(username=username, defaults={"email": f"{username}@demo.invalid"})[0]
    user.set_password(passphrase)
    user.is_staff = user.is_superuser = role == Role.ADMIN
    user.save()
    Membership.objects.get_or_create(user=user, defaults={"team": team, "role": role})


def _new_passphrase() -> str:
    return "-".join(secrets.choice(_WORDS) for _ in range(6)) + f"-{secrets.randbelow(10_000):04d}"


def _write_logins(path: Path, logins: list[dict[str, str]]) -> None:
    text = json.dumps(logins, indent=2) + "\n"
    if path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
