"""What is said of a known item is work, and nothing else: no outcome, no pair, no dataset, no webhook, no next look."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage, WebhookMessage
from delivery.services import endpoints
from generation.models import MaskRepair
from generation.services import repairs
from reviews import gallery, metrics
from reviews.gallery import GalleryFilters
from reviews.models import (
    AgreementDay,
    Escalation,
    Outcome,
    PreferencePair,
    Queue,
    QuotaDay,
    ReviewItem,
    WorkDay,
)
from reviews.models.gold import known_verdicts
from reviews.reports import sums
from reviews.reports.filters import last_days
from reviews.services import alarms, announcements, escalations, later_visits, undoing, withdrawals
from reviews.services.bulk import effect_of_download
from reviews.services.bundles import Question
from reviews.services.judged import REQUEST_CODES, SnapshotFilters, judged_requests
from reviews.tests.factories import (
    approve_all,
    assert_books_balance,
    claimed,
    decide,
    make_queue,
    reject_all,
    report,
    token_of,
)
from reviews.tests.known_world import make_known, shown, third_reviewer

pytestmark = pytest.mark.django_db


def _judged_otherwise(cast: Cast, **rules: object) -> tuple[ReviewItem, ReviewItem]:
    """A known item that was approved, and its calibration, in which everything is rejected."""
    if rules:
        make_queue(cast.team, **rules)
    known = make_known(cast, images=2)
    visit = shown(cast, known)
    slot = claimed(cast.reviewer)
    first, second = reject_all(slot, "wrong_scale"), approve_all(slot)
    decide(cast.reviewer, slot, [first[0], second[1]], active_ms=9_000)
    visit.refresh_from_db()
    assert (slot.item, visit.state) == (visit, "resolved")
    return known, visit


def test_no_outcome_changes_and_nothing_follows(cast: Cast) -> None:
    endpoints.create_endpoint(cast.team, cast.admin, url="https://example.com/x", topics=["candidate.completed"])
    known, visit = _judged_otherwise(cast, second_look_share=0.0, policy="adjudicate")
    OutboxMessage.objects.all().delete()
    assert not visit.outcomes.exists()
    assert Outcome.objects.approved().filter(item=known).count() == 2
    assert announcements.tell_outcomes(visit.pk) == 0 and not WebhookMessage.objects.exists()
    Queue.objects.update(second_look_share=1.0)
    assert later_visits.open_due(visit.pk) == []
    assert not OutboxMessage.objects.exists()


def test_no_pair_is_derived_and_no_dataset_holds_it(cast: Cast) -> None:
    known, visit = _judged_otherwise(cast)
    assert PreferencePair.objects.count() == 0, "the known item's two images were both approved"
    (judged,) = judged_requests(cast.team, SnapshotFilters())
    assert {row.approved for row in judged.candidates} == {True}
    assert {(row.verdicts, row.approvals) for row in judged.candidates} == {(1, 1)}
    assert judged.pairs == []
    taught = set(judged.decisions)
    assert not taught & set(visit.slots.values_list("decisions", flat=True))
    assert taught == set(known.slots.values_list("decisions", flat=True))


def test_a_photo_called_unsuitable_there_teaches_nothing_either(cast: Cast) -> None:
    known = make_known(cast)
    shown(cast, known)
    slot = claimed(cast.reviewer)
    decide(cast.reviewer, slot, reject_all(slot, REQUEST_CODES[0]))
    (judged,) = judged_requests(cast.team, SnapshotFilters())
    assert [row.approved for row in judged.candidates] == [True]


def test_the_gallery_and_downloads_know_nothing_of_it(cast: Cast) -> None:
    known, _visit = _judged_otherwise(cast)
    rejected = gallery.matching(cast.team, GalleryFilters(outcome="rejected"))
    coded = gallery.matching(cast.team, GalleryFilters(code="wrong_scale"))
    assert not rejected.exists() and not coded.exists()
    approved = gallery.shown(gallery.matching(cast.team, GalleryFilters(outcome="approved")))
    assert {item for image in approved for item in image.review_items.all()} == {known}
    assert len(effect_of_download(cast.team, [image.handle for image in approved]).images) == 2


def test_it_is_work_and_uses_the_quota_and_no_approval_rate(cast: Cast) -> None:
    _known, visit = _judged_otherwise(cast)
    day = WorkDay.objects.get(reviewer=cast.reviewer, queue=visit.queue)
    assert (day.decisions, day.images, day.active_ms) == (1, 2, 9_000)
    assert QuotaDay.objects.get(reviewer=cast.reviewer, queue=visit.queue).used == 2
    assert_books_balance()
    done = sums.by(last_days(cast.team, 7).work(cast.team), "reviewer")[cast.reviewer.pk]
    assert (done.images, done.approval.of) == (2, 0)


def test_nobody_is_said_to_agree_or_not(cast: Cast) -> None:
    make_queue(cast.team)
    make_queue(cast.team, purpose="calibration", overlap=2)
    shown(cast, make_known(cast))
    for judge in (cast.reviewer, third_reviewer(cast)):
        slot = claimed(judge)
        decide(judge, slot, reject_all(slot) if judge == cast.reviewer else None)
    assert not AgreementDay.objects.exists()
    assert metrics.agreement_with_gold(cast.reviewer).of == 0, "it has a table of its own"
    assert known_verdicts(cast.team).count() == 2


def test_its_queue_has_no_alarms(cast: Cast) -> None:
    _judged_otherwise(cast)
    floor = Queue.objects.exclude(purpose="calibration").get()
    WorkDay.objects.filter(queue=floor).delete()
    assert alarms.watch_queues() == 1, "that of the floor, and not that of the known items"


def test_a_mask_reported_there_goes_to_the_operators_and_takes_nothing_back(cast: Cast) -> None:
    known = make_known(cast)
    visit = shown(cast, known)
    report(cast.reviewer, claimed(cast.reviewer), "The handle.")
    visit.refresh_from_db()
    repair = MaskRepair.objects.get(request=known.request)
    assert (visit.state, repair.state, repair.note) == ("withdrawn", "open", "The handle.")
    assert Outcome.objects.approved().filter(item=known).count() == 1
    assert list(judged_requests(cast.team, SnapshotFilters())) != []
    undoing.undo(cast.reviewer)
    visit.refresh_from_db()
    assert visit.state == "open"
    report(cast.reviewer, claimed(cast.reviewer))
    repairs.keep_mask(MaskRepair.objects.latest("pk"), cast.operator)
    assert withdrawals.pull_kept() == 1
    visit.refresh_from_db()
    assert visit.state == "open" and Outcome.objects.approved().filter(item=known).exists()


def test_a_question_is_answered_and_its_item_measures_nobody(cast: Cast) -> None:
    shown(cast, make_known(cast))
    decide(cast.reviewer, claimed(cast.reviewer), [], escalate=Question("Which?"))
    escalations.answer_question(Escalation.objects.get(), cast.admin, "The red one is right.")
    decide(cast.reviewer, claimed(cast.reviewer))
    assert not known_verdicts(cast.team).exists()


def test_who_set_the_right_answer_is_not_measured_by_it(cast: Cast) -> None:
    shown(cast, make_known(cast))
    slot = claimed(cast.admin)
    decide(cast.admin, slot)
    assert not known_verdicts(cast.team).exists()


def test_what_is_undone_measures_nobody(cast: Cast) -> None:
    _judged_otherwise(cast)
    assert known_verdicts(cast.team).count() == 2
    undoing.undo(cast.reviewer)
    assert not known_verdicts(cast.team).exists()
    assert token_of(claimed(cast.reviewer))


def test_the_history_says_what_it_is(cast: Cast) -> None:
    _known, visit = _judged_otherwise(cast)
    client = Client()
    client.force_login(cast.admin)
    page = client.get(reverse("reviews:item", args=[visit.handle])).content.decode()
    assert "Its right answer is known" in page and "counts for the reviewer only" in page
    assert "This is the right answer" not in page
