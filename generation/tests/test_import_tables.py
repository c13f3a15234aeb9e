"""Tables as people save them: one bad line costs one row, and every row is told with its line."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.importfiles.refusals import SourceRefused
from generation.importfiles.tables import MAX_LINE_BYTES, Record, Table

HEADER = "external_id,title,photo\n"
cells = st.text(st.characters(), max_size=12) | st.sampled_from(['"', '"open', 'a"b', "a,b", "a;b", "x\ny", "=1+1", ""])


def read(data: bytes) -> list[Record]:
    return list(Table(io.BytesIO(data), required=("external_id", "photo"), optional=("title", "mask")))


def told(data: bytes) -> list[tuple[int, str]]:
    """(line, external id or code of the refusal)"""
    return [(row.line, row.refused.code if row.refused else row.cells["external_id"]) for row in read(data)]


@pytest.mark.parametrize(
    "data",
    [
        b"external_id,title,photo\na,A,a.png\n",
        b"\xef\xbb\xbfexternal_id;title;photo\r\na;A;a.png\r\n",
        b"\n\n External_ID , TITLE ,photo\na, A ,a.png",
        b'"external_id","title","photo"\n"a","A","a.png"\n\n',
        b"photo,title,external_id\na.png,A,a\n",
    ],
    ids=["plain", "as spreadsheets save it", "loosely", "quoted", "in another order"],
)
def test_it_reads_what_spreadsheets_write(data: bytes) -> None:
    (row,) = read(data)
    assert dict(row.cells) == {"external_id": "a", "title": "A", "photo": "a.png"}


def test_a_cell_may_hold_marks_and_line_breaks() -> None:
    rows = read((HEADER + 'a,"Mug, ""big""\nand red",a.png\nb,5" pipe,b.png\nc,"Best" mug,c.png\n').encode())
    assert [row.cells["title"] for row in rows] == ['Mug, "big"\nand red', '5" pipe', "Best mug"]
    assert [row.line for row in rows] == [2, 4, 5]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'bad,"never closed,a.png', "quote_open"),
        (b"bad,caf\xe9,a.png", "not_utf8"),
        (b"bad,A,a.png,more", "cells"),
        (b"bad," + b"x" * MAX_LINE_BYTES + b",a.png", "line_too_long"),
        (b"bad," + b"x" * 200_000 + b",a.png", "line_unreadable"),
        (b"bad,A\rB,a.png", "line_unreadable"),
    ],
)
def test_a_bad_line_costs_one_row(line: bytes, code: str) -> None:
    data = HEADER.encode() + b"a,A,a.png\n" + line + b"\n" + b"b,B,b.png\n" * 30
    assert told(data) == [(2, "a"), (3, code), *((number, "b") for number in range(4, 34))]


def test_cells_at_the_end_may_be_left_out_and_nul_is_read() -> None:
    assert told(HEADER.encode() + b"a\nb,\x00,c\n") == [(2, "a"), (3, "b")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns_missing"),
        (b"\n \n", "columns_missing"),
        (b"title,photo\na,a.png\n", "columns_missing"),
        (b"a.png\nb.png\n", "columns_missing"),
        (HEADER.encode("utf-16"), "columns_missing"),
        (b"external_id,photo,photo\n", "columns_twice"),
    ],
)
def test_a_header_that_names_too_little_refuses_the_table(data: bytes, code: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        read(data)
    assert refused.value.code == code


def test_columns_that_nobody_knows_are_named() -> None:
    table = Table(io.BytesIO(b"external_id,colour,photo,\n"), required=("external_id", "photo"), optional=())
    assert table.unknown == ["colour"]


@given(st.lists(st.lists(cells, max_size=5), max_size=8), st.sampled_from([",", ";"]))
def test_any_text_is_read_or_refused_line_by_line(rows: list[list[str]], delimiter: str) -> None:
    body = "\n".join(delimiter.join(row) for row in rows).encode(errors="surrogatepass")
    data = HEADER.replace(",", delimiter).encode() + body
    found = read(data)
    lines = [row.line for row in found]
    assert lines == sorted(set(lines))
    assert all(2 <= line <= data.count(b"\n") + 1 for line in lines)
    for row in found:
        assert row.refused is not None or set(row.cells) <= {"external_id", "title", "photo"}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for row in read(HEADER.encode() + data):
        for cell in row.cells.values():
            cell.encode()
