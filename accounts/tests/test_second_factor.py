"""Where admins must have a second factor, neither a page nor the API opens to one who has none."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings

from accounts.tests.factories import Cast, make_token

PAGE, API = "/products/", "/api/v1/products/"


@pytest.fixture(autouse=True)
def required() -> Iterator[None]:
    with override_settings(REQUIRE_ADMIN_MFA=True):
        yield


def test_an_admin_without_one_is_sent_to_set_it_up_and_gets_nothing_else(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    assert client.get(PAGE)["Location"] == "/account/2fa/totp/activate/"
    refused = client.get(API)
    assert refused.status_code == 403
    assert "second factor" in refused.json()["detail"]
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_an_admin_with_one_works(cast: Cast, client: Client) -> None:
    Authenticator.objects.create(user=cast.admin, type=Authenticator.Type.TOTP, data={})
    client.force_login(cast.admin)
    assert client.get(PAGE).status_code == client.get(API).status_code == 200


def test_others_need_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator)
    assert client.get(PAGE).status_code == client.get(API).status_code == 200


def test_a_program_needs_none(cast: Cast, client: Client) -> None:
    answer = client.get(API, headers={"Authorization": f"Bearer {make_token(cast.admin)}"})
    assert answer.status_code == 200
