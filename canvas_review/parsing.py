"""JSON as the API takes it. What is no honest JSON never reaches a serializer or the database."""

import json
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

MAX_JSON_BYTES = 1024 * 1024
MAX_JSON_DEPTH = 20


class TooLarge(exceptions.APIException):
    """413: more bytes than are taken."""

    status_code = 413
    default_code = "too_large"


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 and I-JSON (RFC 7493) mean it: UTF-8, no key twice, no NaN, no lone surrogate, not too deep."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        raw = stream.read(MAX_JSON_BYTES + 1)
        if len(raw) > MAX_JSON_BYTES:
            raise TooLarge(_("A JSON body may have %(size)s KB.") % {"size": MAX_JSON_BYTES // 1024})
        try:
            value: dict[str, Any] = json.loads(
                raw.decode(), object_pairs_hook=_each_key_once, parse_constant=_no_number, parse_float=_finite
            )
            _check(value, MAX_JSON_DEPTH)
        except RecursionError:
            raise exceptions.ParseError(_("This JSON is nested too deeply.")) from None
        except UnicodeError:
            raise exceptions.ParseError(_("This JSON holds characters that are no text. Send UTF-8.")) from None
        except ValueError as error:
            told = _("This JSON cannot be read: %(error)s") % {"error": str(error)[:160]}
            raise exceptions.ParseError(told) from error
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
