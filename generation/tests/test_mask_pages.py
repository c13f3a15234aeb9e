"""Where a photo without a mask leads to: a badge, a filter, a button, and the page on which the mask is drawn."""

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from generation.services.masks import Base, save_mask
from generation.tests.api_calls import api, mask, photo
from generation.tests.painting import make_product, make_unmasked_product


def test_a_new_photo_without_a_mask_leads_to_its_mask(cast: Cast) -> None:
    client = api(cast.operator)
    answer = client.post("/products/new/", {"title": "Mug", "photo": photo()})
    product = cast.team.products.get()
    assert answer["Location"] == f"/products/{product.pk}/mask/"
    answer = client.post(f"/products/{product.pk}/revisions/new/", {"mask": mask()})
    assert answer["Location"] == f"/products/{product.pk}/"
    answer = client.post(f"/products/{product.pk}/revisions/new/", {"photo": photo(90)})
    assert answer["Location"] == f"/products/{product.pk}/mask/"


def test_the_list_marks_and_finds_those_that_need_one(cast: Cast) -> None:
    make_product(cast.operator, title="Has one")
    lacking = make_unmasked_product(cast.operator, title="Lacks one")
    client = api(cast.operator)
    everything = client.get("/products/").content.decode()
    assert everything.count("needs a mask") == 1
    found = client.get("/products/?mask=missing").content.decode()
    assert "Lacks one" in found
    assert "Has one" not in found
    page = client.get(f"/products/{lacking.pk}/").content.decode()
    assert "Draw the mask" in page
    assert "New request" not in page


def test_asking_for_scenes_around_a_photo_without_a_mask_begins_with_the_mask(cast: Cast) -> None:
    product = make_unmasked_product(cast.operator)
    answer = api(cast.operator).get(f"/requests/new/?product={product.pk}", follow=True)
    address, _status = answer.redirect_chain[-1]
    assert address == f"/products/{product.pk}/mask/?next=%2Frequests%2Fnew%2F%3Fproduct%3D{product.pk}"
    text = answer.content.decode()
    assert "This photo has no mask yet." in text
    assert f'data-back="/requests/new/?product={product.pk}"' in text


@pytest.mark.parametrize(
    ("wanted", "is_ours"),
    [
        ("/requests/3/", True),
        ("//evil.example/x", False),
        ("https://evil.example/", False),
        ("javascript:alert(1)", False),
        ("\\\\evil.example", False),
        ("", False),
    ],
)
def test_after_saving_it_leads_to_no_other_site(cast: Cast, wanted: str, is_ours: bool) -> None:
    product = make_product(cast.operator)
    text = api(cast.operator).get(f"/products/{product.pk}/mask/", {"next": wanted}).content.decode()
    assert f'data-back="{wanted if is_ours else f"/products/{product.pk}/"}"' in text


def test_an_older_revision_can_be_chosen_and_one_that_is_not_there_is_not_found(cast: Cast) -> None:
    product = make_product(cast.operator)
    save_mask(product.revisions.get(), cast.operator, Base("present"), [], seen=1)
    client = api(cast.operator)
    assert 'data-revision="2"' in client.get(f"/products/{product.pk}/mask/").content.decode()
    older = client.get(f"/products/{product.pk}/mask/?revision=1").content.decode()
    assert 'data-revision="1"' in older
    assert 'data-seen="2"' in older
    for wrong in ("3", "0", "x", "-1", "9" * 40):
        assert client.get(f"/products/{product.pk}/mask/?revision={wrong}").status_code == 404


def test_drawing_is_for_those_who_make_products(cast: Cast) -> None:
    product = make_product(cast.operator)
    for user, status in ((cast.admin, 200), (cast.ml_engineer, 403), (cast.reviewer, 403), (cast.stranger, 404)):
        assert api(user).get(f"/products/{product.pk}/mask/").status_code == status
    assert Client().get(f"/products/{product.pk}/mask/").status_code == 302
