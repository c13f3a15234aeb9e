"""Admins are told when the scores of what comes in change by more than chance, and enough to matter."""

from datetime import datetime, timedelta

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import Cast
from delivery.models import Alarm, Notice
from generation.models import Candidate, GenerationRequest, ModelVersion, RequestProduct, Score
from generation.tests.factories import make_picture, make_revision, make_version
from reviews.services import reward_drift
from reviews.statistics import rank_sum_p


class Scored:
    """Products whose images are scored at a time, all of one picture."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.picture = cast, make_picture(cast.team)
        self.generator, self.version = make_version("generator"), make_version("reward")
        self.now = timezone.now()

    def add(self, days_ago: float, means: list[float], *, images: int = 1, version: ModelVersion | None = None) -> None:
        at: datetime = self.now - timedelta(days=days_ago)
        for mean in means:
            request = GenerationRequest.objects.create(
                team=self.cast.team, variant="background_enhancement", created_by=self.cast.operator, state="ready",
                prompt="a mug", candidate_count=images, seed=1, steps=2, guidance=3.0,
                reward_version=version or self.version,
            )  # fmt: skip
            RequestProduct.objects.create(request=request, revision=make_revision(self.cast.operator))
            for position in range(images):
                candidate = Candidate.objects.create(
                    request=request, position=position, state="scored", raw=self.picture, composed=self.picture,
                    generator_version=self.generator,
                )  # fmt: skip
                by = version or self.version
                Score.objects.create(candidate=candidate, version=by, value=mean, rank=position + 1)
            with pgtrigger.ignore("generation.Score:append_only"):
                Score.objects.filter(candidate__request=request).update(created_at=at)


def _spread(middle: float) -> list[float]:
    return [middle + step / 100 for step in range(-10, 11)]


@pytest.mark.django_db
def test_lower_scores_are_told_once_until_they_are_back(cast: Cast) -> None:
    world = Scored(cast)
    world.add(20, _spread(0.7))
    world.add(2, _spread(0.5))
    assert (reward_drift.watch_reward_drift(world.now), reward_drift.watch_reward_drift(world.now)) == (1, 0)
    notice = Notice.objects.get(user=cast.admin)
    assert (notice.kind, notice.values["recent"], notice.values["before"]) == ("reward.drift", 50, 70)
    assert notice.values["version"] == str(world.version)
    assert reward_drift.watch_reward_drift(world.now + timedelta(days=30)) == 0
    world.add(-22, _spread(0.5))
    assert reward_drift.watch_reward_drift(world.now + timedelta(days=25)) == 0
    assert not Alarm.objects.exists(), "what is lower now was lower before as well"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("recent", "days_ago"),
    [
        (_spread(0.68), 2),  # too little to matter
        (_spread(0.5)[:5], 2),  # too few products
        (_spread(0.5), 40),  # long ago
    ],
)
def test_what_is_small_or_few_or_old_is_not(cast: Cast, recent: list[float], days_ago: float) -> None:
    world = Scored(cast)
    world.add(20, _spread(0.7))
    world.add(days_ago, recent)
    assert reward_drift.watch_reward_drift(world.now) == 0


@pytest.mark.django_db
def test_one_product_with_many_images_is_one_product(cast: Cast) -> None:
    world = Scored(cast)
    world.add(20, _spread(0.7))
    world.add(2, [0.1], images=30)
    assert list(reward_drift.measure_reward_drift(world.now)) == []


@pytest.mark.django_db
def test_another_version_is_another_comparison(cast: Cast) -> None:
    """A new reward model may score lower; that is no drift of what comes in."""
    world = Scored(cast)
    world.add(20, _spread(0.7))
    world.add(2, _spread(0.5), version=make_version("reward", name="another"))
    with CaptureQueriesContext(connection) as asked:
        assert list(reward_drift.measure_reward_drift(world.now)) == []
    assert len(asked) == 1


def test_ranks_by_hand() -> None:
    # Ranks of the first 1, 2, 3, 5 of 8: U = 1 of a mean of 8, variance 12; z = (7 - 0.5) / sqrt(12) = 1.8764.
    assert rank_sum_p([1, 2, 3, 5], [4, 6, 7, 8]) == pytest.approx(0.0606, abs=5e-5)
    # With ties: 1, 2, 2 and 2, 3, 3 have the ranks 1, 3, 3 and 3, 5.5, 5.5; U = 1, variance 4.5 (6 + 1 - 30 / 30) / 6.
    assert rank_sum_p([1, 2, 2], [2, 3, 3]) == pytest.approx(0.157, abs=1e-2)
    assert rank_sum_p([1, 1], [1, 1]) == 1.0
    with pytest.raises(ValueError, match="nothing"):
        rank_sum_p([], [1])


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=40), st.lists(st.floats(0, 1), min_size=1, max_size=40),
)  # fmt: skip
def test_the_p_is_a_probability_and_symmetric(one: list[float], other: list[float]) -> None:
    p = rank_sum_p(one, other)
    assert 0 <= p <= 1
    assert p == pytest.approx(rank_sum_p(other, one))


def test_it_agrees_with_another_program() -> None:
    from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]  # for tests only

    one, other = [0.1, 0.4, 0.4, 0.55, 0.7, 0.71, 0.9], [0.4, 0.5, 0.6, 0.8, 0.8, 0.95, 0.97, 0.99]
    theirs = mannwhitneyu(one, other, alternative="two-sided", method="asymptotic", use_continuity=True).pvalue
    assert rank_sum_p(one, other) == pytest.approx(theirs, rel=1e-9)
