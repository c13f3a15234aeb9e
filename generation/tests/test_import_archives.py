"""Archives that mean harm, or are only broken: each entry is told by itself, and none is ever written to disk."""

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generation.importfiles import archives
from generation.importfiles.archives import Archive
from generation.importfiles.names import is_system, printable, safe_name
from generation.importfiles.refusals import RowRefused, SourceRefused
from generation.importfiles.sources import CANDIDATES, PRODUCTS, Row, open_archive
from generation.tests.import_files import archive, photo_png, table

BIG = 3 * 1024 * 1024


def rows(data: bytes) -> list[Row]:
    return list(open_archive(io.BytesIO(data), PRODUCTS).rows())


def code_of(data: bytes, name: str) -> str:
    with pytest.raises(RowRefused) as refused:
        Archive(io.BytesIO(data)).read(name)
    return refused.value.code


def with_entry(change: Callable[[zipfile.ZipInfo], Any], data: bytes = b"x", method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    info = zipfile.ZipInfo("a.png")
    info.compress_type = method
    change(info)
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(info, data)
    return buffer.getvalue()


def link(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def test_an_entry_is_read() -> None:
    assert Archive(io.BytesIO(archive({"./x//a.png": b"abc"}))).read("x/a.png") == b"abc"


@pytest.mark.parametrize(
    "name",
    ["../a.png", "x/../../a.png", "/etc/a.png", "C:a.png", "..\\a.png", "a\u202egnp.png", "a\r\nb.png", "a\u200f.png"],
)
def test_a_name_that_leads_elsewhere_or_reads_otherwise_is_refused(name: str) -> None:
    (row,) = rows(archive({name: photo_png()}))
    assert row.refused is not None
    assert row.refused.code in ("name_outside", "name_marks")
    row.name.encode()
    assert "\u202e" not in row.name


def test_what_stands_behind_a_nul_is_part_of_the_name() -> None:
    data = archive({"a.pngX.exe": photo_png()}).replace(b"a.pngX.exe", b"a.png\0.exe")
    assert [row.refused.code if row.refused else "" for row in rows(data)] == ["name_marks"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_entry(link, b"/etc/passwd"), "archive_link"),
        (with_entry(lambda info: None, bytes(BIG), zipfile.ZIP_DEFLATED), "archive_bomb"),
        (with_entry(lambda info: None, bytes(100), zipfile.ZIP_LZMA), "archive_method"),
        (with_entry(lambda info: None, bytes(100), zipfile.ZIP_BZIP2), "archive_method"),
        (with_entry(lambda info: None, bytes(21 * 1024 * 1024)), "too_large"),
    ],
    ids=["link", "bomb", "lzma", "bzip2", "too large"],
)
def test_an_entry_that_is_no_plain_file_is_refused(data: bytes, code: str) -> None:
    assert code_of(data, "a.png") == code


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(archive({"a.png": photo_png()}))
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, place + 8, 1)
    assert code_of(bytes(data), "a.png") == "archive_encrypted"


def test_an_entry_that_lies_about_its_size_is_cut_off_there() -> None:
    data = bytearray(archive({"a.png": bytes(BIG)}))
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, place + 24, 1000)
    struct.pack_into("<I", data, 22, 1000)
    assert code_of(bytes(data), "a.png") == "archive_damaged"


def test_a_damaged_entry_is_refused_and_the_others_are_not() -> None:
    data = bytearray(archive({"a.png": photo_png(1), "b.png": photo_png(2)}))
    data[60] ^= 0xFF
    opened = Archive(io.BytesIO(bytes(data)))
    assert code_of(bytes(data), "a.png") == "archive_damaged"
    assert opened.read("b.png") == photo_png(2)


def test_two_entries_of_one_name_are_refused() -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as packed:
        warnings.simplefilter("ignore")
        packed.writestr("a.png", b"1")
        packed.writestr("./a.png", b"2")
    assert code_of(buffer.getvalue(), "a.png") == "archive_twice"


def test_an_archive_inside_and_what_is_no_picture_are_refused_by_name() -> None:
    found = rows(archive({"a.zip": b"PK", "b.txt": b"x", "c.png": photo_png(), "__MACOSX/c.png": b"", ".x.png": b""}))
    assert [(row.name, row.refused and row.refused.code) for row in found] == [
        ("a.zip", "archive_nested"), ("b.txt", "format"), ("c.png", None),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip" * 100, archive({"a.png": b"x"})[:-30]])
def test_what_is_no_whole_archive_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(SourceRefused) as refused:
        Archive(io.BytesIO(data))
    assert refused.value.code == "archive_unreadable"


def test_too_many_entries_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    data = archive({f"{number}.png": b"" for number in range(4)})
    with pytest.raises(SourceRefused) as refused:
        Archive(io.BytesIO(data))
    assert refused.value.code == "archive_too_many"
    assert "300,000" in refused.value.message


def test_the_table_nearest_the_top_counts_and_paths_start_there() -> None:
    files = {
        "all/products.csv": table([["a", "A", "", "x/a.png", ""]]),
        "all/old/products.csv": table([]),
        "all/x/a.png": photo_png(),
    }
    (row,) = rows(archive(files))
    assert row.read("photo") == photo_png()


@pytest.mark.parametrize("path", ["../a.png", "/a.png", "x/../../a.png", "C:\\a.png", "a\x00.png", "nowhere.png"])
def test_a_table_does_not_lead_out_of_its_folder(path: str) -> None:
    files = {"in/products.csv": table([["a", "A", "", path, ""]]), "a.png": photo_png(), "in/b.png": photo_png()}
    (row,) = rows(archive(files))
    with pytest.raises(RowRefused) as refused:
        row.read("photo")
    assert (refused.value.code, refused.value.field) in [
        ("name_outside", "photo"), ("name_marks", "photo"), ("file_missing", "photo"),
    ]  # fmt: skip


def test_candidates_need_a_table() -> None:
    with pytest.raises(SourceRefused) as refused:
        open_archive(io.BytesIO(archive({"a.png": photo_png()})), CANDIDATES)
    assert refused.value.code == "table_missing"


@given(st.dictionaries(st.text(st.characters(), min_size=1, max_size=20), st.just(b"x"), max_size=6))
@example({".": b"x"})
@example({"..": b"x", "./.": b"x"})
def test_any_names_are_rows_or_left_by_a_system(files: dict[str, bytes]) -> None:
    writable = {name: data for name, data in files.items() if _can_be_packed(name)}
    found = rows(archive(writable))
    assert [row.number for row in found] == list(range(1, len(found) + 1))
    told = {row.name for row in found} | {row.cells.get("mask", "") for row in found}
    for name in writable:
        assert is_system(_normal(name)) or printable(_normal(name)) in told
    for row in found:
        row.name.encode()
        if row.refused is None:
            assert row.read("photo") == b"x"


def _normal(name: str) -> str:
    try:
        return safe_name(name)
    except RowRefused:
        return name


def _can_be_packed(name: str) -> bool:
    if "\0" in name or name.endswith("products.csv"):
        return False
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return not name.endswith("/")


@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_damage_is_a_refusal(noise: bytes, place: int) -> None:
    whole = archive({"a.png": photo_png(1), "products.csv": table([["a", "A", "", "a.png", ""]])})
    data = whole[:place] + noise + whole[place + len(noise) :]
    try:
        for row in rows(data):
            row.read("photo")
    except (SourceRefused, RowRefused):
        pass
