"""An admin's answer by the two buttons of a question's page."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import Cast
from generation.tests.api_calls import api
from reviews.models import Escalation, Slot
from reviews.services import decisions, quotas
from reviews.services.bundles import Question
from reviews.tests.factories import assert_books_balance, claimed, decide, fill_queue, make_queue
from reviews.tests.test_desk_api import Desk

GIVE_BACK, JUDGE = "Answer and give it back", "Answer and judge it myself"


@pytest.fixture
def asked(cast: Cast) -> Escalation:
    """A question about the second of three items; the admin has the first on their screen."""
    fill_queue(make_queue(cast.team), cast.operator, 3)
    claimed(cast.admin)
    decision = decide(cast.reviewer, claimed(cast.reviewer), [], escalate=Question("Is this the right cap?"))
    return Escalation.objects.get(decision=decision)


def press(client: Client, question: Escalation, button: str, answer: str = "The red one.") -> tuple[int, str, str]:
    """Send the form as the page has it, by the button of that name; status, last address and text of what follows."""
    page = client.get(reverse("reviews:question", args=[question.pk])).content.decode()
    (form,) = re.findall(r'<form [^>]*action="([^"]*/answer/)".*?</form>', page, re.DOTALL)
    (attributes,) = re.findall(rf"<button ([^>]*)>(?:(?!</button>).)*{re.escape(button)}\s*</button>", page, re.DOTALL)
    name = re.search(r'name="(\w+)" value="(\w+)"', attributes)
    said = {"answer": answer} | ({name[1]: name[2]} if name else {})
    followed = client.post(form, said, follow=True)
    last = followed.redirect_chain[-1][0] if followed.redirect_chain else form
    return followed.status_code, last, html.unescape(followed.content.decode())


def test_given_back_it_waits_first_for_everybody(cast: Cast, asked: Escalation) -> None:
    status, address, told = press(api(cast.admin), asked, GIVE_BACK)
    assert (status, address) == (200, reverse("reviews:questions"))
    assert "goes back to review before the others" in told
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_by) == ("answered", "The red one.", cast.admin)
    handed = Desk(cast, "second_reviewer").item()
    assert handed["item"] == str(asked.item.handle)
    assert handed["answers"] == [{"question": "Is this the right cap?", "answer": "The red one."}]
    assert Desk(cast, "admin").item()["item"] != str(asked.item.handle)
    assert_books_balance()


def test_judged_by_the_admin_the_desk_holds_that_very_item(cast: Cast, asked: Escalation) -> None:
    before = Desk(cast, "admin").item()["item"]
    status, address, _told = press(api(cast.admin), asked, JUDGE)
    assert (status, address) == (200, reverse("reviews:desk"))
    desk = Desk(cast, "admin")
    handed = desk.item()
    assert (handed["item"], handed["soft"]) == (str(asked.item.handle), False)
    assert handed["answers"] == [{"question": "Is this the right cap?", "answer": "The red one."}]
    assert handed["before"] is None  # the question was the reviewer's, and what they had in mind is theirs
    assert Slot.objects.get(item=asked.item).reviewer == cast.admin
    assert desk.decide(handed).status_code == 200
    assert desk.item()["item"] == before  # what was on their screen comes next
    assert_books_balance()


def test_without_room_in_the_day_it_says_so_and_the_answer_stands(cast: Cast, asked: Escalation) -> None:
    quotas.set_limit(cast.admin, 0, cast.admin)
    _status, address, told = press(api(cast.admin), asked, JUDGE)
    assert address == reverse("reviews:questions") and "The item cannot come to you" in told
    asked.refresh_from_db()
    assert asked.state == "answered" and Slot.objects.get(item=asked.item).state == "ready"


@pytest.mark.parametrize("button", [GIVE_BACK, JUDGE])
def test_an_empty_answer_changes_nothing(cast: Cast, asked: Escalation, button: str) -> None:
    status, _address, told = press(api(cast.admin), asked, button, "   ")
    assert status == 400 and "This field is required" in told
    asked.refresh_from_db()
    assert asked.state == "open" and Slot.objects.get(item=asked.item).state == "decided"


@pytest.mark.parametrize("judge", [{}, {"judge": "1"}])
def test_taken_back_meanwhile_it_says_so(cast: Cast, asked: Escalation, judge: dict[str, str]) -> None:
    client = api(cast.admin)
    decisions.undo(cast.reviewer)
    address = reverse("reviews:answer_question", args=[asked.pk])
    told = client.post(address, {"answer": "The red one."} | judge, follow=True).content.decode()
    assert "taken the question back" in told and "<textarea" not in told
    assert Slot.objects.get(item=asked.item).reviewer == cast.reviewer
