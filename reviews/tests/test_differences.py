"""Differences of two texts: nothing is lost, and what was only reworded is told by its words."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.differences import Line, compare

LINES = st.lists(st.sampled_from(["", "one", "two", "one two three", "one two four", "- five"]), max_size=9)


def words(line: Line, changed: bool) -> list[str]:
    return [part.text for part in line.parts if part.changed is changed]


@given(LINES, LINES)
def test_every_line_that_left_or_came_is_told_once(before: list[str], after: list[str]) -> None:
    lines = compare("\n".join(before), "\n".join(after))
    old, new = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    said = {kind: ["".join(p.text for p in line.parts) for line in lines if line.kind == kind] for kind in
            ("added", "removed", "same")}  # fmt: skip
    assert sorted(set(said["removed"] + said["same"]) - set(old)) == []
    assert sorted(set(said["added"] + said["same"]) - set(new)) == []
    assert len(old) - len(said["removed"]) == len(new) - len(said["added"])
    assert (lines == []) == (old == new)


def test_a_reworded_line_marks_its_words() -> None:
    removed, added = compare("Reject a rim of two pixels.", "Reject a rim of one pixel.")
    assert (removed.kind, added.kind) == ("removed", "added")
    assert words(removed, True) == ["two", "pixels"]
    assert words(added, True) == ["one", "pixel"]


def test_another_line_is_told_as_a_whole() -> None:
    removed, added = compare("Look twice.", "Schatten fallen nach links unten hin")
    assert words(removed, True) == words(added, True) == []


def test_long_stretches_without_a_change_are_left_out() -> None:
    before = [f"line {n}" for n in range(40)]
    after = [*before[:20], "new", *before[20:]]
    kinds = [line.kind for line in compare("\n".join(before), "\n".join(after))]
    assert kinds == ["gap", "same", "same", "added", "same", "same"]
