"""Tokens: only a hash is kept, a scope limits, revoking and expiry shut the door at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import ApiToken, Scope
from accounts.tests.factories import Cast, make_token

SCHEMA = "/api/v1/products/"


def _get(client: Client, secret: str) -> int:
    return client.get(SCHEMA, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_the_secret_is_not_in_the_database(cast: Cast) -> None:
    token, secret = services.issue_token(cast.operator, name="import", scopes=[Scope.PRODUCTS_READ], days=1)
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert secret.startswith(row["prefix"])
    assert len(secret) >= 43  # 256 bits in base 64


def test_a_token_with_the_scope_may_read(cast: Cast, client: Client) -> None:
    assert _get(client, make_token(cast.operator, Scope.PRODUCTS_READ)) == 200
    assert ApiToken.objects.get().last_used_at is not None


def test_a_token_without_the_scope_may_not(cast: Cast, client: Client) -> None:
    assert _get(client, make_token(cast.operator, Scope.MODELS_READ)) == 403


def test_a_scope_gives_no_more_than_its_owners_role(cast: Cast, client: Client) -> None:
    answer = client.post(
        "/api/v1/snapshots/", {}, content_type="application/json",
        headers={"Authorization": f"Bearer {make_token(cast.reviewer, Scope.SNAPSHOTS_WRITE)}"},
    )  # fmt: skip
    assert answer.status_code == 403


@pytest.mark.parametrize("ruin", ["expire", "revoke", "deactivate", "misspell"])
def test_a_dead_token_is_refused(cast: Cast, client: Client, ruin: str) -> None:
    secret = make_token(cast.operator)
    token = ApiToken.objects.get()
    if ruin == "expire":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ruin == "revoke":
        services.revoke_token(cast.operator, token.pk)
    elif ruin == "deactivate":
        type(cast.operator).objects.filter(pk=cast.operator.pk).update(is_active=False)
    else:
        secret += "x"
    answer = client.get(SCHEMA, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_nobody_revokes_anothers_token(cast: Cast, client: Client) -> None:
    make_token(cast.operator)
    client.force_login(cast.reviewer)
    assert client.post(f"/profile/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None
