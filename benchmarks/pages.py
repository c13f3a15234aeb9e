"""The list of requests and the desk's claim, with 30 rows and with many: neither may notice the difference."""

from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import make_cast
from benchmarks.measuring import Result, median, rounded, timed
from benchmarks.stage import settle_tables
from reviews.services import queue, quotas
from reviews.tests.factories import fill_queue, make_queue

FEW, PRODUCTS = 30, 10


@dataclass(frozen=True)
class _House:
    """A team with its rows, and two of its people signed in."""

    reviewer: User
    operator_client: Client
    reviewer_client: Client

    def list_requests(self) -> None:
        response = self.operator_client.get(reverse("generation:requests"))
        assert response.status_code == 200 and b"a mug" in response.content

    def claim(self) -> None:
        response = self.reviewer_client.post(reverse("api:review-claim"), {}, content_type="application/json")
        assert response.status_code == 200 and response.json()["reason"] == "granted", response.content

    def give_back(self) -> None:
        for slot in queue.current(self.reviewer):
            assert slot.lease_token is not None
            queue.release(slot.lease_token, self.reviewer)


def measure(quick: bool) -> Result:
    rows, rounds = (300, 3) if quick else (3_000, 40)
    few, many = _furnish(FEW), _furnish(rows)
    settle_tables("generation_generationrequest", "generation_requestproduct", "reviews_reviewitem", "reviews_slot")
    baseline, figures = _queries(few), _queries(many)
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for size, house in (("few", few), ("many", many)):
            times.setdefault(f"list {size}", []).append(timed(house.list_requests)[0])
            times.setdefault(f"claim {size}", []).append(timed(house.claim)[0])
            house.give_back()
    for page in ("list", "claim"):
        baseline[f"{page}_ms"], figures[f"{page}_ms"] = median(times[f"{page} few"]), median(times[f"{page} many"])
    ratio = {page: figures[page] / baseline[page] for page in baseline}
    return Result("pages", rounded({"rows": rows} | figures), rounded({"rows": FEW} | baseline), rounded(ratio))


def _furnish(rows: int) -> _House:
    cast = make_cast()
    quotas.set_limit(cast.reviewer, 100_000, cast.admin)
    fill_queue(make_queue(cast.team), cast.operator, rows, products=PRODUCTS)
    return _House(cast.reviewer, _signed_in(cast.operator), _signed_in(cast.reviewer))


def _signed_in(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def _queries(house: _House) -> dict[str, float]:
    """Statements of one call of each page, after a first call that fills the caches."""
    counts: dict[str, float] = {}
    for page, call in (("list", house.list_requests), ("claim", house.claim)):
        call()
        house.give_back()
        with CaptureQueriesContext(connection) as captured:
            call()
        counts[f"{page}_queries"] = len(captured)
        house.give_back()
    return counts
