"""From the request to the verdict, whatever dies on the way: a broker that forgets, repeats and reorders, workers that
are killed or wake up late, files that are gone, people who cancel, try again, judge and report (I12)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db.models import F, ProtectedError
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from accounts.tests.factories import make_cast
from canvas_review.tests.pipeline_workers import SIDE, Killed, Worker
from delivery import outbox
from delivery.models import OutboxMessage
from generation.imaging.encoding import encode_mask, encode_png
from generation.lifecycle import IllegalMove
from generation.models import Candidate, GenerationRequest, MaskRepair, ModelVersion
from generation.models.attempts import MAX_ATTEMPTS, SILENT_AFTER_SECONDS
from generation.models.requests import ENDED
from generation.services import repairs
from generation.services.products import create_product
from generation.services.requests import cancel_request, open_request, retry_request
from generation.services.sweeping import restart_silent_work
from generation.tests.factories import make_version
from generation.tests.image_cast import product_photo
from reviews.models import ItemCandidate, Outcome, ReviewItem
from reviews.services import enqueueing, later_visits, queue, withdrawals
from reviews.tests.desk_machine import BACK, latest
from reviews.tests.factories import decide, report
from reviews.tests.skewed_clock import SkewedClock

Message = tuple[str, str, int]
"""(task, queue, key), as the relay publishes it."""
QUEUES = frozenset({"gpu", "cpu"})
STAGES = ("generation.produce", "generation.screen", "generation.score")
SWEEPS = 4 * MAX_ATTEMPTS
"""After so many sweeps, each a minute of silence after the last, nothing may be under way: three stages, each with as
many attempts as there are, and one for what the broker forgot."""
FATES = st.sampled_from(["well", "well", "well", "killed", "killed", "breaks", "for good", "late", "late"])


class PipelineMachine(SkewedClock):
    """The broker is the list `messages`; everything else is what runs in production."""

    @initialize()
    def open(self) -> None:
        self.cast = make_cast()
        for kind in ("generator", "reward"):
            if not ModelVersion.objects.filter(kind=kind, state="active").exists():
                make_version(kind, state="active")
        self.messages: list[Message] = []
        self.ended: dict[int, tuple[str, int]] = {}
        OutboxMessage.objects.all().delete()
        self.ask(2)
        self.ask(1)
        self.relay(False)

    @property
    def requests(self) -> list[GenerationRequest]:
        return list(GenerationRequest.objects.filter(team=self.cast.team).order_by("pk"))

    @rule(count=st.integers(1, 2))
    def ask(self, count: int) -> None:
        photo, mask = product_photo(SIDE, SIDE)
        photo[0, :] = len(self.requests)  # a file of its own
        product = create_product(
            self.cast.team, self.cast.operator, title="Bottle", category="bottle", external_id="",
            photo_bytes=encode_png(photo), photo_type="image/png", mask_bytes=encode_mask(mask), mask_type="image/png",
        )  # fmt: skip
        open_request(
            self.cast.team, self.cast.operator, revisions=[product.revisions.get()], variant="background_enhancement",
            prompt="a bottle on a table", candidate_count=count, steps=2,
        )  # fmt: skip

    # The way of the messages

    @rule(loses=st.booleans())
    def relay(self, loses: bool) -> None:
        self._publish((lambda *_message: None) if loses else lambda *message: self.messages.append(message))

    @staticmethod
    def _publish(publish: Callable[[str, str, int], None]) -> None:
        outbox.publish_waiting(publish)

    @rule()
    def the_broker_is_away(self) -> None:
        def refuse(*_message: object) -> None:
            raise OSError

        waits = OutboxMessage.objects.waiting().count()
        try:
            self._publish(refuse)
        except OSError:
            assert OutboxMessage.objects.waiting().count() == waits

    @rule()
    def the_broker_forgets(self) -> None:
        self.messages.clear()

    @precondition(lambda self: self.messages)
    @rule(back=BACK, fate=FATES, again=st.booleans(), blocked=st.sets(st.integers(0, 1)))
    def work(self, back: int, fate: str, again: bool, blocked: set[int]) -> None:
        """Any message, not the oldest; and it may come again."""
        message = latest(self.messages, back)
        if not again:
            self.messages.remove(message)
        self._deliver(message, fate, sorted(blocked))

    @rule(fates=st.lists(FATES, min_size=1, max_size=4), blocked=st.sets(st.integers(0, 1)))
    def go_on(self, fates: list[str], blocked: set[int]) -> None:
        """What happens on most days: what was written is published, what comes first is done."""
        for fate in fates:
            self.relay(False)
            if self.messages:
                self._deliver(self.messages.pop(0), fate, sorted(blocked))

    def _deliver(self, message: Message, fate: str = "well", blocked: list[int] | None = None) -> None:
        task, _queue, key = message
        if task == "reviews.enqueue_request":
            enqueueing.enqueue_request(GenerationRequest.objects.get(pk=key))
        elif task == "reviews.reopen_kept":
            withdrawals.reopen_kept(MaskRepair.objects.get(pk=key))
        elif task in STAGES:
            self._run(message, fate, blocked or [])

    def _run(self, message: Message, fate: str, blocked: list[int]) -> None:
        task, _queue, key = message
        state = GenerationRequest.objects.get(pk=key).state
        took_over = False

        def meanwhile() -> None:
            nonlocal took_over
            self._silence()
            restart_silent_work(frozenset())
            took_over = Worker("well", lambda: None).run(task, GenerationRequest.objects.get(pk=key))

        worker = Worker(fate, meanwhile, blocked)
        try:
            done = worker.run(task, GenerationRequest.objects.get(pk=key))
        except Killed:
            assert GenerationRequest.objects.get(pk=key).attempt_token is not None
            return
        # Of the late one and who took over, at most one finished; what had ended before was not touched.
        assert not (done and took_over) and not (done and state in ENDED)

    # Time

    @rule()
    def a_minute_goes_by(self) -> None:
        """In silence: whoever was killed has not been heard of since."""
        self._silence()
        OutboxMessage.objects.waiting().update(due_at=F("due_at") - timedelta(minutes=1), claimed_until=None)

    def _silence(self) -> None:
        minute = timedelta(seconds=SILENT_AFTER_SECONDS + 1)
        mine = GenerationRequest.objects.filter(team=self.cast.team)
        mine.update(heartbeat_at=F("heartbeat_at") - minute, created_at=F("created_at") - minute)

    @rule()
    def sweep(self) -> None:
        restart_silent_work(QUEUES - {where for _task, where, _key in self.messages})

    @rule()
    def pull(self) -> None:
        enqueueing.pull_scored()
        withdrawals.pull_kept()
        later_visits.pull_due()

    # People

    @precondition(lambda self: self.requests)
    @rule(back=BACK)
    def cancel(self, back: int) -> None:
        request = latest(self.requests, back)
        try:
            cancel_request(request)
        except IllegalMove:
            assert request.state in ENDED

    @precondition(lambda self: self.requests)
    @rule(back=BACK)
    def try_again(self, back: int) -> None:
        request = latest(self.requests, back)
        try:
            retry_request(request)
        except IllegalMove:
            assert request.state != "failed"
            return
        self.ended.pop(request.pk, None)

    @precondition(lambda self: self.requests)
    @rule(back=BACK)
    def the_product_cannot_go(self, back: int) -> None:
        product = latest(self.requests, back).revisions.get().product
        with pytest.raises(ProtectedError):
            product.delete()

    @precondition(lambda self: self.requests)
    @rule(back=BACK)
    def the_photo_is_gone(self, back: int) -> None:
        default_storage.delete(latest(self.requests, back).revisions.get().photo.name)

    @rule(what=st.sampled_from(["judge", "cannot", "report", "leave"]))
    def review(self, what: str) -> None:
        slot = queue.claim(self.cast.reviewer).slot
        if slot is None or what == "leave":
            return
        if what == "report":
            report(self.cast.reviewer, slot)
        else:
            decide(self.cast.reviewer, slot, cannot_judge=what == "cannot")

    @precondition(lambda self: MaskRepair.objects.filter(team=self.cast.team, state="open").exists())
    @rule()
    def keep_the_mask(self) -> None:
        repairs.keep_mask(MaskRepair.objects.filter(team=self.cast.team, state="open").earliest("pk"), self.cast.admin)

    # What holds

    @invariant()
    def what_has_ended_stays_ended(self) -> None:
        """A late worker writes nothing more, and nobody holds it."""
        for request in self.requests:
            if request.state in ENDED:
                made = request.candidates.count()
                assert self.ended.setdefault(request.pk, (request.state, made)) == (request.state, made)
                assert request.attempt_token is None and request.ended_at is not None
            assert request.attempts <= MAX_ATTEMPTS
            assert request.candidates.count() in (0, request.candidate_count)

    @invariant()
    def people_see_what_was_cleared_and_scored_once(self) -> None:
        shown = ItemCandidate.objects.filter(item__queue__team=self.cast.team)
        assert set(shown.values_list("candidate__state", flat=True)) <= {"scored"}
        items = ReviewItem.objects.filter(queue__team=self.cast.team, first=None).values_list("request", flat=True)
        assert len(items) == len(set(items))

    def teardown(self) -> None:
        try:
            if hasattr(self, "messages"):
                self._let_it_end()
        finally:
            super().teardown()

    def _let_it_end(self) -> None:
        """From here on workers are well, and a minute goes by between two sweeps: everything comes to its end."""
        self.messages.clear()  # the broker has just been started anew
        for _ in range(SWEEPS):
            self.a_minute_goes_by()
            self.sweep()
            self.relay(False)
            for message in self.messages:
                self._deliver(message)
            self.messages.clear()
            self.pull()
            for _item in range(len(self.requests)):
                self.review("judge")
        assert {request.state for request in self.requests} <= set(ENDED)
        for candidate in Candidate.objects.filter(request__team=self.cast.team).select_related("request"):
            assert _has_ended(candidate), f"{candidate}: {candidate.state} of {candidate.request.state}"


def _has_ended(candidate: Candidate) -> bool:
    """Stopped, left with a request that did not come through, not chosen to be shown, or judged."""
    if candidate.state == "blocked" or candidate.request.state in ("cancelled", "failed", "all_blocked"):
        return True
    items = ReviewItem.objects.filter(candidates=candidate)
    outcomes = Outcome.objects.filter(candidate=candidate, item__in=items)
    return candidate.state == "scored" and outcomes.count() == items.count()
