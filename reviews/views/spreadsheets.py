"""Tables as CSV files that a spreadsheet opens as they are."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """In UTF-8 with the mark by which spreadsheets know it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(map(harmless, header))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def harmless(cell: object) -> object:
    """A spreadsheet must not take a name that somebody chose for a formula. Numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return "" if cell is None else cell
