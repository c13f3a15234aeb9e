"""How the API answers: problem details (RFC 9457) for every error, cursors for every list."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from generation.lifecycle import IllegalMove


class CanvasCursorPagination(CursorPagination):
    """Newest first; a cursor stays right while rows are added, and page 10^9 costs what page 1 costs."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-pk"


class Conflict(exceptions.APIException):
    """409: the thing is no longer in a state in which this can be done."""

    status_code = 409
    default_detail = "This can no longer be done."
    default_code = "conflict"


class TooLarge(exceptions.APIException):
    """413: more bytes than are taken."""

    status_code = 413
    default_code = "too_large"


def _flatten(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            error for key, value in detail.items() for error in _flatten(value, f"{field}.{key}" if field else str(key))
        ]
    if isinstance(detail, list):
        return [error for value in detail for error in _flatten(value, field)]
    return [{"field": field, "detail": str(detail), "code": str(getattr(detail, "code", "invalid"))}]


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler, answering `application/problem+json`."""
    if isinstance(error, IllegalMove):
        error = Conflict(str(error))
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge(str(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
    if isinstance(error, exceptions.ValidationError):
        problem["errors"] = _flatten(error.detail)
        problem["detail"] = " ".join(dict.fromkeys(entry["detail"] for entry in problem["errors"]))
    elif isinstance(error, exceptions.APIException):
        problem["detail"] = str(error.detail)
        problem["code"] = str(getattr(error.detail, "code", error.default_code))
    elif isinstance(error, Http404 | PermissionDenied):
        problem["detail"] = str(error) or problem["title"]
    response.data = problem
    response.content_type = "application/problem+json"
    return response
