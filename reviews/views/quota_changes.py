"""Many quotas at once: first what would change for whom, then exactly that. And as CSV, out and in."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import signed_in, team_of
from reviews.forms.quotas import RuleForm, TableForm, TermsForm
from reviews.services import quota_changes
from reviews.services.quota_changes import Change, ChangesRefused, QuotasChanged
from reviews.services.quota_table import TableRefused, read_table, write_table


def _preview(request: HttpRequest, changes: Sequence[Change], status: int = 200) -> HttpResponse:
    """Raises ChangesRefused."""
    effect = quota_changes.effect_of(team_of(request), changes)
    context = {"effect": effect, "table": write_table(changes)}
    return render(request, "reviews/quota_preview.html", context, status=status)


def _rules(request: HttpRequest, form: RuleForm, status: int = 200) -> HttpResponse:
    team = team_of(request)
    rows = [(rule, write_table([_removed(quota_changes.as_change(rule))])) for rule in quota_changes.rules(team)]
    return render(request, "reviews/quota_rules.html", {"rows": rows, "form": form}, status=status)


def _removed(change: Change) -> Change:
    return Change(*change.place)


@never_cache
@require_safe
def quota_rules(request: HttpRequest) -> HttpResponse:
    return _rules(request, RuleForm(team_of(request)))


@require_POST
def edit_quota(request: HttpRequest) -> HttpResponse:
    """Add or change one rule: on to what it would do."""
    form = RuleForm(team_of(request), request.POST)
    if form.is_valid():
        try:
            return _preview(request, [form.change()])
        except ChangesRefused as refused:
            form.add_error(None, [why for _place, why in refused.problems])
    return _rules(request, form, status=400)


@require_POST
def preview_quotas(request: HttpRequest) -> HttpResponse:
    """What the chosen people would get."""
    form, chosen = TermsForm(request.POST), list(dict.fromkeys(request.POST.getlist("reviewer")))
    if not chosen:
        problem = _("Nobody was chosen. Choose people first; nothing was changed.")
    elif not form.is_valid():
        problem = _("A cap or target is a whole number from 0 to 1,000,000.") + " " + _("Nothing was changed.")
    else:
        try:
            return _preview(request, form.changes_for(["" if "\0" in name else name for name in chosen]))
        except ChangesRefused as refused:
            problem = str(refused) + " " + _("Nothing was changed.")
    messages.error(request, problem)
    return redirect("reviews:quotas")


@require_POST
def confirm_quotas(request: HttpRequest) -> HttpResponse:
    """Do what a preview has shown, or say that it has become something else and show it anew."""
    try:
        changes, _lines = read_table(request.POST.get("table", ""))
        effect = quota_changes.set_quotas(
            team_of(request), changes, signed_in(request), seen=request.POST.get("seen", "")
        )
    except QuotasChanged as changed:
        messages.warning(request, str(changed))
        return _preview(request, changes, 409)
    except (TableRefused, ChangesRefused) as refused:
        messages.error(request, str(refused) + " " + _("Nothing was changed."))
        return redirect("reviews:quotas")
    count = len(effect.changed)
    told = ngettext("%(count)d quota is set.", "%(count)d quotas are set.", count) % {"count": count}
    messages.success(request, told)
    return redirect("reviews:quotas")


@never_cache
@require_safe
def quotas_csv(request: HttpRequest) -> HttpResponse:
    table = write_table(map(quota_changes.as_change, quota_changes.rules(team_of(request))))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="quotas.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_quotas(request: HttpRequest) -> HttpResponse:
    """A table of quotas, on to what it would change."""
    if request.method != "POST":
        return render(request, "reviews/quota_import.html", {"form": TableForm()})
    form = TableForm(request.POST, request.FILES)
    problems: list[tuple[int, str]] = []
    if form.is_valid():
        try:
            changes, lines = read_table(form.cleaned_data["text"])
            try:
                return _preview(request, changes)
            except ChangesRefused as refused:
                problems = [(lines[min(place, len(lines) - 1)], why) for place, why in refused.problems]
        except TableRefused as refused_table:
            problems = refused_table.problems
    return render(request, "reviews/quota_import.html", {"form": form, "problems": problems}, status=400)
