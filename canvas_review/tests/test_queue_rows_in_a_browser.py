"""An admin writes a queue's conditions and skills by keyboard: rows come and go without the page being loaded anew."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import Cast
from canvas_review.tests.browsing import barriers, sign_in
from reviews.models import Queue, Skill
from reviews.services import queues

pytestmark = pytest.mark.browser


def test_rows_come_and_go_by_keyboard(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    seams, halos = (Skill.objects.create(team=cast.team, name=name) for name in ("Seams", "Halos"))
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    sign_in(context, live_server.url, cast.admin)
    page = context.new_page()
    page.goto(f"{live_server.url}/queues/new/")
    page.locator("#id_name").fill("Shoes")
    rows, add = (
        page.locator("[data-form-rows=conditions] > [data-row]"),
        page.get_by_role("button", name="Add a condition"),
    )
    expect(rows).to_have_count(0)
    for field, value in (("candidates", "2"), ("category", "hats"), ("best_score", "0.8")):
        add.focus()
        page.keyboard.press("Enter")
        row = rows.last
        expect(row.get_by_label("Of the request, the")).to_be_focused()
        row.get_by_label("Of the request, the").select_option(field)
        row.get_by_label("compared").select_option("is" if field == "category" else "at_least")
        row.get_by_label("with", exact=True).fill(value)
    page.get_by_role("button", name="Condition 2: Remove").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(rows.last.get_by_label("Of the request, the")).to_be_focused()
    for skill, level in ((seams, "3"), (halos, "5")):
        page.get_by_role("button", name="Add a skill").press("Enter")
        page.get_by_label("Who has this skill").last.select_option(str(skill.pk))
        page.get_by_label("at this level at least").last.fill(level)
    assert barriers(page) == []
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Shoes is asked from now on.")).to_be_visible()
    made = Queue.objects.get(name="Shoes")
    assert [(condition["field"], condition["value"]) for condition in made.conditions] == [
        ("candidates", 2), ("best_score", 0.8),
    ]  # fmt: skip
    assert queues.audience_of(made).skills == {seams: 3, halos: 5}
    context.close()
