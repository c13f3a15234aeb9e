"""Imports: sending an archive, watching what becomes of it, and why rows were refused."""

import csv
import zlib
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from accounts.rules import signed_in, team_of
from generation.forms import ImportForm
from generation.importfiles.refusals import SourceRefused
from generation.importfiles.sources import KINDS
from generation.lifecycle import IllegalMove
from generation.models import BulkImport
from generation.services import imports
from generation.services.stored_files import each_row

_PAGE = 50
_SHOWN = 200
"""Problems on the page; the CSV has all of them."""


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file: UploadedFile[Any] = form.cleaned_data["file"]
        try:
            bulk = imports.open_import(
                team_of(request), signed_in(request), kind=form.cleaned_data["kind"], name=file.name or "", file=file,
                sha256=imports.sha256_of(file), dry_run=form.cleaned_data["dry_run"],
            )  # fmt: skip
            return redirect("generation:import", bulk.pk)
        except SourceRefused as refused:
            form.add_error("file", _(refused.message))
    rows = BulkImport.objects.of_team(team_of(request)).select_related("created_by").order_by("-pk")
    context = {"form": form, "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")), "kinds": KINDS.values()}
    return render(request, "generation/imports.html", context, status=400 if form.errors else 200)


def _import(request: HttpRequest, pk: int) -> BulkImport:
    rows = BulkImport.objects.of_team(team_of(request)).select_related("created_by")
    return get_object_or_404(rows, pk=pk)


def _context(bulk: BulkImport) -> dict[str, Any]:
    found = list(bulk.problems.all()[: _SHOWN + 1])
    return {"bulk": bulk, "problems": found[:_SHOWN], "has_more": len(found) > _SHOWN}


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "generation/import.html", _context(_import(request, pk)))


def _import_etag(request: HttpRequest, pk: int) -> str | None:
    row = BulkImport.objects.of_team(team_of(request)).filter(pk=pk)
    found = row.values_list("state", "position", "total", "failure", "stored").first()
    return f'"{zlib.crc32(repr((found, get_language())).encode())}"' if found else None


@condition(etag_func=_import_etag)
@require_safe
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part of the page, polled: 304 while nothing has changed."""
    return render(request, "generation/_import_live.html", _context(_import(request, pk)))


@require_safe
def import_problems(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every problem as CSV, in pages: there may be as many as rows."""
    bulk = _import(request, pk)
    response = StreamingHttpResponse(_csv(bulk), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{bulk.pk}-problems.csv"'
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(bulk: BulkImport) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([_("Line"), _("Name"), _("Field"), _("Code"), _("Reason")]))
    for problem in each_row(bulk.problems.all()):
        cells = [problem.name, problem.field, problem.code, problem.sentence]
        yield str(writer.writerow([problem.line, *map(_harmless, cells)]))


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a name that somebody sent for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


@require_POST
def cancel_import(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        imports.cancel_import(_import(request, pk))
        messages.success(request, _("The import is cancelled. What came in already stays."))
    except IllegalMove:
        messages.warning(request, _("It had ended already; nothing was changed."))
    return redirect("generation:import", pk)


@require_POST
def import_for_real(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        bulk = imports.import_for_real(_import(request, pk), signed_in(request))
    except IllegalMove:
        messages.warning(request, _("The checked file is gone, or was imported already. Send it again."))
        return redirect("generation:import", pk)
    return redirect("generation:import", bulk.pk)
