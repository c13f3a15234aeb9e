"""Rework: what is done with many items at once. First what would happen, then exactly that; and back again."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.idempotency import KeyReused, Once, SentBefore, made_before
from accounts.rules import signed_in, team_of
from generation.models import RequestProduct
from reviews.forms.rework import ReworkForm
from reviews.models import Rework
from reviews.models.rework import ReworkItemState
from reviews.services import reworks
from reviews.services.refusals import Conflict, Refusal
from reviews.views.gallery import page_key

_PAGE = 50


@require_safe
def rework_list(request: HttpRequest) -> HttpResponse:
    rows = Rework.objects.filter(team=team_of(request)).select_related("done_by", "undone_by").order_by("-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/reworks.html", {"page": page})


@require_safe
def new_rework(request: HttpRequest) -> HttpResponse:
    """The form; an address may ask for something, and is only shown."""
    form = ReworkForm.prefilled(team_of(request), request.GET.dict())
    return render(request, "reviews/new_rework.html", {"form": form})


@never_cache
@require_POST
def preview_rework(request: HttpRequest) -> HttpResponse:
    form = ReworkForm(request.POST, team=team_of(request))
    return _previewed(request, form) if form.is_valid() else _refused(request, form)


@never_cache
@require_POST
def confirm_rework(request: HttpRequest) -> HttpResponse:
    """Do what a preview has shown, or say that it has become something else and show it anew."""
    team, by, form = team_of(request), signed_in(request), ReworkForm(request.POST, team=team_of(request))
    if not form.is_valid():
        return _refused(request, form)
    content = repr((form.choice(), form.the_act(), form.cleaned_data["reason"])).encode()
    once = Once.of(by, "reviews:confirm_rework", request.POST.get("key", "")[:100] or uuid.uuid4().hex, content)
    try:
        if earlier := made_before(once):
            return redirect("reviews:rework", earlier)
        rework = reworks.confirm(
            team, by, form.choice(), form.the_act(), form.cleaned_data["reason"], seen=request.POST.get("seen", ""),
            once=once,
        )  # fmt: skip
    except SentBefore as before:
        return redirect("reviews:rework", before.object_id)
    except (reworks.ReworkChanged, KeyReused) as changed:
        messages.warning(request, str(changed) or _("Something has changed since this was shown."))
        return _previewed(request, form, 409)
    except Refusal as refused:
        form.add_error(None, str(refused))
        return _refused(request, form)
    _tell(request, rework)
    return redirect("reviews:rework", rework.pk)


def _previewed(request: HttpRequest, form: ReworkForm, status: int = 200) -> HttpResponse:
    try:
        effect = reworks.effect_of(team_of(request), form.choice(), form.the_act())
    except Refusal as refused:
        form.add_error(None, str(refused))
        return _refused(request, form)
    context = {"form": form, "effect": effect, "key": uuid.uuid4(), "query": _asked(form)}
    return render(request, "reviews/rework_preview.html", context, status=status)


def _asked(form: ReworkForm) -> str:
    """The form as an address, to choose otherwise."""
    return urlencode({name: value for name in form.fields if (value := form.data.get(name)) and len(value) <= 1000})


def _refused(request: HttpRequest, form: ReworkForm) -> HttpResponse:
    return render(request, "reviews/new_rework.html", {"form": form}, status=400)


def _tell(request: HttpRequest, rework: Rework) -> None:
    if rework.is_at_work:
        messages.info(request, _("It is at work. This page shows how far it is; you may leave it."))
        return
    count = rework.items_done
    told = ngettext("Done with %(count)d item.", "Done with %(count)d items.", count) % {"count": count}
    messages.success(request, told)


def _found(request: HttpRequest, pk: int) -> Rework:
    rows = Rework.objects.filter(team=team_of(request)).select_related("done_by", "undone_by")
    return get_object_or_404(rows, pk=pk)


@never_cache
@require_safe
def rework(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, with each item as it was before; live while it is at work."""
    found, before, state = _found(request, pk), page_key(request), request.GET.get("state", "")
    placed = RequestProduct.objects.filter(request=OuterRef("item__request")).values("revision__product__title")
    rows = found.items.select_related("item__queue", "made").annotate(title=Subquery(placed[:1])).order_by("-pk")
    if state in ReworkItemState.values:
        rows = rows.filter(state=state)
    entries = list(rows.filter(pk__lt=before)[: _PAGE + 1] if before is not None else rows[: _PAGE + 1])
    reasons = found.items.filter(~Q(why="")).values_list("state", "why").annotate(items=Count("pk"))
    context = {
        "rework": found, "entries": entries[:_PAGE], "next": entries[_PAGE - 1].pk if len(entries) > _PAGE else None,
        "is_first": before is None, "reasons": list(reasons.order_by("state", "-items")), "state": state,
        "states": ReworkItemState.choices,
    }  # fmt: skip
    return render(request, "reviews/rework.html", context)


@require_POST
def undo_rework(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    try:
        found = reworks.undo_rework(found, signed_in(request))
    except Conflict as refused:
        messages.warning(request, str(refused))
        return redirect("reviews:rework", pk)
    if found.is_at_work:
        messages.info(request, _("It is being undone. This page shows how far it is; you may leave it."))
    else:
        told = ngettext("%(count)d item is as before.", "%(count)d items are as before.", found.items_undone)
        messages.success(request, told % {"count": found.items_undone})
    return redirect("reviews:rework", pk)


@require_POST
def cancel_rework(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        reworks.cancel_rework(_found(request, pk), signed_in(request))
        messages.success(request, _("It is cancelled. What is done already stays, and can be undone."))
    except Conflict as refused:
        messages.warning(request, str(refused))
    return redirect("reviews:rework", pk)
