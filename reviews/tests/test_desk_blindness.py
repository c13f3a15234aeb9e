"""A reviewer cannot learn a score, a rank, a model, a position, a propensity or another's answer: not from any byte."""

import json
import re
from typing import Any

from accounts.tests.factories import Cast
from generation.models import Candidate, ModelVersion, Picture, Score
from generation.tests.api_calls import api
from reviews.models import Escalation, GuidelineVersion, ItemCandidate, Queue, ReviewItem
from reviews.tests.factories import make_item, make_queue
from reviews.tests.test_desk_api import ROOT, Desk

NAME, ENGINE = "Zauberpinsel", "diffusers-inpaint"
GHOST, CODE = "I saw a ghost", "wrong_scale"
KEYS = {
    # answers: what admins said to questions about the item, without names; before: what this reviewer took back
    "item": {
        "token",
        "item",
        "variant",
        "guideline",
        "soft",
        "lease_until",
        "prompt",
        "product",
        "source",
        "candidates",
        "codes",
        "answers",
        "before",
    },
    "candidate": {"handle", "picture"},
    "picture": {"url", "full_url", "width", "height", "alt"},
    "code": {"key", "label", "help", "axis"},
}


def _prepare(cast: Cast) -> ReviewItem:
    make_queue(cast.team, overlap=2)
    item = make_item(cast.operator, 4)
    ItemCandidate.objects.filter(item=item).update(propensity=0.123456, reason="exploration")
    ModelVersion.objects.update(name=NAME)
    return item


def _told(answer: Any) -> str:
    return "\n".join([*(f"{name}: {value}" for name, value in answer.items()), answer.content.decode()])


def _secrets(item: ReviewItem) -> list[str]:
    candidates = Candidate.objects.filter(request=item.request)
    found = [NAME, ENGINE, "0.123456", "exploration", "top_rank", "propensity", "score", "rank", "position"]
    found += [f"{score.value:.2f}" for score in Score.objects.filter(candidate__in=candidates)]
    found += [picture for candidate in candidates for picture in (candidate.raw.name, candidate.raw.sha256)]
    found += [candidate.composed.name for candidate in candidates if candidate.composed]
    return found


def _without_thumbs(text: str) -> str:
    """A preview's name may be told; the tests' factory makes it of the original's name, which a real one is not."""
    for name in Picture.objects.values_list("thumb_name", flat=True):
        text = text.replace(name, "")
    return text


def _tells(text: str, secret: str) -> bool:
    # A file's name is 64 random hexadecimal digits and may hold any two of them, but no words.
    return re.search(rf"(?<![0-9a-f]){re.escape(secret)}(?![0-9a-f])", text) is not None


