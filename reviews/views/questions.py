"""Questions that reviewers ask about an item: the list, one of them, and an admin's answer.

Whoever answers may judge the item next, so the pages are as blind as the desk: no score, no rank, no model, no verdict.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import signed_in, team_of
from reviews.forms.questions import AnswerForm
from reviews.models import Escalation
from reviews.models.items import SlotState
from reviews.services import escalations
from reviews.services.refusals import QuestionClosed

_PAGE = 30


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; `?state=` shows the others, the newest first."""
    state = request.GET.get("state", "")
    if state not in Escalation.State.values:
        state = Escalation.State.OPEN
    rows = Escalation.objects.of_team(team_of(request)).for_list().filter(state=state)
    rows = rows.order_by("pk" if state == Escalation.State.OPEN else "-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": Escalation.State.choices}
    return render(request, "reviews/questions.html", context)


@require_safe
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), AnswerForm())


@require_POST
def answer_question(request: HttpRequest, pk: int) -> HttpResponse:
    """With `judge` the item comes to the admin's own desk."""
    found, form = _found(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, 400)
    admin, judges = signed_in(request), "judge" in request.POST
    try:
        slot = escalations.answer_question(found, admin, form.cleaned_data["answer"], judges=judges)
    except QuestionClosed as closed:
        messages.warning(request, str(closed))
        return redirect("reviews:question", found.pk)
    if judges and slot.state == SlotState.LEASED and slot.reviewer_id == admin.pk:
        return redirect("reviews:desk")
    if judges:
        messages.warning(request, _("Answered. The item cannot come to you: you have judged it, or your day is full."))
    else:
        messages.success(request, _("Answered. The item goes back to review before the others."))
    return redirect("reviews:questions")


def _found(request: HttpRequest, pk: int) -> Escalation:
    return get_object_or_404(Escalation.objects.of_team(team_of(request)).for_list(), pk=pk)


def _show(request: HttpRequest, question: Escalation, form: AnswerForm, status: int = 200) -> HttpResponse:
    placed = question.item.request.revisions.select_related("photo", "product").first()
    context = {"question": question, "form": form, "revision": placed}
    return render(request, "reviews/question.html", context, status=status)
