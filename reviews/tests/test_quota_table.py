"""Quotas written as CSV read back as they were, whatever things are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.services.quota_changes import Change
from reviews.services.quota_table import TableRefused, read_table, write_table

_names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "''", "-", "@a", "\tb", "\rc", "a\nb", 'q"uote', ";,"]
)
_numbers = st.none() | st.integers(0, 1_000_000)
_changes = st.builds(
    Change, reviewer=_names, group=_names, queue=_names, variant=_names, period=st.sampled_from(["day", "week"]),
    unit=st.sampled_from(["images", "minutes"]), is_shared=st.booleans(), cap=_numbers, target=_numbers,
    carries_over=st.booleans(),
)  # fmt: skip


@given(st.lists(_changes, min_size=1, max_size=5))
def test_what_is_written_reads_back(changes: list[Change]) -> None:
    assert read_table(write_table(changes))[0] == changes


@given(_names.filter(bool))
def test_no_cell_is_a_formula(name: str) -> None:
    last = write_table([Change(queue=name)]).split("\r\n", 1)[1]
    assert not last.removeprefix('"","","').startswith(("=", "+", "-", "@", "\t", "\r"))


def test_two_columns_are_enough() -> None:
    changes, lines = read_table("\ufeffreviewer,cap\nmara,100\ntom,100\n")
    assert (changes, lines) == ([Change(reviewer="mara", cap=100), Change(reviewer="tom", cap=100)], [2, 3])


def test_every_wrong_line_is_named() -> None:
    with pytest.raises(TableRefused) as refused:
        read_table("reviewer,cap,shared\nmara,many,no\ntom,5,no\nmia,5,perhaps\nmax,1,no,7\n")
    assert [line for line, _why in refused.value.problems] == [2, 4, 5]


@pytest.mark.parametrize("text", ["", "cap\n", "who,cap\na,1\n", "reviewer\nmara\n", 'cap\n"1\n'])
def test_what_is_no_table_of_quotas_is_refused(text: str) -> None:
    with pytest.raises(TableRefused):
        read_table(text)
