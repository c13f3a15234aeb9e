"""Masks and photos that reviewers say are wrong: the list, one of them, and the operator's two answers."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import signed_in, team_of
from generation.forms import RepairForm
from generation.imaging.uploads import UploadRejected
from generation.models import GenerationRequest, MaskRepair
from generation.services import repairs
from generation.services.requests import RequestRefused

_PAGE = 30
_KEPT = {
    MaskRepair.Reason.MASK: gettext_lazy("The mask stays as it is, and its candidates go back to review."),
    MaskRepair.Reason.SOURCE: gettext_lazy("The photo stays as it is, and its candidates go back to review."),
}
_REPAIRED = {
    MaskRepair.Reason.MASK: gettext_lazy("The mask is repaired, and candidates are asked for again."),
    MaskRepair.Reason.SOURCE: gettext_lazy("The photo is replaced, and candidates are asked for again."),
}


@require_safe
def repair_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; `?state=` shows what became of the others, the newest first."""
    rows = MaskRepair.objects.of_team(team_of(request)).for_list()
    state = request.GET.get("state", "")
    if state not in MaskRepair.State.values:
        state = MaskRepair.State.OPEN
    rows = rows.filter(state=state).order_by("pk" if state == MaskRepair.State.OPEN else "-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": MaskRepair.State.choices}
    return render(request, "generation/repairs.html", context)


@require_safe
def repair_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), RepairForm())


@require_POST
def repair_mask(request: HttpRequest, pk: int) -> HttpResponse:
    """With `revision`, a number: ask again with it. Else the corrected mask is uploaded, and asked again with."""
    found, user = _found(request, pk), signed_in(request)
    if "revision" in request.POST:
        form = RepairForm()
        sent = request.POST["revision"]
        number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
        return _answer(request, found, form, lambda: repairs.ask_again(found, user, number))
    form = RepairForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, form, 400)
    mask = form.cleaned_data["mask"]
    data = mask.read()
    return _answer(
        request, found, form,
        lambda: repairs.repair_mask(found, user, mask_bytes=data, mask_type=mask.content_type),
    )  # fmt: skip


@require_POST
def keep_mask(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    try:
        repairs.keep_mask(found, signed_in(request))
        messages.success(request, _KEPT[MaskRepair.Reason(found.reason)])
    except repairs.RepairClosed as closed:
        messages.warning(request, str(closed))
    return redirect("generation:repairs")


def _found(request: HttpRequest, pk: int) -> MaskRepair:
    rows = MaskRepair.objects.of_team(team_of(request)).for_list()
    return get_object_or_404(rows.prefetch_related("request__candidates__composed"), pk=pk)


def _answer(
    request: HttpRequest, repair: MaskRepair, form: RepairForm, work: Callable[[], GenerationRequest]
) -> HttpResponse:
    """Let `work` repair and ask again; a refusal is shown where it belongs and has changed nothing."""
    try:
        opened = work()
    except UploadRejected as refused:
        form.add_error("mask", _(refused.message) % refused.params)
        return _show(request, repair, form, 400)
    except RequestRefused as refused:
        return _show(request, repair, form, 400, _(refused.message) % refused.params)
    except repairs.RepairClosed as closed:
        messages.warning(request, str(closed))
        return redirect("generation:repair", repair.pk)
    messages.success(request, _REPAIRED[MaskRepair.Reason(repair.reason)])
    return redirect("generation:request", opened.pk)


def _show(
    request: HttpRequest, repair: MaskRepair, form: RepairForm, status: int = 200, refused: str = ""
) -> HttpResponse:
    later = repairs.newest_later(repair) if repair.state == MaskRepair.State.OPEN else None
    context = {"repair": repair, "form": form, "later": later, "refused": refused}
    return render(request, "generation/repair.html", context, status=status)
