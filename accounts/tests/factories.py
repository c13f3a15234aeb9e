"""The fixed cast of the tests: everybody a story needs, in one team, and a stranger from another."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.utils import timezone

from accounts.models import ApiToken, Membership, Role, Scope, Team, User

_numbers = count(1)


def make_team(name: str = "") -> Team:
    number = next(_numbers)
    return Team.objects.create(name=name or f"Team {number}", slug=f"team-{number}")


def make_user(team: Team, role: str, username: str = "") -> User:
    user = User(username=username or f"{role}-{next(_numbers)}", email=f"user{next(_numbers)}@example.org")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, team=team, role=role)
    return user


def make_token(user: User, *scopes: str) -> str:
    """A token's secret; without scopes it holds all of them."""
    expires_at = timezone.now() + timedelta(days=1)
    return ApiToken.issue(user=user, name="test", scopes=list(scopes or Scope.values), expires_at=expires_at)[1]


@dataclass(frozen=True)
class Cast:
    team: Team
    operator: User
    reviewer: User
    second_reviewer: User
    ml_engineer: User
    admin: User
    stranger: User
    """An admin of another team: may everything there, and must see nothing here."""


def make_cast() -> Cast:
    team = make_team()
    return Cast(
        team=team,
        operator=make_user(team, Role.OPERATOR),
        reviewer=make_user(team, Role.REVIEWER),
        second_reviewer=make_user(team, Role.REVIEWER),
        ml_engineer=make_user(team, Role.ML_ENGINEER),
        admin=make_user(team, Role.ADMIN),
        stranger=make_user(make_team(), Role.ADMIN),
    )
