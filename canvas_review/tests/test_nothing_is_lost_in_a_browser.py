"""Fifty decisions, and everything that can go wrong meanwhile: each of them is stored, and stored once."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Count
from playwright.sync_api import Browser, Page, expect

from accounts.tests.factories import make_cast
from canvas_review.tests.desk import PASSWORD, approve_all, fill_desk, leave, log_in, saved, wait_for_another
from canvas_review.tests.processes import running, wait_until
from reviews.models import Decision, Slot

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

DECISIONS = 50


def judge(page: Page, count: int) -> None:
    for _ in range(count):
        wait_for_another(page, approve_all(page))


def judge_what_is_ahead(page: Page) -> int:
    """Decide until nothing is left that was fetched beforehand; returns how many decisions that were."""
    done = 0
    while page.locator("#desk").is_visible():
        before = approve_all(page)
        done += 1
        another = f"#desk-product:not(:text-is('{before}')):visible"
        expect(page.locator(f"{another}, .empty[data-reason=unreachable]:visible")).to_have_count(1)
    return done


def test_fifty_decisions_are_stored_exactly_once(browser: Browser, transactional_db: None, own_files: Path) -> None:
    cast = make_cast()
    fill_desk(cast.operator, DECISIONS + 3)
    with running("web", data_dir=own_files) as programs:
        web = programs["web"]
        wait_until(web.listens, 60, "the server answers")
        context = browser.new_context()
        page = context.new_page()
        log_in(page, f"http://127.0.0.1:{web.port}", cast.reviewer)
        judge(page, 10)

        page.wait_for_load_state("networkidle")
        context.set_offline(True)
        offline = judge_what_is_ahead(page)
        expect(page.locator("#desk-saved")).to_have_text(f"Not sent yet: {offline}")
        context.set_offline(False)
        expect(page.locator("#desk")).to_be_visible()
        judge(page, 15 - offline)

        page.wait_for_load_state("networkidle")
        web.kill()
        killed = judge_what_is_ahead(page)
        web.start()
        expect(page.locator("#desk")).to_be_visible(timeout=60_000)
        judge(page, 10 - killed)

        page.wait_for_load_state("networkidle")
        Session.objects.all().delete()
        approve_all(page)
        dialog = page.get_by_role("dialog", name="Sign in again")
        dialog.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(page.locator("#desk")).to_be_visible()
        saved(page)
        judge(page, DECISIONS - 36)
        saved(page)
        leave(context)
    assert Decision.objects.count() == DECISIONS
    assert not Slot.objects.annotate(made=Count("decisions")).filter(made__gt=1).exists()
