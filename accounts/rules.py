"""Who may do what. Each app's `policies.py` holds RULES, route name -> Rule; what has no rule is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import ResolverMatch

from accounts.models import Role, Team, User

EVERYONE_SIGNED_IN = frozenset(Role.values)


@dataclass(frozen=True)
class Rule:
    """A route's rule: the roles that may use it (an admin may all that belongs to a team), and a token's scope.

    `public` needs no sign-in; `superuser` is for those who run the installation. `scope` and `write_scope` name what
    an API token must hold for reading (GET, HEAD, OPTIONS) and for everything else; without one, tokens are refused.
    `write_roles`, where given, narrows who may do more than read.
    """

    roles: frozenset[str] = frozenset()
    write_roles: frozenset[str] | None = None
    public: bool = False
    superuser: bool = False
    scope: str | None = None
    write_scope: str | None = None

    def allows(self, user: object, method: str) -> bool:
        if self.public:
            return True
        if not isinstance(user, User) or not user.is_active:
            return False
        if self.superuser:
            return user.is_superuser
        reading = method in ("GET", "HEAD", "OPTIONS")
        roles = self.roles if reading or self.write_roles is None else self.write_roles
        return user.role in roles or user.role == Role.ADMIN

    def scope_for(self, method: str) -> str | None:
        return self.scope if method in ("GET", "HEAD", "OPTIONS") else self.write_scope


PUBLIC = Rule(public=True)
SIGNED_IN = Rule(roles=EVERYONE_SIGNED_IN)
SUPERUSER = Rule(superuser=True)


def only(*roles: str, scope: str | None = None, write_scope: str | None = None) -> Rule:
    return Rule(roles=frozenset(roles), scope=scope, write_scope=write_scope)


@cache
def all_rules() -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {}
    for module in settings.POLICY_MODULES:
        for name, rule in import_module(module).RULES.items():
            if name in rules:
                raise ValueError(f"two rules for the route {name!r}")
            rules[name] = rule
    return rules


def rule_for(match: ResolverMatch) -> Rule | None:
    """The rule of a resolved route: its own, or its namespace's (`admin:*`), or None, which means nobody."""
    rules = all_rules()
    name = match.view_name
    if name in rules:
        return rules[name]
    namespace = ":".join(match.namespaces)
    return rules.get(f"{namespace}:*") if namespace else None


def lacks_second_factor(user: object) -> bool:
    """Whether this person must set up a second factor before anything else, as admins must (REQUIRE_ADMIN_MFA)."""
    if not settings.REQUIRE_ADMIN_MFA or not isinstance(user, User):
        return False
    if user.role != Role.ADMIN and not user.is_superuser:
        return False
    return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def signed_in(request: HttpRequest) -> User:
    """The person behind a request. Raises PermissionDenied where the route's rule let somebody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def team_of(request: HttpRequest) -> Team:
    """The team in whose name a request acts. Raises PermissionDenied for a person without one."""
    team = signed_in(request).team
    if team is None:
        raise PermissionDenied
    return team
