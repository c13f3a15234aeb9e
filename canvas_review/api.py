"""Every error of the API is a problem: RFC 9457's `application/problem+json`. No input may end in a 5xx."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.files import StorageAway
from canvas_review.parsing import TooLarge
from generation.lifecycle import IllegalMove
from reviews.services import refusals

PROBLEM = "application/problem+json"
# In people's language, as RFC 9457 allows; programs read `status` and `code`.
_TITLES = {
    400: gettext_noop("Bad Request"),
    401: gettext_noop("Unauthorized"),
    403: gettext_noop("Forbidden"),
    404: gettext_noop("Not Found"),
    405: gettext_noop("Method Not Allowed"),
    406: gettext_noop("Not Acceptable"),
    409: gettext_noop("Conflict"),
    413: gettext_noop("Request Entity Too Large"),
    415: gettext_noop("Unsupported Media Type"),
    422: gettext_noop("Unprocessable Entity"),
    429: gettext_noop("Too Many Requests"),
    500: gettext_noop("Internal Server Error"),
    503: gettext_noop("Service Unavailable"),
}


class Busy(exceptions.APIException):
    """503: the database did not answer in time; what was asked was not done."""

    status_code = 503
    default_detail = _("The service is busy. Nothing was changed; send the same again in a few seconds.")
    default_code = "busy"
    wait = 5  # seconds; becomes Retry-After


class FilesAway(Busy):
    """503: the place where files are kept did not answer; what was asked was not done."""

    default_detail = _(
        "Files cannot be stored or read at the moment. Nothing was saved; send the same again in a minute."
    )
    default_code = "files_away"
    wait = 60


class Conflict(exceptions.APIException):
    """409: the thing is no longer in a state in which this can be done."""

    status_code = 409
    default_detail = _("This can no longer be done.")
    default_code = "conflict"


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
        # The exception itself names models and states, for the log; what is made of it for people says why.
        return Conflict() if type(error) is IllegalMove else Conflict(str(error))
    if isinstance(error, refusals.Refusal):
        return _refused(error)
    if isinstance(error, OperationalError):
        return Busy()
    if isinstance(error, StorageAway):
        return FilesAway()
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
    # Also where the view itself draws pages, or where nothing that was asked for can be drawn.
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    return response


def _problem(status: int) -> dict[str, Any]:
    title = gettext(_TITLES.get(status) or HTTPStatus(status).phrase)
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
