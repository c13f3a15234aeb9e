"""The gallery: which images are in it, what filters ask for, what resembles what, and paging without counting."""

from datetime import timedelta

import pytest
from django.db.models import Value
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.tests.factories import Cast, make_cast
from generation.models import Candidate
from generation.tests.factories import make_scored_request
from reviews import gallery
from reviews.gallery import GalleryFilters, matching
from reviews.models import Outcome
from reviews.tests.factories import claimed, decide, make_item, make_queue, reject_all


def found(cast: Cast, **filters: object) -> set[int]:
    return set(matching(cast.team, GalleryFilters(**filters)).values_list("pk", flat=True))  # type: ignore[arg-type]


@pytest.fixture
def judged(cast: Cast) -> dict[str, Candidate]:
    """One approved, one rejected for its seam, one nobody has decided, one blocked, one unscreened, one of others."""
    make_queue(cast.team)
    approved, rejected = (make_item(cast.operator).candidates.get() for _ in range(2))
    decide(cast.reviewer, claimed(cast.reviewer))
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, reject_all(slot))
    others = {name: make_scored_request(cast.operator, [0.5]).candidates.get() for name in ("open", "blocked", "new")}
    Candidate.objects.filter(pk=others["blocked"].pk).update(state="blocked")
    Candidate.objects.filter(pk=others["new"].pk).update(state="generated")
    make_scored_request(cast.stranger, [0.5])
    return {"approved": approved, "rejected": rejected, **others}


def test_what_people_may_see_is_there_and_what_was_blocked_only_when_asked_for(
    cast: Cast, judged: dict[str, Candidate]
) -> None:
    assert found(cast) == {judged[name].pk for name in ("approved", "rejected", "open")}
    assert found(cast, blocked=True) == {judged["blocked"].pk}


def test_filters_ask_for_what_they_say(cast: Cast, judged: dict[str, Candidate]) -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)
    product = judged["open"].request.revisions.get().product
    product.title, product.external_id = "Wide bowl", "B-7"
    product.save()
    only = {name: {candidate.pk} for name, candidate in judged.items()}
    assert found(cast, outcome="approved") == only["approved"]
    assert found(cast, outcome="rejected") == only["rejected"]
    assert found(cast, outcome="none") == only["open"]
    assert found(cast, code="seam") == only["rejected"]
    assert found(cast, code="floating") == set()
    assert found(cast, product="wide") == found(cast, product="b-7") == only["open"]
    assert found(cast, version=judged["open"].generator_version) == only["open"]
    assert found(cast, request_state="failed") == found(cast, variant="motion") == set()
    assert found(cast, since=tomorrow) == set()
    assert len(found(cast, until=tomorrow)) == 3


def test_an_outcome_of_an_open_item_does_not_count(cast: Cast, judged: dict[str, Candidate]) -> None:
    item = Outcome.objects.get(candidate=judged["approved"]).item
    type(item).objects.filter(pk=item.pk).update(state="open")
    assert found(cast, outcome="approved") == set()
    assert judged["approved"].pk in found(cast, outcome="none")


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "PAGE", 2)
    make_scored_request(cast.operator, [0.1, 0.2, 0.3, 0.4, 0.5])
    rows, before, seen = matching(cast.team, GalleryFilters()), None, []
    while True:
        page, before = gallery.newest(rows, before)
        seen += [candidate.pk for candidate in page]
        if before is None:
            break
    assert seen == sorted(found(cast), reverse=True)
    assert len(seen) == 5


def test_the_nearest_come_first_and_other_teams_never(cast: Cast) -> None:
    hashes = [0, 0b1011, -1, 0b1, None]
    candidates = list(make_scored_request(cast.operator, [0.5] * 5).candidates.order_by("pk"))
    for candidate, bits in zip(candidates, hashes, strict=True):
        Candidate.objects.filter(pk=candidate.pk).update(perceptual_hash=bits)
    Candidate.objects.filter(request=make_scored_request(cast.stranger, [0.5])).update(perceptual_hash=0)
    candidates[0].refresh_from_db()
    near = gallery.alike(matching(cast.team, GalleryFilters()), candidates[0])
    told = [(candidate.pk, candidate.distance) for candidate in near]  # type: ignore[attr-defined]
    assert told == [(candidates[at].pk, bits) for at, bits in ((0, 0), (3, 1), (1, 3), (2, 64))]
    assert gallery.alike(matching(cast.team, GalleryFilters()), candidates[4]) == []


class TestDistance(TestCase):
    @settings(deadline=None, max_examples=40)
    @given(*[st.integers(-(2**63), 2**63 - 1)] * 2)
    def test_it_is_the_number_of_bits_that_differ(self, one: int, other: int) -> None:
        Candidate.objects.update(perceptual_hash=one)
        rows = Candidate.objects.annotate(distance=gallery.HammingDistance("perceptual_hash", Value(other)))
        differ = ((one ^ other) & (2**64 - 1)).bit_count()
        assert set(rows.values_list("distance", flat=True)) == {differ}

    @classmethod
    def setUpTestData(cls) -> None:
        make_scored_request(make_cast().operator, [0.5])


@pytest.mark.parametrize(("role", "blocked", "version"), [("operator", 1, 0), ("ml_engineer", 0, 1), ("admin", 1, 1)])
def test_each_role_may_ask_for_what_is_its_own(
    cast: Cast, judged: dict[str, Candidate], client: Client, role: str, blocked: int, version: int
) -> None:
    client.force_login(getattr(cast, role))
    page = client.get("/gallery/?blocked=on").content.decode()
    assert page.count('name="blocked"') == blocked
    assert page.count('name="version"') == version
    assert ("Blocked" in page) == bool(blocked)


@pytest.mark.parametrize("like", ["x", "0b7c1f0e-5d0a-4e59-8f43-6a0c6f7f2c11"])
def test_nothing_resembles_what_is_not_there(cast: Cast, client: Client, like: str) -> None:
    client.force_login(cast.operator)
    assert client.get(f"/gallery/?like={like}").status_code == 404


@pytest.mark.parametrize("address", ["?before=x", "?before=99999999999999999999", "?product=%00", "?since=x&code=y"])
def test_an_address_that_means_nothing_still_shows_a_page(cast: Cast, client: Client, address: str) -> None:
    client.force_login(cast.operator)
    assert client.get(f"/gallery/{address}").status_code == 200
