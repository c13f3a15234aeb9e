"""The operator's pages for wrong masks, and what the page of a request says of it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tests.factories import Cast
from generation.models import GenerationRequest, MaskRepair
from generation.services import products, repairs
from generation.tests.painting import mask_of
from generation.tests.test_repairs import corrected, reported


@pytest.fixture
def operator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.operator)
    return client


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_waits_is_listed_and_counted_in_the_menu(cast: Cast, operator: Client) -> None:
    assert "Nothing to repair here" in _text(operator, "/repairs/")
    repair = reported(cast)
    page = _text(operator, "/repairs/")
    assert "The cap is missing" in page and f"/repairs/{repair.pk}/" in page
    menu = _text(operator, "/requests/")
    assert re.search(r'href="/repairs/"[^>]*>\s*Repairs\s*<span class="badge badge--count">1\b', menu)
    repairs.keep_mask(repair, cast.operator)
    assert "badge--count" not in _text(operator, "/requests/")
    assert "The cap is missing" in _text(operator, "/repairs/?state=kept")
    assert "The cap is missing" not in _text(operator, "/repairs/?state=nonsense")


def test_uploading_repairs_and_asks_again(cast: Cast, operator: Client) -> None:
    repair = reported(cast)
    sent = SimpleUploadedFile("mask.png", corrected(), "image/png")
    answer = operator.post(f"/repairs/{repair.pk}/repair/", {"mask": sent})
    opened = GenerationRequest.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, f"/requests/{opened.pk}/")
    assert f'href="/requests/{opened.pk}/"' in _text(operator, f"/requests/{repair.request_id}/")
    assert f'href="/requests/{repair.request_id}/"' in _text(operator, f"/requests/{opened.pk}/")
    assert f"Asked again as request {opened.pk}" in _text(operator, f"/repairs/{repair.pk}/")


def test_a_later_mask_is_offered_and_asked_with(cast: Cast, operator: Client) -> None:
    repair = reported(cast)
    assert "Ask again with revision" not in _text(operator, f"/repairs/{repair.pk}/")
    products.add_mask(repair.revision, cast.operator, mask_of(repair.revision))
    assert "Ask again with revision 2" in _text(operator, f"/repairs/{repair.pk}/")
    assert operator.post(f"/repairs/{repair.pk}/repair/", {"revision": "2"}).status_code == 302
    repair.refresh_from_db()
    assert repair.new_revision is not None and repair.new_revision.number == 2


@pytest.mark.parametrize("sent", ["1", "7", "x", "", "9" * 30, "-1", "²"])
def test_a_revision_that_repairs_nothing_is_refused_on_the_page(cast: Cast, operator: Client, sent: str) -> None:
    repair = reported(cast)
    answer = operator.post(f"/repairs/{repair.pk}/repair/", {"revision": sent})
    assert answer.status_code == 400
    assert "does not repair this mask" in answer.content.decode()
    assert GenerationRequest.objects.count() == 1


def test_a_file_that_is_no_mask_is_refused_at_its_field(cast: Cast, operator: Client) -> None:
    repair = reported(cast)
    for sent, said in (
        ({"mask": SimpleUploadedFile("m.png", b"GIF89a", "image/png")}, "not a PNG, JPEG or WebP"),
        ({}, "required"),
    ):
        answer = operator.post(f"/repairs/{repair.pk}/repair/", sent)
        assert answer.status_code == 400 and said in answer.content.decode()
    assert MaskRepair.objects.get().state == "open"


def test_keeping_goes_back_to_the_list_and_twice_is_said(cast: Cast, operator: Client) -> None:
    repair = reported(cast)
    for said in ("go back to review", "found the mask right"):
        answer = operator.post(f"/repairs/{repair.pk}/keep/", follow=True)
        assert answer.redirect_chain == [("/repairs/", 302)] and said in answer.content.decode()
    late = operator.post(f"/repairs/{repair.pk}/repair/", {"revision": "2"}, follow=True)
    assert "found the mask right" in late.content.decode()
    assert "Your answer" not in late.content.decode()


def test_the_request_says_that_it_went_back(cast: Cast, operator: Client) -> None:
    repair = reported(cast)
    assert "Went back: a reviewer says that the mask is wrong." in _text(operator, f"/requests/{repair.request_id}/")
    repairs.keep_mask(repair, cast.operator)
    assert "Went back" not in _text(operator, f"/requests/{repair.request_id}/")
