"""What little a floor for measuring has besides its items: a team, people, queues, products and their pictures."""

from dataclasses import dataclass

import numpy as np
import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, Team, User
from generation.models import ModelVersion, Picture, Product, ProductRevision
from generation.services.derivatives import store_mask, store_picture
from generation.variants import DEFAULT_VARIANT
from reviews.models import GroupMember, Queue, Quota, ReviewerGroup
from reviews.models.queues import DecisionPolicy
from reviews.services.load.plan import LoadPlan
from reviews.services.refusals import Refusal

_PRODUCTS = 12
_SIDE = 256
# Name, reviewers an item, decision policy, share of the items.
_QUEUES = (
    ("Load: first review", 1, DecisionPolicy.ANY_REJECT_FAILS, 0.7),
    ("Load: two reviewers", 2, DecisionPolicy.UNANIMOUS, 0.2),
    ("Load: three reviewers", 3, DecisionPolicy.MAJORITY, 0.1),
)


class FloorThere(Refusal):
    """A floor of this seed was made before."""

    code = "floor_there"


@dataclass(frozen=True)
class Floor:
    """`shares` of the items go to each of `queues`; `pictures` stand for every candidate's."""

    team: Team
    admin: User
    reviewers: list[User]
    queues: list[Queue]
    shares: list[float]
    revisions: list[ProductRevision]
    pictures: list[Picture]
    version: ModelVersion


def make_floor(plan: LoadPlan) -> Floor:
    """Raises FloorThere. Writes a few small files, so never call it inside a transaction."""
    if Team.objects.filter(slug=plan.slug).exists():
        raise FloorThere(_("There is a floor of this seed already. Choose another seed."))
    team = Team.objects.create(name=f"Load test {plan.seed}", slug=plan.slug)
    pictures = [store_picture(team, _shades(number), lossless=False) for number in range(_PRODUCTS)]
    mask = store_mask(team, _disc())
    with transaction.atomic():
        admin = _join(team, f"{plan.slug}-admin", Role.ADMIN)
        with pghistory.context(user=admin.pk):
            return _furnish(plan, team, admin, pictures, mask)


def _furnish(plan: LoadPlan, team: Team, admin: User, pictures: list[Picture], mask: Picture) -> Floor:
    reviewers = [_join(team, f"{plan.slug}-reviewer-{number:03}", Role.REVIEWER) for number in range(plan.people)]
    queues = [
        Queue.objects.create(
            team=team, name=name, variant=DEFAULT_VARIANT, overlap=overlap, policy=policy, position=position
        )
        for position, (name, overlap, policy, _share) in enumerate(_QUEUES)
    ]
    for number in range(2):
        group = ReviewerGroup.objects.create(team=team, name=f"Shift {number + 1}")
        GroupMember.objects.bulk_create(GroupMember(group=group, reviewer=who) for who in reviewers[number::2])
    # So that nobody's day is full while something is measured.
    Quota.objects.create(team=team, cap=1_000_000)
    return Floor(
        team=team, admin=admin, reviewers=reviewers, queues=queues, shares=[share for *_rest, share in _QUEUES],
        revisions=_products(team, admin, pictures, mask), pictures=pictures, version=_version(plan),
    )  # fmt: skip


def _join(team: Team, username: str, role: Role) -> User:
    """Nobody can sign in as them until somebody gives them a password."""
    user = User(username=username, email=f"{username}@example.org")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, team=team, role=role)
    return user


def _products(team: Team, by: User, pictures: list[Picture], mask: Picture) -> list[ProductRevision]:
    made = []
    for number, photo in enumerate(pictures):
        product = Product.objects.create(team=team, title=f"Load product {number + 1}", created_by=by)
        made.append(
            ProductRevision.objects.create(
                product=product, number=1, photo=photo, mask=mask, mask_coverage=0.2, created_by=by
            )
        )
    return made


def _version(plan: LoadPlan) -> ModelVersion:
    """A mere name, which nobody can put to work: both what painted and what scored."""
    known = ModelVersion.objects.filter(kind=ModelVersion.Kind.EXTERNAL, variant=DEFAULT_VARIANT)
    last = known.order_by("-number").first()
    return known.get_or_create(
        kind=ModelVersion.Kind.EXTERNAL, variant=DEFAULT_VARIANT, name=plan.slug,
        defaults={"number": last.number + 1 if last else 1},
    )[0]  # fmt: skip


def _shades(number: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """A plain picture that differs from the others in its tint."""
    rows, columns = np.mgrid[0:_SIDE, 0:_SIDE]
    shades = np.stack([rows, columns, np.full_like(rows, number * 20)], axis=-1)
    shades[_disc()] = (200, 60, 60)
    return shades.astype(np.uint8)


def _disc() -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    rows, columns = np.mgrid[0:_SIDE, 0:_SIDE] - _SIDE // 2
    disc: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = rows**2 + columns**2 < (_SIDE // 4) ** 2
    return disc
