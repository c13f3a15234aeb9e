"""The rows of each item, as the lines of a COPY: what the services would have written, step by step."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from generation.variants import DEFAULT_VARIANT, VARIANTS
from reviews.services.load.floor import Floor
from reviews.services.load.plan import Calendar, LoadPlan
from reviews.services.outcomes import outcome_of

COLUMNS = {
    "generation_generationrequest": (
        "id, attempts, steps_done, steps_total, failure, handle, team_id, variant, prompt, candidate_count, seed,"
        " steps, guidance, origin_sha256, state, generator_version_id, reward_version_id, created_by_id, created_at,"
        " ended_at"
    ),
    "generation_requestproduct": "id, request_id, revision_id, position, placement",
    "generation_candidate": (
        "id, handle, request_id, position, state, raw_id, composed_id, recipe, generator_version_id, created_at"
    ),
    "generation_score": "id, candidate_id, version_id, value, rank, created_at",
    "reviews_reviewitem": (
        "id, handle, queue_id, request_id, state, entered_because, priority, resolved_at, created_at"
    ),
    "reviews_itemcandidate": "id, item_id, candidate_id, reason, propensity",
    "reviews_slot": (
        "id, item_id, queue_id, number, images, turn_at, family_id, fresh_eyes, state, attempt, reviewer_id, is_soft,"
        " quota_day_id"
    ),
    "reviews_decision": (
        "id, slot_id, attempt, reviewer_id, kind, idempotency_key, fingerprint, shown_order, active_ms, aids,"
        " created_at"
    ),
    "reviews_verdict": "id, decision_id, candidate_id, approved, product_right, scene_right, codes, marks, comment",
    "reviews_retraction": "id, decision_id, reviewer_id, created_at",
    "reviews_outcome": "id, item_id, candidate_id, state, votes, approvals, created_at",
}
DAYS = "reviews_quotaday"
_CODES = [f"{{{code}}}" for code in VARIANTS[DEFAULT_VARIANT].defect_codes[:4]]
_UNDONE, _UNJUDGED, _GOOD = 0.01, 0.01, 0.7
_FINGERPRINT = "0" * 64


@dataclass
class _Item:
    key: int
    queue: int
    entered: datetime
    decided: datetime | None
    candidates: list[tuple[int, bool]]
    """The key of each, and whether it is good: what a careful reviewer finds."""


class Rows:
    """Makes items one after the other; `taken` hands over the lines made since it was asked before, by table.

    `first` is the key at which each table begins (see `most`).
    """

    def __init__(self, plan: LoadPlan, floor: Floor, today: date, first: Mapping[str, int]) -> None:
        self._plan, self._floor = plan, floor
        self._rng = random.Random(plan.seed)  # noqa: S311 - no secret
        self._entering, self._deciding = Calendar(today, plan.days), Calendar(today, plan.days)
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._keys = {table: count(key) for table, key in first.items()}
        self.counts: Counter[str] = Counter()
        self._reviewers = [reviewer.pk for reviewer in floor.reviewers]
        self._care = [self._rng.uniform(0.8, 0.97) for _ in self._reviewers]
        self._pace = [self._rng.uniform(2500, 7000) for _ in self._reviewers]
        self._days: dict[tuple[int, int, date], int] = {}
        self._used: Counter[int] = Counter()

    def add(self, number: int) -> None:
        plan, rng, floor = self._plan, self._rng, self._floor
        entered = self._entering.at(number / plan.items)
        decided = self._deciding.at((number + 1) / plan.decided) if number < plan.decided else None
        place = rng.choices(range(len(floor.queues)), floor.shares)[0]
        item = self._request(number, place, entered, decided)
        seats = floor.queues[place].overlap
        people = rng.sample(range(len(self._reviewers)), seats)
        votes: dict[int, list[bool]] = {key: [] for key, _good in item.candidates}
        for seat in range(seats):
            if decided is None:
                self._slot(item, seat + 1, "ready\t1\t\\N\tf\t\\N")
            else:
                self._seat(item, seat + 1, people[seat], decided + timedelta(seconds=seat), votes)
        if decided is not None:
            self._outcomes(item, floor.queues[place].policy, decided + timedelta(seconds=seats), votes)

    def taken(self) -> dict[str, list[str]]:
        lines, self._lines = self._lines, defaultdict(list)
        self.counts.update({table: len(made) for table, made in lines.items()})
        return lines

    def quota_days(self) -> Iterator[tuple[int, int, int, date, int]]:
        """(key, reviewer, queue, day, used), of everything that was added."""
        for (reviewer, in_queue, day), key in self._days.items():
            yield key, reviewer, in_queue, day, self._used[key]

    def _put(self, table: str, values: str) -> int:
        key = next(self._keys[table])
        self._lines[table].append(f"{key}\t{values}\n")
        return key

    def _handle(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"

    def _request(self, number: int, place: int, entered: datetime, decided: datetime | None) -> _Item:
        floor, rng = self._floor, self._rng
        images = rng.choice((1, 1, 2, 4))
        in_queue, version = floor.queues[place], floor.version.pk
        request = self._put(
            "generation_generationrequest",
            f"1\t0\t0\t\t{self._handle()}\t{floor.team.pk}\t{in_queue.variant}\ta product on a table\t{images}\t1\t4\t3"
            f"\t\tready\t{version}\t{version}\t{floor.admin.pk}\t{entered}\t{entered}",
        )
        product = number % len(floor.revisions)
        self._put("generation_requestproduct", f"{request}\t{floor.revisions[product].pk}\t0\t{{}}")
        state = "open\t{}\t0\t\\N" if decided is None else f"resolved\t{{}}\t0\t{decided + timedelta(seconds=9)}"
        key = self._put("reviews_reviewitem", f"{self._handle()}\t{in_queue.pk}\t{request}\t{state}\t{entered}")
        item = _Item(key, in_queue.pk, entered, decided, [])
        for position in range(images):
            self._candidate(item, request, position, floor.pictures[(product + position) % len(floor.pictures)].pk)
        return item

    def _candidate(self, item: _Item, request: int, position: int, picture: int) -> None:
        version, good = self._floor.version.pk, self._rng.random() < _GOOD
        key = self._put(
            "generation_candidate",
            f"{self._handle()}\t{request}\t{position}\tscored\t{picture}\t{picture}\t{{}}\t{version}\t{item.entered}",
        )
        # The score knows a little of what people will say.
        score = min(0.99, max(0.01, self._rng.gauss(0.65 if good else 0.4, 0.15)))
        self._put("generation_score", f"{key}\t{version}\t{score:.4f}\t{position + 1}\t{item.entered}")
        self._put("reviews_itemcandidate", f"{item.key}\t{key}\ttop_rank\t1")
        item.candidates.append((key, good))

    def _slot(self, item: _Item, number: int, rest: str) -> int:
        return self._put(
            "reviews_slot",
            f"{item.key}\t{item.queue}\t{number}\t{len(item.candidates)}\t{item.entered}\t{item.key}\tf\t{rest}",
        )

    def _seat(self, item: _Item, number: int, person: int, at: datetime, votes: dict[int, list[bool]]) -> None:
        attempt = 2 if self._rng.random() < _UNDONE else 1
        reviewer = self._reviewers[person]
        day = self._day(reviewer, item.queue, at.date())
        self._used[day] += len(item.candidates)
        slot = self._slot(item, number, f"decided\t{attempt}\t{reviewer}\tf\t{day}")
        if attempt == 2:
            undone, _votes = self._decision(item, slot, 1, person, at - timedelta(minutes=1))
            self._put("reviews_retraction", f"{undone}\t{reviewer}\t{at - timedelta(seconds=30)}")
        _decision, said = self._decision(item, slot, attempt, person, at)
        for candidate, approved in said:
            votes[candidate].append(approved)

    def _day(self, reviewer: int, in_queue: int, day: date) -> int:
        place = (reviewer, in_queue, day)
        if place not in self._days:
            self._days[place] = next(self._keys[DAYS])
        return self._days[place]

    def _decision(
        self, item: _Item, slot: int, attempt: int, person: int, at: datetime
    ) -> tuple[int, list[tuple[int, bool]]]:
        """Its key, and what it said of each candidate."""
        rng = self._rng
        judged = rng.random() >= _UNJUDGED
        active = round(rng.expovariate(1 / self._pace[person]) * max(1, len(item.candidates) * 0.8)) + 800
        kind = "judged" if judged else "cannot_judge"
        decision = self._put(
            "reviews_decision",
            f"{slot}\t{attempt}\t{self._reviewers[person]}\t{kind}\t{self._handle()}\t{_FINGERPRINT}\t{{}}\t{active}"
            f"\t{{}}\t{at}",
        )
        said: list[tuple[int, bool]] = []
        for key, good in item.candidates if judged else ():
            approved = good if rng.random() < self._care[person] else not good
            codes = "{}" if approved else rng.choice(_CODES)
            flags = "t\tt\tt" if approved else "f\tt\tf"
            self._put("reviews_verdict", f"{decision}\t{key}\t{flags}\t{codes}\t[]\t")
            said.append((key, approved))
        return decision, said

    def _outcomes(self, item: _Item, policy: str, at: datetime, votes: dict[int, list[bool]]) -> None:
        for candidate, said in votes.items():
            state = outcome_of(policy, said).value
            self._put("reviews_outcome", f"{item.key}\t{candidate}\t{state}\t{len(said)}\t{sum(said)}\t{at}")


def most(plan: LoadPlan, reviewers: int) -> dict[str, int]:
    """How many keys each table needs at the very most."""
    images, seats, tries = 4, 3, 2
    decisions = plan.decided * seats * tries
    return {
        "generation_generationrequest": plan.items,
        "generation_requestproduct": plan.items,
        "generation_candidate": plan.items * images,
        "generation_score": plan.items * images,
        "reviews_reviewitem": plan.items,
        "reviews_itemcandidate": plan.items * images,
        "reviews_slot": plan.items * seats,
        "reviews_decision": decisions,
        "reviews_verdict": decisions * images,
        "reviews_retraction": decisions,
        "reviews_outcome": plan.decided * images,
        DAYS: reviewers * seats * plan.days,
    }
