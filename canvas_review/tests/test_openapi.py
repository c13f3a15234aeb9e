"""The description of the API is whole, and every view of it asks the route rules."""

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.validation import validate_schema

from accounts.permissions import RouteRulePermission
from accounts.tests.factories import Cast
from generation.tests.api_calls import api


@pytest.fixture
def described(cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = api(cast.operator).get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    return found


def _operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_made_without_a_warning() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", "/dev/null")


def test_it_is_valid_and_names_every_route(described: dict[str, Any]) -> None:
    validate_schema(described)  # type: ignore[no-untyped-call]
    assert {path for path in described["paths"] if "review" in path} >= {
        "/api/v1/review/claim/",
        "/api/v1/review/undo/",
    }
    assert len(_operations(described)) >= 25


def test_every_operation_says_what_it_answers_and_how_it_fails(described: dict[str, Any]) -> None:
    for name, operation in _operations(described).items():
        responses = operation["responses"]
        assert {status for status in responses if status.startswith("2")}, name
        assert "application/problem+json" in responses["default"]["content"], name
        assert operation.get("description"), name
        assert {"apiToken": []} in operation["security"], name


def test_what_makes_something_takes_an_idempotency_key(described: dict[str, Any]) -> None:
    names = ("products", "requests", "requests/elsewhere", "snapshots", "training-runs", "imports")
    for name in (*names, "queues", "pauses", "holidays", "reworks"):
        operation = described["paths"][f"/api/v1/{name}/"]["post"]
        assert [entry["name"] for entry in operation["parameters"]] == ["Idempotency-Key"]
        assert {"200", "201"} <= set(operation["responses"])


def _views(resolver: URLResolver) -> list[Any]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += _views(entry)
        elif isinstance(entry, URLPattern):
            found.append(getattr(entry.callback, "cls", None) or getattr(entry.callback, "view_class", None))
    return found


def test_no_view_of_the_api_goes_round_the_rules() -> None:
    mounted = next(
        entry for entry in get_resolver().url_patterns if isinstance(entry, URLResolver) and entry.namespace == "api"
    )
    views = _views(mounted)
    assert len(views) > 20
    assert [view for view in views if list(view.permission_classes) != [RouteRulePermission]] == []
