"""What every answer of the API has in common: strict JSON in, cursors and offered filters on lists, problems on errors.

A problem is RFC 9457's `application/problem+json`. No input may end in a 5xx: what cannot be read is a 4xx.
"""

import json
from http import HTTPStatus
from typing import IO, Any, NoReturn, TypeVar

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views import defaults
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from generation.lifecycle import IllegalMove
from reviews.services import refusals

PROBLEM = "application/problem+json"
MAX_JSON_BYTES = 1024 * 1024
MAX_JSON_DEPTH = 20

M = TypeVar("M", bound=Model)


class CanvasCursorPagination(CursorPagination):
    """Newest first; a cursor stays right while rows are added, and page 10^9 costs what page 1 costs."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-pk"

    def get_page_size(self, request: Request) -> int:
        asked = str(request.query_params.get(self.page_size_query_param, self.page_size))
        if not (asked.isascii() and asked.isdecimal()) or len(asked) > 9 or int(asked) == 0:
            raise exceptions.ValidationError({self.page_size_query_param: ["Give a whole number from 1 to 100."]})
        return min(int(asked), self.max_page_size)

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        position: Any = cursor.position if cursor else None
        # The library hands a forged position to the database as it is.
        if position is not None and not (position.isascii() and position.isdecimal() and len(position) < 20):
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor


class OfferedFilters(DjangoFilterBackend):
    """The filters a list offers and nothing else: a misspelt one must not answer with everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[M], view: Any) -> QuerySet[M]:
        if view.action != "list":
            return queryset
        offered = [*view.filterset_fields, CanvasCursorPagination.cursor_query_param, "page_size"]
        unknown = sorted(set(request.query_params) - set(offered))
        if unknown:
            told = f"There is no such parameter. This list takes {', '.join(offered)}."
            raise exceptions.ValidationError({name[:80]: [told] for name in unknown[:10]}, code="unknown_parameter")
        filtered: QuerySet[M] = super().filter_queryset(request, queryset, view)
        return filtered


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 and I-JSON (RFC 7493) mean it: UTF-8, no key twice, no NaN, no lone surrogate, not too deep."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        raw = stream.read(MAX_JSON_BYTES + 1)
        if len(raw) > MAX_JSON_BYTES:
            raise TooLarge(f"A JSON body may have {MAX_JSON_BYTES // 1024} KB.")
        try:
            value: dict[str, Any] = json.loads(
                raw.decode(), object_pairs_hook=_each_key_once, parse_constant=_no_number, parse_float=_finite
            )
            _check(value, MAX_JSON_DEPTH)
        except RecursionError:
            raise exceptions.ParseError("This JSON is nested too deeply.") from None
        except UnicodeError:
            raise exceptions.ParseError("This JSON holds characters that are no text. Send UTF-8.") from None
        except ValueError as error:
            raise exceptions.ParseError(f"This JSON cannot be read: {error}"[:200]) from error
        return value


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _check(value: Any, depth: int) -> None:
    """Raises RecursionError below `depth` levels, and UnicodeError for text that has no encoding."""
    if depth < 0:
        raise RecursionError
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, list):
        for entry in value:
            _check(entry, depth - 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            key.encode()
            _check(entry, depth - 1)


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


def _as_api_exception(error: Exception) -> Exception:
    """What the house and Django raise, in the words of the API."""
    if isinstance(error, IllegalMove):
        return Conflict(str(error))
    if isinstance(error, refusals.Refusal):
        return _refused(error)
    if isinstance(error, RequestDataTooBig):
        return TooLarge(str(error))
    if isinstance(error, SuspiciousOperation | UnreadablePostError):
        return exceptions.ParseError(str(error))
    return error


def _refused(refusal: refusals.Refusal) -> exceptions.APIException:
    if isinstance(refusal, refusals.NoSuchDecision):
        return exceptions.NotFound(str(refusal), code=refusal.code)
    if isinstance(refusal, refusals.Conflict):
        return Conflict(str(refusal), code=refusal.code)
    return exceptions.ParseError(str(refusal), code=refusal.code)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler, answering `application/problem+json`."""
    error = _as_api_exception(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    problem = _problem(response.status_code)
    if isinstance(error, exceptions.ValidationError):
        problem["errors"] = _flatten(error.detail)
        problem["detail"] = " ".join(dict.fromkeys(entry["detail"] for entry in problem["errors"]))
        problem["code"] = "invalid"
    elif isinstance(error, exceptions.APIException):
        problem["detail"] = str(error.detail)
        problem["code"] = str(getattr(error.detail, "code", error.default_code))
    elif isinstance(error, Http404 | PermissionDenied):
        problem["code"] = "not_found" if isinstance(error, Http404) else "permission_denied"
    response.data = problem
    response.content_type = PROBLEM
    return response


def _problem(status: int) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": title}


def _answer(request: HttpRequest, status: int) -> HttpResponse | None:
    """A problem for what fails before or outside of a view of the API; None for a page."""
    if not request.path_info.startswith("/api/"):
        return None
    return JsonResponse(_problem(status), status=status, content_type=PROBLEM)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400. What is too large says so by its status, as everywhere else."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    response = _answer(request, status) or defaults.bad_request(request, exception)
    response.status_code = status
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403) or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500) or defaults.server_error(request)
