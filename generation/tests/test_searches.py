"""Finding a product or a request by what it is called."""

from django.test import Client

from accounts.tests.factories import Cast
from generation.models import Product
from generation.tests.factories import make_request, make_revision


def test_a_product_is_found_by_title_category_or_external_id(cast: Cast, client: Client) -> None:
    bowl = make_revision(cast.operator).product
    Product.objects.filter(pk=bowl.pk).update(title="Wide bowl", category="dish", external_id="B-7")
    make_revision(cast.operator)
    theirs = make_revision(cast.stranger).product
    Product.objects.filter(pk=theirs.pk).update(title="Wide bowl")
    client.force_login(cast.operator)
    for words in ("WIDE", "dish", "b-7", " bowl "):
        assert list(client.get("/products/", {"words": words}).context["page"]) == [bowl], words
    assert "No product is called so" in client.get("/products/", {"words": "100%"}).content.decode()
    assert client.get("/products/", {"words": "\0"}).status_code == 200


def test_a_request_is_found_by_prompt_or_product(cast: Cast, client: Client) -> None:
    red = make_request(cast.operator, prompt="a mug on a red table", state="failed")
    blue = make_request(cast.operator, prompt="a mug on a blue table")
    Product.objects.filter(revisions__requests=blue).update(title="Tall vase")
    client.force_login(cast.operator)
    assert list(client.get("/requests/", {"words": "RED t"}).context["page"]) == [red]
    assert list(client.get("/requests/", {"words": "vase"}).context["page"]) == [blue]
    assert list(client.get("/requests/", {"words": "table", "state": "failed"}).context["page"]) == [red]
