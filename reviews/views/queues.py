"""Queues: in which order they are asked, what they take, who judges them; tried on the last requests beforehand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import signed_in, team_of
from generation.variants import DEFAULT_VARIANT, VARIANTS
from reviews.forms.gold import CountForm
from reviews.forms.queues import AudienceForm, ConditionFormSet, QueueForm, rows_of, shown_first
from reviews.models import Queue
from reviews.routing import FIELDS, OPERATORS
from reviews.services import calibration, queues
from reviews.services.queue_dry_runs import SAMPLE, dry_run
from reviews.services.queues import QueueRefused
from reviews.services.refusals import Refusal


@require_safe
def queue_list(request: HttpRequest) -> HttpResponse:
    """By variant, in the order in which they are asked, with what waits and is in hand."""
    rows = Queue.objects.of_team(team_of(request)).in_order().with_numbers().prefetch_related("audience")
    found = list(rows)
    groups = [(variant, [queue for queue in found if queue.variant == key]) for key, variant in VARIANTS.items()]
    return render(request, "reviews/queues.html", {"groups": [group for group in groups if group[1]]})


@require_http_methods(["GET", "HEAD", "POST"])
def new_queue(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("variant", "")
    variant = wanted if wanted in VARIANTS else DEFAULT_VARIANT
    # Asked first: after a queue without conditions it would never take anything.
    return _edit(request, Queue(team=team_of(request), variant=variant, position=0))


@require_http_methods(["GET", "HEAD", "POST"])
def queue_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Queue.objects.of_team(team_of(request)), pk=pk))


def _edit(request: HttpRequest, queue: Queue) -> HttpResponse:
    """Everything about a queue. A POST with `try` shows what it would do and writes nothing."""
    sent = request.POST if request.method == "POST" else None
    form = QueueForm(sent, instance=queue)
    rows = ConditionFormSet(sent, prefix="conditions", initial=shown_first(sent, rows_of(queue)))
    people = AudienceForm(sent, team=queue.team, audience=queues.audience_of(queue))
    context: dict[str, Any] = {"form": form, "rows": rows, "people": people, "sample": SAMPLE}
    if sent is not None and all([form.is_valid(), rows.is_valid(), people.is_valid()]):
        try:
            values = _values(queue, form, rows)
            if "try" in sent:
                context["result"] = dry_run(queue.team, queues.proposed(queue, values))
            else:
                saved = queues.save_queue(queue, signed_in(request), values, people.audience)
                messages.success(request, _("Saved. %(queue)s is asked from now on.") % {"queue": saved})
                return redirect("reviews:queues")
        except QueueRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    is_wrong = bool(form.errors or rows.total_error_count() or people.is_wrong)
    context |= {"queue": queue, "fields": FIELDS, "operators": OPERATORS, "known": _known(queue)}
    return render(request, "reviews/queue.html", context, status=400 if is_wrong else 200)


def _values(queue: Queue, form: QueueForm, rows: Any) -> dict[str, Any]:
    conditions = [row.condition for row in rows if row.condition]
    return {**form.cleaned_data, "conditions": conditions, "position": queue.position}


def _known(queue: Queue) -> dict[str, int] | None:
    """Of a queue for calibration: how many known items its variant has, and how many of them may be shown now."""
    if queue.pk is None or not queue.is_calibration:
        return None
    team, variant = queue.team, queue.variant
    return {
        "all": calibration.known_items(team, variant).count(),
        "now": calibration.showable_items(team, variant).count(),
        "most": calibration.MOST_AT_ONCE,
    }


@require_POST
def show_known(request: HttpRequest, pk: int) -> HttpResponse:
    """Show some known items now."""
    rows = Queue.objects.of_team(team_of(request)).filter(purpose=Queue.Purpose.CALIBRATION)
    queue = get_object_or_404(rows, pk=pk)
    form = CountForm(request.POST)
    try:
        made = calibration.show_some(queue, signed_in(request), form.cleaned_data["count"] if form.is_valid() else 0)
    except Refusal as refused:
        messages.warning(request, str(refused))
        return redirect("reviews:queue", pk)
    told = ngettext("%(count)d known item is shown among the next.", "%(count)d known items are shown among the next.",
                    made)  # fmt: skip
    messages.success(request, told % {"count": made})
    return redirect("reviews:queue", pk)


@require_POST
def reorder_queue(request: HttpRequest, pk: int) -> HttpResponse:
    queue = get_object_or_404(Queue.objects.of_team(team_of(request)), pk=pk)
    queues.move_queue(queue, signed_in(request), up=request.POST.get("to") != "down")
    return redirect("reviews:queues")


@require_POST
def switch_queue(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause and go on, close and open again."""
    queue = get_object_or_404(Queue.objects.of_team(team_of(request)), pk=pk)
    what = request.POST.get("what", "")
    told = {
        "pause": _("%(queue)s is paused. What is in hand can still be decided."),
        "resume": _("%(queue)s goes on."),
        "close": _("%(queue)s takes in nothing new. What waits is still judged."),
        "open": _("%(queue)s takes in requests again."),
    }
    if what in ("pause", "resume"):
        queues.set_paused(queue, signed_in(request), paused=what == "pause")
    elif what in ("close", "open"):
        queues.set_closed(queue, signed_in(request), closed=what == "close")
    else:
        messages.error(request, _("Nothing was changed: say pause, resume, close or open."))
        return redirect("reviews:queues")
    messages.success(request, told[what] % {"queue": queue})
    return redirect("reviews:queues")
