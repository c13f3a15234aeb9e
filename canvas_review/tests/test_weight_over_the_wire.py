"""What a page weighs: pages and API answers travel compressed, and the desk without its images stays under 150 kB."""

import gzip
import re
from pathlib import Path
from typing import cast

import brotli  # type: ignore[import-untyped]
import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import reverse

from canvas_review.middleware import CompressedPagesMiddleware
from canvas_review.tests.house import House
from canvas_review.tests.pages import visitor

AT_MOST = 150_000
# Measured in Chromium over HTTP/1.1: the headers of one static file, and the items the desk claims as it opens.
HEADERS = 440
CLAIMS = 7_500
_ASKED = re.compile(r"(?:src|href|data-icons)=\"/static/([^\"#]+)")
_IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"', re.MULTILINE)


def _modules(path: Path, seen: set[Path]) -> None:
    """Adds the file and everything it imports, directly or not."""
    if path in seen:
        return
    seen.add(path)
    if path.suffix == ".js" and "vendor" not in path.parts:
        for found in _IMPORT.finditer(path.read_text()):
            _modules((path.parent / (found[1] or found[2])).resolve(), seen)


def _desk(house: House, language: str) -> str:
    client = visitor(house, "reviewer")
    house.cast.reviewer.language = language
    house.cast.reviewer.save()
    return client.get(reverse("reviews:desk")).content.decode()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_desk_without_images_is_light(house: House, language: str) -> None:
    page = _desk(house, language)
    files: set[Path] = set()
    for name in set(_ASKED.findall(page)):
        _modules(Path(str(finders.find(name))).resolve(), files)
    assert len(files) > 50
    weight = sum(len(brotli.compress(path.read_bytes())) + HEADERS for path in files)
    weight += len(gzip.compress(page.encode())) + CLAIMS
    assert weight < AT_MOST, sorted((path.stat().st_size, path.name) for path in files)[-10:]


def test_pages_and_answers_travel_compressed(house: House) -> None:
    client = visitor(house, "reviewer")
    for address in ("/", "/api/v1/schema/?format=json"):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert answer.headers.get("Content-Encoding") == "gzip", (address, answer.status_code)
    assert "Content-Encoding" not in client.get("/").headers


@pytest.mark.parametrize(
    ("kind", "how"), [("text/html; charset=utf-8", "gzip"), ("image/webp", None), ("application/zip", None)]
)
def test_files_travel_as_they_are(rf: RequestFactory, kind: str, how: str | None) -> None:
    middleware = CompressedPagesMiddleware(lambda request: HttpResponse("word " * 1000, content_type=kind))
    answer = cast(HttpResponseBase, middleware(rf.get("/", headers={"accept-encoding": "gzip"})))
    assert answer.headers.get("Content-Encoding") == how
