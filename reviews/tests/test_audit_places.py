"""Pages follow each other without a gap and without a repetition, also where everything happened at one moment."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import Cast
from reviews.audit import listing
from reviews.audit.entries import Place
from reviews.audit.filters import AuditFilters
from reviews.audit.places import NoPlace, read_place, write_place
from reviews.services import crews
from reviews.tests.factories import make_queue

MOMENTS = st.integers(-(10**15), 10**17).map(lambda passed: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(0, 0, passed))


@given(MOMENTS, st.sampled_from(["reviews.queue", "accounts.apitoken"]), st.integers(0, 10**18 - 1))
def test_a_place_is_read_as_it_was_written(at: datetime, source: str, key: int) -> None:
    place = Place(at, source, key)
    assert read_place(write_place(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300,
        "MS8y",
        "=",
        "a",
        "_",
        base64.b64encode(b"9" * 18 + b"/reviews.queue/1").decode(),
        write_place(Place(datetime(2026, 1, 1, tzinfo=UTC), "queue", 1)),
        "\ud800",
        "\0",
        "ä",
    ],
)
def test_forged_places_are_refused(text: str) -> None:
    with pytest.raises(NoPlace):
        read_place(text)


@pytest.mark.parametrize("most", [1, 3, 7])
def test_pages_of_one_moment_hold_everything_once(cast: Cast, most: int) -> None:
    """A test is one transaction, and histories tell its time: of all entries here it is the same."""
    for number in range(4):
        make_queue(cast.team, name=f"Queue {number}")
        crews.create_group(cast.team, cast.admin, f"Group {number}")
    whole, following = listing.newest(cast.team, AuditFilters(), most=1000)
    assert following is None
    assert len({entry.at for entry in whole}) == 1
    paged, before = [], None
    while True:
        found, before = listing.newest(cast.team, AuditFilters(), before, most)
        paged += found
        if before is None:
            break
    assert paged == whole
    assert len({entry.place for entry in paged}) == len(paged) >= 8
