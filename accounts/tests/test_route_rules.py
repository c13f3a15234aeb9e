"""Deny by default: every route has a rule, and a rule belongs to a route."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver

from accounts.middleware import RouteRuleMiddleware
from accounts.models import Role, User
from accounts.rules import Rule, all_rules, only
from accounts.tests.factories import Cast


def _names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif isinstance(entry, URLPattern):
            yield ":".join([*namespaces, entry.name or "unnamed"])


ROUTES = sorted(set(_names(get_resolver())))
# Mounted by a library and not offered here: their lack of a rule is what keeps them shut.
SHUT = {
    "account_signup",
    "account_email",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_has_a_rule(name: str) -> None:
    namespace = name.rpartition(":")[0]
    if name in SHUT:
        assert name not in all_rules()
    else:
        assert name in all_rules() or f"{namespace}:*" in all_rules(), f"{name} is refused to everybody: give it a rule"


def test_no_rule_outlives_its_route() -> None:
    stale = {name for name in all_rules() if not name.endswith(":*")} - set(ROUTES)
    assert not stale


def test_a_route_without_a_rule_is_refused_even_to_an_admin(cast: Cast, rf: RequestFactory) -> None:
    request = rf.get("/forgotten/")
    request.user = cast.admin
    request.resolver_match = ResolverMatch(lambda r: None, (), {}, url_name="forgotten")
    with pytest.raises(PermissionDenied):
        RouteRuleMiddleware(lambda r: None).process_view(request, None, (), {})  # type: ignore[arg-type,return-value]


def test_a_shut_library_page_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    assert client.get("/account/signup/").status_code == 403


def test_somebody_not_signed_in_is_sent_to_the_login_and_back(client: Client, db: None) -> None:
    answer = client.get("/profile/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/profile/"


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (only(Role.REVIEWER), {"reviewer", "admin", "stranger"}),
        (Rule(superuser=True), set()),
        (Rule(public=True), {"operator", "reviewer", "ml_engineer", "admin", "stranger", "nobody"}),
    ],
)
def test_who_a_rule_lets_in(cast: Cast, rule: Rule, allowed: set[str]) -> None:
    people: dict[str, User | AnonymousUser] = {
        name: getattr(cast, name) for name in ("operator", "reviewer", "ml_engineer", "admin", "stranger")
    }
    people["nobody"] = AnonymousUser()
    assert {name for name, person in people.items() if rule.allows(person, "GET")} == allowed


def test_writing_can_be_narrower_than_reading(cast: Cast) -> None:
    rule = Rule(roles=frozenset(Role.values), write_roles=frozenset({Role.OPERATOR}))
    assert rule.allows(cast.reviewer, "GET")
    assert not rule.allows(cast.reviewer, "POST")
    assert rule.allows(cast.operator, "POST")


def test_a_deactivated_person_is_refused(cast: Cast) -> None:
    cast.reviewer.is_active = False
    assert not only(Role.REVIEWER).allows(cast.reviewer, "GET")