def test_no_byte_of_the_desk_tells(cast: Cast) -> None:
    item = _prepare(cast)
    desk = Desk(cast)
    page = desk.client.get("/review/")
    claim = desk.post("claim/")
    handed = claim.json()["item"]
    answers = [
        page,
        claim,
        desk.post(f"leases/{handed['token']}/show/"),
        desk.post(f"leases/{handed['token']}/extend/"),
        desk.decide(handed, verdicts=[]),
        desk.decide(handed),
        desk.post("undo/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 400, 200, 200]
    for answer in answers:
        told = _told(answer)
        assert [secret for secret in _secrets(item) if _tells(told, secret)] == []


def test_no_byte_of_what_stands_beside_the_item_tells(cast: Cast) -> None:
    """Later, what was decided before, guidelines, aids, a question with its answer, and undo; the other has judged."""
    item = _prepare(cast)
    GuidelineVersion.objects.create(team=cast.team, variant=item.request.variant, number=1, text="Look *twice*.")
    other, desk = Desk(cast, "second_reviewer"), Desk(cast)
    theirs = other.item()
    assert other.decide(theirs, verdicts=_rejected(theirs, comment=GHOST)).status_code == 200
    handed = desk.item()
    lease = f"leases/{handed['token']}/"
    answers = [desk.client.get(f"{ROOT}{lease}aids/"), desk.client.get(f"{ROOT}guidelines/{item.request.variant}/")]
    answers += [desk.post(f"{lease}snooze/", {"minutes": 5}), desk.post("claim/")]
    late = desk.post("claim/", {"soft": True, "item": handed["item"]})
    question = {"escalate": {"question": "Is this the right cap?"}}
    answers += [late, desk.decide(late.json()["item"], verdicts=[], **question), desk.client.get(f"{ROOT}recent/")]
    answers += [_answered(cast), desk.post("undo/"), desk.client.get(f"{ROOT}recent/")]
    again = desk.post("claim/", {"soft": True, "item": handed["item"]})
    answers += [again, desk.decide(again.json()["item"]), desk.client.get(f"{ROOT}recent/"), desk.post("undo/")]
    assert [answer.status_code for answer in answers] == [200] * 7 + [302, 404] + [200] * 5
    assert "The red one." in _told(again) and "twice" in _told(answers[1])
    secrets = [*_secrets(item), GHOST, CODE, str(cast.second_reviewer), str(cast.admin)]
    for number, answer in enumerate(answers):
        # The codes of a variant are offered with every item; said by the other they would stand in a verdict.
        told = _without_thumbs(_told(answer)).replace(f'"key":"{CODE}"', "")
        assert [secret for secret in secrets if _tells(told, secret)] == [], number


def test_no_byte_of_a_question_tells_the_admin_who_may_judge_next(cast: Cast) -> None:
    item = _prepare(cast)
    first, second, admin = Desk(cast), Desk(cast, "second_reviewer"), Desk(cast, "admin")
    theirs = second.item()
    assert second.decide(theirs, verdicts=_rejected(theirs, comment=GHOST)).status_code == 200
    assert first.decide(first.item(), verdicts=[], escalate={"question": "Is this the right cap?"}).status_code == 200
    asked = Escalation.objects.get()
    pages = [admin.client.get(address) for address in ("/questions/", f"/questions/{asked.pk}/")]
    for page in pages:
        assert page.status_code == 200 and "right cap" in page.content.decode()
        told = _without_thumbs(_told(page))
        assert [secret for secret in [*_secrets(item), GHOST, CODE] if _tells(told, secret)] == []


def _rejected(item: dict[str, Any], **said: object) -> list[dict[str, object]]:
    return [{"candidate": entry["handle"], "approved": False, "codes": [CODE], **said} for entry in item["candidates"]]


def _answered(cast: Cast) -> Any:
    address = f"/questions/{Escalation.objects.get().pk}/answer/"
    return api(cast.admin).post(address, {"answer": "The red one."})


def test_an_item_holds_these_keys_and_no_others(cast: Cast) -> None:
    _prepare(cast)
    item = Desk(cast).item()
    assert set(item) == KEYS["item"]
    for entry in item["candidates"]:
        assert set(entry) == KEYS["candidate"]
        assert set(entry["picture"]) == KEYS["picture"]
    assert all(set(code) == KEYS["code"] for code in item["codes"])


def test_the_order_tells_nothing_of_the_ranks(cast: Cast) -> None:
    """Over many items every rank stands at every place, and one reviewer's order is not the other's."""
    queue = make_queue(cast.team, overlap=2)
    places: dict[int, set[int]] = {}
    same = 0
    for _ in range(16):
        make_item(cast.operator, 3, in_queue=queue)
        orders = []
        for who in ("reviewer", "second_reviewer"):
            desk = Desk(cast, who)
            item = desk.item()
            orders.append([entry["handle"] for entry in item["candidates"]])
            for place, handle in enumerate(orders[-1]):
                places.setdefault(Candidate.objects.get(handle=handle).position, set()).add(place)
            assert desk.decide(item).status_code == 200
        same += orders[0] == orders[1]
    assert all(seen == {0, 1, 2} for seen in places.values())
    assert same < 16


def test_the_other_reviewers_answer_is_not_told(cast: Cast) -> None:
    _prepare(cast)
    first, second = Desk(cast), Desk(cast, "second_reviewer")
    item = first.item()
    comment, code = "I saw a ghost", "seam"
    verdicts = [
        {"candidate": entry["handle"], "approved": False, "codes": [code], "comment": comment}
        for entry in item["candidates"]
    ]
    before = second.post("claim/")
    assert first.decide(item, verdicts=verdicts).status_code == 200
    after = second.post("claim/")
    told = {**after.json()["item"], "lease_until": None}
    assert told == {**before.json()["item"], "lease_until": None}
    assert comment not in json.dumps(after.json())


def test_a_reviewer_cannot_look_it_up(cast: Cast) -> None:
    item = _prepare(cast)
    client = api(cast.reviewer)
    for address in (f"/requests/{item.request_id}/", f"/api/v1/requests/{item.request_id}/", "/models/", "/datasets/"):
        assert client.get(address).status_code == 403
    assert Queue.objects.count() == 1
