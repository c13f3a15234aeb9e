"""An item's history: every step with who and when, in order; and gold, which is set after the fact."""

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import Role
from accounts.tests.factories import Cast, make_user
from canvas_review.tests.house import House
from generation.services import repairs
from reviews.models import GoldVerdict, ItemCandidate, ReviewItem, Skip, SnapshotDecision
from reviews.services import decisions, gold
from reviews.tests.factories import claimed, decide, make_item, make_queue, make_snapshot, report
from reviews.timeline import history_of


def titles(item: ReviewItem) -> list[tuple[str, str]]:
    return [(step.title, str(step.who or "")) for step in history_of(item).steps]


def test_every_step_says_who_and_comes_in_order(house: House) -> None:
    cast, item = house.cast, house.decided
    SnapshotDecision.objects.create(snapshot=make_snapshot(cast.ml_engineer), decision=house.judgement)
    Skip.objects.create(item=item, reviewer=cast.second_reviewer)
    found = titles(item)
    reviewer, operator = str(cast.reviewer), str(cast.operator)
    for expected in [
        ("The request was opened", operator), ("The images were made", ""), ("The guardian looked", ""),
        ("Decided", reviewer), ("Outcome", ""), ("Skipped", str(cast.second_reviewer)),
        ("Gold for image 2", str(cast.admin)),
    ]:  # fmt: skip
        assert expected in found, expected
    assert any(title.startswith("Frozen in the dataset") and who == str(cast.ml_engineer) for title, who in found)
    order = [title for title, _who in found]
    assert order.index("The request was opened") < order.index("Decided") < order.index("Outcome")
    decided = next(step for step in history_of(item).steps if step.title == "Decided")
    assert [verdict.codes for verdict in decided.verdicts] == [[], ["seam"]]
    assert dict(decided.facts) == {"Active time": "75.0 s", "Order on the screen": "2, 1"}


def test_a_question_and_what_was_put_off(house: House) -> None:
    cast, item = house.cast, house.question.item
    found = titles(item)
    assert ("Put off", str(cast.reviewer)) in found
    asked = next(step for step in history_of(item).steps if step.title == "Decided")
    assert (asked.word, asked.lines) == ("Escalated", [house.question.question])


def test_a_report_and_its_answer(cast: Cast) -> None:
    make_queue(cast.team)
    item = make_item(cast.operator)
    report(cast.reviewer, claimed(cast.reviewer), "Too wide")
    repairs.keep_mask(item.request.mask_repairs.get(), cast.operator)
    found = titles(item)
    assert ("Reported: Mask is wrong", str(cast.reviewer)) in found
    assert ("The mask was found right", str(cast.operator)) in found


def test_an_undo_stays_to_be_seen(cast: Cast) -> None:
    make_queue(cast.team)
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    decisions.undo(cast.reviewer)
    assert ("Taken back", str(cast.reviewer)) in titles(item)
    assert [slot.reviewer for slot in history_of(item).open_slots] == [cast.reviewer]


def test_gold_is_never_a_hint(cast: Cast) -> None:
    make_queue(cast.team)
    item = make_item(cast.operator)
    entry = item.item_candidates.get()
    with pytest.raises(gold.GoldRefused, match="Nobody has decided"):
        gold.set_gold(entry, cast.admin, approved=True)
    decide(cast.reviewer, claimed(cast.reviewer))
    assert gold.set_gold(entry, cast.admin, approved=True).approved


@pytest.mark.parametrize(
    ("approved", "codes"), [(True, ["seam"]), (False, []), (False, ["temporal_flicker"]), (False, ["nonsense"])]
)
def test_gold_keeps_to_the_words_of_the_variant(cast: Cast, approved: bool, codes: list[str]) -> None:
    make_queue(cast.team)
    entry = make_item(cast.operator).item_candidates.get()
    decide(cast.reviewer, claimed(cast.reviewer))
    with pytest.raises(gold.GoldRefused):
        gold.set_gold(entry, cast.admin, approved=approved, codes=codes)
    assert not GoldVerdict.objects.filter(item_candidate=entry).exists()


def test_gold_is_set_changed_and_taken_away_by_a_form(house: House, client: Client) -> None:
    client.force_login(house.cast.admin)
    entry = ItemCandidate.objects.get(item=house.decided, candidate=house.approved)
    address = f"/items/{house.decided.handle}/gold/{house.approved.handle}/"
    client.post(address, {"approved": "1", "codes": ["seam"]})  # a defect left ticked does not stand in the way
    assert GoldVerdict.objects.get(item_candidate=entry).codes == []
    client.post(address, {"approved": "", "codes": ["seam", "floating"]})
    assert GoldVerdict.objects.get(item_candidate=entry).codes == ["seam", "floating"]
    assert "Say what is wrong" in client.post(address, {"approved": ""}, follow=True).content.decode()
    assert "no such answer" in client.post(address, {"codes": ["x"]}, follow=True).content.decode()
    other = make_user(house.cast.team, Role.ADMIN)
    client.force_login(other)
    for _ in range(2):  # the second finds nothing to take away
        client.post(address + "remove/")
    assert not GoldVerdict.objects.filter(item_candidate=entry).exists()
    events = apps.get_model("reviews", "GoldVerdictEvent").objects.filter(item_candidate=entry)
    by = list(events.order_by("pgh_id").values_list("pgh_label", "pgh_context__metadata__user"))
    assert by == [("insert", house.cast.admin.pk), ("update", house.cast.admin.pk), ("delete", other.pk)]
    assert titles(house.decided).count(("Gold for image 1", str(house.cast.admin))) == 2
    assert titles(house.decided).count(("Gold for image 1 taken away", str(other))) == 1
    assert "taken away" in client.get(f"/items/{house.decided.handle}/").content.decode()
