"""Requests: the list, one request live, opening, cancelling, trying again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from accounts.rules import signed_in, team_of
from generation.forms import RequestForm
from generation.lifecycle import IllegalMove
from generation.models import GenerationRequest, Product, ProductRevision
from generation.services import requests
from generation.variants import DEFAULT_VARIANT, VARIANTS
from generation.views.products import search_words

_PAGE = 30


def _of_team(request: HttpRequest) -> QuerySet[GenerationRequest]:
    return GenerationRequest.objects.of_team(team_of(request)).for_list()


def _with_candidates(request: HttpRequest, pk: int) -> GenerationRequest:
    rows = _of_team(request).select_related("reward_version", "asked_again_for")
    candidates = ("candidates__composed", "candidates__raw", "candidates__findings__proof", "candidates__scores")
    return get_object_or_404(rows.prefetch_related(*candidates, "mask_repairs"), pk=pk)


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    words, state = search_words(request), request.GET.get("state", "")
    found = GenerationRequest.objects.of_team(team_of(request))
    if words:
        found = found.searched(words)
    rows = found.for_list().order_by("-pk")
    if state in GenerationRequest.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "state": state, "states": GenerationRequest.State.choices}
    return render(request, "generation/requests.html", context)


@require_safe
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "generation/request.html", {"generation_request": _with_candidates(request, pk)})


def _progress_etag(request: HttpRequest, pk: int) -> str | None:
    row = _of_team(request).filter(pk=pk).values_list("state", "steps_done", "attempts").first()
    return f'"{"-".join(map(str, (*row, get_language())))}"' if row else None


@condition(etag_func=_progress_etag)
@require_safe
def request_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part of the page, polled: 304 while nothing has changed."""
    return render(request, "generation/_request_live.html", {"generation_request": _with_candidates(request, pk)})


@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    """Ask for candidates of one product. `?product=ID` chooses it beforehand, `?variant=KEY` what is to be made."""
    team = team_of(request)
    revisions = ProductRevision.objects.newest(team).with_mask().select_related("product", "photo")
    chosen = request.GET.get("product", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0  # longer ones no number type can take
    if request.method != "POST" and (unready := Product.objects.of_team(team).without_mask().filter(pk=number).first()):
        messages.info(
            request, _("This photo has no mask yet. Show where the product is, then ask for scenes around it.")
        )
        back = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('generation:mask_editor', args=[unready.pk])}?{back}")
    variant = request.GET.get("variant", "")
    initial = {
        "revision": revisions.filter(product_id=number).first(),
        "variant": variant if variant in VARIANTS else DEFAULT_VARIANT,
    }
    form = RequestForm(request.POST or None, initial=initial, revisions=revisions.order_by("-product_id"))
    if request.method == "POST" and form.is_valid() and (opened := _open(request, form)):
        return redirect("generation:request", opened.pk)
    context = {"form": form, "variants": VARIANTS.values(), "product": number}
    return render(request, "generation/request_form.html", context, status=400 if form.errors else 200)


def _open(request: HttpRequest, form: RequestForm) -> GenerationRequest | None:
    data = form.cleaned_data
    revision: ProductRevision = data["revision"]
    try:
        prompt = data["prompt"] or requests.build_prompt(form.chosen_variant, revision.product, form.chosen_parts())
        return requests.open_request(
            team_of(request), signed_in(request), revisions=[revision], variant=form.chosen_variant.key, prompt=prompt,
            candidate_count=data["candidate_count"], seed=data["seed"], parameters=form.chosen_parameters(),
        )  # fmt: skip
    except requests.RequestRefused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, _(refused.message) % refused.params)
        return None


@require_POST
def cancel_request(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_of_team(request), pk=pk)
    try:
        requests.cancel_request(found)
        messages.success(request, _("The request is cancelled. Nobody will review it."))
    except IllegalMove:
        messages.warning(request, _("It had ended already; nothing was changed."))
    return redirect("generation:request", pk)


@require_POST
def retry_request(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_of_team(request), pk=pk)
    try:
        requests.retry_request(found)
        messages.success(request, _("The request is queued again."))
    except IllegalMove:
        messages.warning(request, _("It has not failed; nothing was changed."))
    return redirect("generation:request", pk)
