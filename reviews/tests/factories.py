"""Queues, items and floors of reviewers for tests; `fill_queue` makes thousands of items in a few statements."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.models import Team, User
from generation.models import Candidate, DatasetSnapshot, GenerationRequest, RequestProduct
from generation.tests.factories import make_picture, make_revision, make_scored_request, make_version
from reviews.models import Decision, ItemCandidate, Queue, QuotaDay, ReviewItem, Slot
from reviews.services import decisions, enqueueing, leases, queue
from reviews.services.verdicts import MaskReport, VerdictInput

T = TypeVar("T")


def database_now() -> datetime:
    """What the database takes for the time, whatever this process does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def make_queue(team: Team, **values: object) -> Queue:
    """A queue that shows everything: a test about selection sets its own shares."""
    defaults = {
        "name": f"Queue {uuid.uuid4().hex[:8]}",
        "variant": "background_enhancement",
        "top_ranks": 9,
        "score_floor": 0.0,
    }
    return Queue.objects.create(team=team, **(defaults | values))


def make_item(user: User, images: int = 1, *, in_queue: Queue | None = None) -> ReviewItem:
    """An open item of `images` scored candidates, opened by `user`, in the way a request becomes one."""
    assert user.team is not None
    if in_queue is None and not Queue.objects.of_team(user.team).exists():
        make_queue(user.team)
    request = make_scored_request(user, [0.9 - rank / 100 for rank in range(images)])
    item = enqueueing.enqueue_request(request)
    assert item is not None
    if in_queue is not None and item.queue_id != in_queue.pk:
        Slot.objects.filter(item=item).delete()
        ReviewItem.objects.filter(pk=item.pk).update(queue=in_queue)
        item.refresh_from_db()
        add_slots([item], in_queue, images)
    return item


def add_slots(items: Sequence[ReviewItem], in_queue: Queue, images: int) -> None:
    Slot.objects.bulk_create(
        Slot(item=item, queue=in_queue, family=item, number=number, images=images)
        for item in items
        for number in range(1, in_queue.overlap + 1)
    )


def fill_queue(in_queue: Queue, user: User, count: int, *, images: int = 1, products: int = 1) -> list[ReviewItem]:
    """`count` open items of `images` candidates each, of `products` in turn, all of one picture and one generator."""
    generator, picture = make_version("generator"), make_picture(in_queue.team)
    revisions = [make_revision(user) for _ in range(products)]
    requests = GenerationRequest.objects.bulk_create(
        GenerationRequest(
            team=in_queue.team,
            variant=in_queue.variant,
            created_by=user,
            state="ready",
            prompt="a mug",
            candidate_count=images,
            seed=1,
            steps=2,
            guidance=3.0,
        )
        for _ in range(count)
    )
    RequestProduct.objects.bulk_create(
        RequestProduct(request=request, revision=revisions[number % products])
        for number, request in enumerate(requests)
    )
    candidates = Candidate.objects.bulk_create(
        Candidate(
            request=request,
            position=position,
            state="scored",
            raw=picture,
            composed=picture,
            generator_version=generator,
        )
        for request in requests
        for position in range(images)
    )
    items = ReviewItem.objects.bulk_create(ReviewItem(queue=in_queue, request=request) for request in requests)
    ItemCandidate.objects.bulk_create(
        ItemCandidate(item=items[number // images], candidate=candidate, reason="top_rank", propensity=1.0)
        for number, candidate in enumerate(candidates)
    )
    add_slots(items, in_queue, images)
    if count >= 1000:
        # What autovacuum does within a minute of such a batch: without it the planner thinks the table empty.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE reviews_slot, reviews_reviewitem")
    return items


def make_snapshot(user: User) -> DatasetSnapshot:
    """A snapshot's row, without files."""
    assert user.team is not None
    return DatasetSnapshot.objects.create(
        team=user.team,
        name=f"s-{uuid.uuid4().hex[:8]}",
        version=1,
        sha256="0" * 64,
        files={},
        counts={},
        created_by=user,
    )


def approve_all(slot: Slot) -> list[VerdictInput]:
    return [VerdictInput(candidate.handle, approved=True) for candidate in slot.item.candidates.all()]


def reject_all(slot: Slot, code: str = "seam") -> list[VerdictInput]:
    return [VerdictInput(candidate.handle, approved=False, codes=[code]) for candidate in slot.item.candidates.all()]


def decide(reviewer: User, slot: Slot, verdicts: Sequence[VerdictInput] | None = None, **values: object) -> Decision:
    """Decide a leased slot, approving everything unless told otherwise."""
    if verdicts is None:
        verdicts = [] if values.get("cannot_judge") else approve_all(slot)
    defaults: dict[str, Any] = {"idempotency_key": uuid.uuid4(), "verdicts": verdicts}
    return decisions.decide(reviewer, token_of(slot), **(defaults | values))


def report(
    reviewer: User,
    slot: Slot,
    comment: str = "",
    marks: Sequence[Mapping[str, float]] = (),
    *,
    key: uuid.UUID | None = None,
) -> Decision:
    """Say of a leased slot that the mask is wrong."""
    said = MaskReport(comment, marks)
    return decisions.decide(reviewer, token_of(slot), idempotency_key=key or uuid.uuid4(), mask_wrong=said)


def claimed(reviewer: User, *, soft: bool = False) -> Slot:
    """The slot of a claim that must be granted."""
    claim = queue.claim(reviewer, soft=soft)
    assert claim.slot is not None, claim
    return claim.slot


def token_of(slot: Slot) -> uuid.UUID:
    assert slot.lease_token is not None, f"{slot} is not leased"
    return slot.lease_token


def expire(*slots: Slot) -> None:
    """Let leases run out now; without slots, all of them."""
    leased = Slot.objects.filter(state="leased")
    if slots:
        leased = leased.filter(pk__in=[slot.pk for slot in slots])
    leased.update(lease_until=Now() - timedelta(minutes=1))


def granted(reviewer: User, *, soft: bool = False) -> leases.Grant:
    """A lease as a claim takes it, without what a claim does around it."""
    with transaction.atomic():
        leases.lock_desk(reviewer)
        return leases.grant(reviewer, soft=soft)


def used(reviewer: User) -> int:
    return sum(QuotaDay.objects.filter(reviewer=reviewer).values_list("used", flat=True))


def assert_books_balance() -> None:
    """I4: every day's `used` is the images of the slots, leased or decided, that were charged to it."""
    for day in QuotaDay.objects.all():
        charged = sum(Slot.objects.filter(quota_day=day).values_list("images", flat=True))
        assert day.used == charged, f"{day}: {charged} charged"


def in_threads(count: int, work: Callable[[int], T]) -> list[T]:
    """Run `work(number)` in `count` threads that start together, each with a database connection of its own."""
    start = Barrier(count)

    def run(number: int) -> T:
        try:
            connection.ensure_connection()
            start.wait(10)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(run, number) for number in range(count)]]
