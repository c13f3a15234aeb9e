"""A process whose clock is wrong by hours: what Python takes for the time is not what the database does."""

from datetime import datetime, timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

SKEWS = (0, -30, -3, 5, 30)


class SkewedClock(RuleBasedStateMachine):
    """`skew` is how many hours the clock of whatever process serves is fast. It changes from one request to the next,
    as behind a balancer."""

    def __init__(self) -> None:
        super().__init__()
        self.skew, self._right = 0, timezone.now
        timezone.now = self._of_the_process

    def teardown(self) -> None:
        timezone.now = self._right

    def _of_the_process(self) -> datetime:
        return self._right() + timedelta(hours=self.skew)

    @rule(hours=st.sampled_from(SKEWS))
    def another_process_serves(self, hours: int) -> None:
        self.skew = hours
