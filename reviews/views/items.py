"""One review item from its request to its datasets, for admins; and what is held to be right on its images."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import signed_in, team_of
from generation.models import RequestProduct
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.forms.gold import GoldForm
from reviews.models import ItemCandidate, ReviewItem
from reviews.models.items import ItemState
from reviews.services import calibration, gold, reworks
from reviews.services.refusals import Refusal
from reviews.timeline import history_of, was_reworked


@require_safe
def item_history(request: HttpRequest, handle: UUID) -> HttpResponse:
    rows = ReviewItem.objects.filter(queue__team=team_of(request)).select_related(
        "queue", "request__created_by", "first"
    )
    placed = RequestProduct.objects.filter(request=OuterRef("request")).values("revision__product__title")
    item = get_object_or_404(
        rows.annotate(title=Subquery(placed[:1]), was_reworked=Exists(was_reworked(OuterRef("pk")))), handle=handle
    )
    codes = [DEFECT_CODES[key] for key in VARIANTS[item.request.variant].defect_codes]
    history = history_of(item)
    # Whether it is shown again is the service's to say; here it is offered where it can be.
    is_known = item.state == ItemState.RESOLVED and all(hasattr(entry, "gold") for entry in history.images)
    context = {"item": item, "history": history, "codes": codes, "is_known": is_known}
    return render(request, "reviews/item.html", context)


def _entry(request: HttpRequest, handle: UUID, candidate: UUID) -> ItemCandidate:
    rows = ItemCandidate.objects.filter(item__queue__team=team_of(request)).select_related(
        "item__request", "item__queue", "candidate"
    )
    return get_object_or_404(rows, item__handle=handle, candidate__handle=candidate)


@require_POST
def review_again(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Bring a resolved item back to people, with a reason; also one that is locked."""
    item = get_object_or_404(ReviewItem, **_ours(request, handle))
    try:
        made = reworks.review_again(item, signed_in(request), request.POST.get("reason", ""))
    except Refusal as refused:
        messages.warning(request, str(refused))
        return redirect("reviews:item", handle)
    messages.success(request, _("It waits to be judged again. What was decided holds until then."))
    return redirect("reviews:item", made.handle)


@require_POST
def calibrate(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Show a known item again, to somebody who has not seen it."""
    item = get_object_or_404(ReviewItem.objects.select_related("queue__team", "request"), **_ours(request, handle))
    try:
        made = calibration.show_now(item, signed_in(request))
    except Refusal as refused:
        messages.warning(request, str(refused))
        return redirect("reviews:item", handle)
    messages.success(request, _("It comes to somebody who has not seen it, among the next."))
    return redirect("reviews:item", made.handle)


def _ours(request: HttpRequest, handle: UUID) -> dict[str, Any]:
    return {"queue__team": team_of(request), "handle": handle}


@require_POST
def set_gold(request: HttpRequest, handle: UUID, candidate: UUID) -> HttpResponse:
    entry, form = _entry(request, handle, candidate), GoldForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such answer; nothing was changed."))
        return redirect("reviews:item", handle)
    approved = form.cleaned_data["approved"]
    codes = [] if approved else form.cleaned_data["codes"]
    try:
        gold.set_gold(entry, signed_in(request), approved=approved, codes=codes)
        told = _("Image %(number)d has its right answer. It changes no decision and no outcome.")
        messages.success(request, told % {"number": entry.candidate.position + 1})
    except gold.GoldRefused as refused:
        messages.warning(request, str(refused))
    return redirect("reviews:item", handle)


@require_POST
def remove_gold(request: HttpRequest, handle: UUID, candidate: UUID) -> HttpResponse:
    entry = _entry(request, handle, candidate)
    if gold.remove_gold(entry, signed_in(request)):
        messages.success(request, _("The right answer is taken away."))
    return redirect("reviews:item", handle)
