"""Products: the list, one product with its revisions, and adding both."""

from collections.abc import Callable
from typing import TypedDict

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import signed_in, team_of
from generation.forms import ProductForm, RevisionForm
from generation.imaging.uploads import UploadRejected
from generation.models import GenerationRequest, Product
from generation.services import products
from generation.views.masks import shown_notes

_PAGE = 48


def search_words(request: HttpRequest) -> str:
    """What is searched for, `?words=`; what no text in the database can hold is searched for as nothing."""
    return request.GET.get("words", "").replace("\0", "").strip()[:200]


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    rows = Product.objects.of_team(team_of(request)).for_list()
    mask = "missing" if request.GET.get("mask") == "missing" else ""
    if mask:
        rows = rows.without_mask()
    words = search_words(request)
    if words:
        rows = rows.called(words)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "generation/products.html", {"page": page, "mask": mask, "words": words})


@require_safe
def product_detail(request: HttpRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.of_team(team_of(request)).for_list(), pk=pk)
    requests = GenerationRequest.objects.for_list().filter(revisions__product=product).order_by("-pk")[:20]
    newest = product.revisions.all()[0]  # with the pictures that `for_list` has fetched
    context = {"product": product, "requests": requests, "newest": newest, "notes": shown_notes(newest, newest.mask)}
    return render(request, "generation/product.html", context)


class _Pictures(TypedDict):
    photo_bytes: bytes | None
    photo_type: str | None
    mask_bytes: bytes | None
    mask_type: str | None


def _pictures(form: RevisionForm) -> _Pictures:
    photo, mask = form.cleaned_data["photo"], form.cleaned_data["mask"]
    return {
        "photo_bytes": photo.read() if photo else None,
        "photo_type": photo.content_type if photo else None,
        "mask_bytes": mask.read() if mask else None,
        "mask_type": mask.content_type if mask else None,
    }


def _save(form: RevisionForm, make: Callable[[], Product]) -> Product | None:
    """Let `make` store what a valid form holds; a refusal becomes the form's error."""
    try:
        return make()
    except UploadRejected as refused:
        form.add_error("mask" if refused.code.startswith("mask") else "photo", _(refused.message) % refused.params)
    except products.ProductRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, _(refused.message))
    return None


def _shown(product: Product) -> HttpResponse:
    """Where to go after a photo came in: on to the mask where it needs one."""
    has_mask = product.revisions.latest("number").mask_id is not None
    return redirect("generation:product" if has_mask else "generation:mask_editor", product.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: HttpRequest) -> HttpResponse:
    form = ProductForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, pictures = form.cleaned_data, _pictures(form)

        def make() -> Product:
            return products.create_product(
                team_of(request), signed_in(request), title=data["title"], category=data["category"],
                external_id=data["external_id"], photo_bytes=pictures["photo_bytes"] or b"",
                photo_type=pictures["photo_type"], mask_bytes=pictures["mask_bytes"], mask_type=pictures["mask_type"],
            )  # fmt: skip

        if product := _save(form, make):
            return _shown(product)
    return render(request, "generation/product_form.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_revision(request: HttpRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.of_team(team_of(request)), pk=pk)
    form = RevisionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():

        def make() -> Product:
            products.add_revision(product, signed_in(request), **_pictures(form))
            return product

        if _save(form, make):
            return _shown(product)
    context = {"form": form, "product": product}
    return render(request, "generation/product_form.html", context, status=400 if form.errors else 200)
