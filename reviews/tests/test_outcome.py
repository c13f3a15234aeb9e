"""What several verdicts come to does not depend on who was first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from accounts.tests.factories import Cast, make_user
from reviews.models import Outcome
from reviews.services import queue
from reviews.services.outcomes import outcome_of
from reviews.tests.factories import approve_all, claimed, decide, make_item, make_queue, reject_all

POLICIES = st.sampled_from(["any_reject_fails", "majority"])


@given(POLICIES, st.lists(st.booleans(), max_size=9), st.randoms())
def test_the_order_of_votes_does_not_matter(policy, votes, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(votes)
    random.shuffle(shuffled)
    assert outcome_of(policy, shuffled) == outcome_of(policy, votes)


@given(POLICIES, st.lists(st.booleans(), min_size=1, max_size=9))
def test_a_further_approval_never_turns_an_approval_into_a_reject(policy: str, votes: list[bool]) -> None:
    order = ["rejected", "split", "approved"]
    assert order.index(outcome_of(policy, [*votes, True])) >= order.index(outcome_of(policy, votes))
    assert order.index(outcome_of(policy, [*votes, False])) <= order.index(outcome_of(policy, votes))


@pytest.mark.parametrize(
    ("policy", "votes", "outcome"),
    [
        ("any_reject_fails", [True, True, False], "rejected"),
        ("any_reject_fails", [True, True], "approved"),
        ("majority", [True, True, False], "approved"),
        ("majority", [True, False], "split"),
        ("majority", [False], "rejected"),
        ("any_reject_fails", [], "split"),
        ("majority", [], "split"),
    ],
)
def test_policies(policy: str, votes: list[bool], outcome: str) -> None:
    assert outcome_of(policy, votes) == outcome


def test_an_item_is_resolved_by_its_last_seat(cast: Cast) -> None:
    make_queue(cast.team, overlap=3, policy="majority")
    item = make_item(cast.operator, images=2)
    third = make_user(cast.team, Role.REVIEWER)
    for reviewer in (cast.reviewer, cast.second_reviewer):
        slot = claimed(reviewer)
        yes, no = (
            sorted(approve_all(slot), key=lambda verdict: verdict.candidate),
            sorted(reject_all(slot), key=lambda verdict: verdict.candidate),
        )
        decide(reviewer, slot, [yes[0], no[1]])
        assert not Outcome.objects.exists()
    decide(third, claimed(third), cannot_judge=True)
    item.refresh_from_db()
    assert item.state == "resolved"
    outcomes = {outcome.candidate.handle: outcome.state for outcome in Outcome.objects.select_related("candidate")}
    assert outcomes == {yes[0].candidate: "approved", no[1].candidate: "rejected"}
    assert queue.claim(make_user(cast.team, Role.REVIEWER)).reason == "nothing_waits"
