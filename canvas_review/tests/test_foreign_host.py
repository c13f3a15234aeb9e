"""A request under a name that is not ours is refused, and the refusal itself does not fail."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/", "/account/login/", "/api/v1/products/"])
def test_a_foreign_host_answers_400(db: None, path: str) -> None:
    client = Client(raise_request_exception=False)
    assert client.get(path, headers={"Host": "somebody.example"}).status_code == 400
