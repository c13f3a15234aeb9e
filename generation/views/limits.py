"""Limits: what the guards' measures must satisfy, tried on the last candidates before it is put in force."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import signed_in, team_of
from generation.forms import LimitForm
from generation.models import LimitChange
from generation.services import dry_runs, limits
from generation.services.limits import LimitInForce, LimitRefused
from generation.variants import DEFAULT_VARIANT, VARIANTS, Variant

_HISTORY = 50


@require_safe
def limit_list(request: HttpRequest, variant: str = DEFAULT_VARIANT) -> HttpResponse:
    """What holds for one variant, and what was changed."""
    team, chosen = team_of(request), _variant(variant)
    changes = LimitChange.objects.of(team, chosen.key).select_related("changed_by")
    context = {
        "variant": chosen,
        "variants": VARIANTS.values(),
        "entries": limits.limits_in_force(team, chosen),
        "history": changes[:_HISTORY],
    }
    return render(request, "generation/limits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def limit_detail(request: HttpRequest, variant: str, measure: str) -> HttpResponse:
    """One limit. `?threshold=…&effect=…` tries another one and changes nothing; a POST puts it in force."""
    chosen = _variant(variant)
    in_force = limits.limits_in_force(team_of(request), chosen)
    entry = _entry(in_force, measure)
    sent = request.POST if request.method == "POST" else request.GET if "threshold" in request.GET else None
    form = LimitForm(sent, limit=entry.limit)
    trial: dict[str, Any] = {}
    if form.is_valid():
        try:
            wanted = limits.proposed(entry.default, form.cleaned_data["threshold"], form.blocks)
            trial = {"wanted": wanted, "result": dry_runs.dry_run(team_of(request), chosen, in_force, wanted)}
            if request.method == "POST":
                return _put_in_force(request, chosen, measure, form)
        except LimitRefused as refused:
            form.add_error(_field_of(refused, form), _(refused.message) % refused.params)
    status = 400 if form.errors else 200
    context = _about(request, chosen, entry) | trial | {"form": form, "reason": request.POST.get("reason", "")}
    return render(request, "generation/limit.html", context, status=status)


@require_POST
def reset_limit(request: HttpRequest, variant: str, measure: str) -> HttpResponse:
    chosen = _variant(variant)
    _entry(limits.limits_in_force(team_of(request), chosen), measure)
    try:
        limits.reset_limit(team_of(request), signed_in(request), chosen, measure, reason=request.POST.get("reason", ""))
        messages.success(request, _("The variant's own limit holds again, from the next screening on."))
    except LimitRefused as refused:
        messages.error(request, _("Nothing was changed.") + " " + _(refused.message) % refused.params)
        return redirect("generation:limit", chosen.key, measure)
    return redirect("generation:variant_limits", chosen.key)


def _put_in_force(request: HttpRequest, variant: Variant, measure: str, form: LimitForm) -> HttpResponse:
    limits.change_limit(
        team_of(request), signed_in(request), variant, measure, threshold=form.cleaned_data["threshold"],
        blocks=form.blocks, reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("In force from the next screening on. What was judged before stays as it is."))
    return redirect("generation:variant_limits", variant.key)


def _about(request: HttpRequest, variant: Variant, entry: LimitInForce) -> dict[str, Any]:
    team, measure = team_of(request), entry.limit.measure
    changes = LimitChange.objects.of(team, variant.key).filter(measure=measure).select_related("changed_by")
    return {
        "variant": variant,
        "entry": entry,
        "distribution": dry_runs.distribution(team, variant, entry.limit),
        "sample": dry_runs.SAMPLE,
        "history": changes[:_HISTORY],
    }


def _field_of(refused: LimitRefused, form: LimitForm) -> str | None:
    return refused.field if refused.field in form.fields else None


def _variant(key: str) -> Variant:
    if key not in VARIANTS:
        raise Http404
    return VARIANTS[key]


def _entry(in_force: tuple[LimitInForce, ...], measure: str) -> LimitInForce:
    for entry in in_force:
        if entry.limit.measure == measure:
            return entry
    raise Http404
