"""A reviewer's own decisions, after the fact, and taking one back to judge it again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import signed_in
from reviews import journal
from reviews.forms.filters import JournalForm
from reviews.models.items import SlotState
from reviews.services import decisions
from reviews.services.refusals import NoSuchDecision, Refusal
from reviews.views.gallery import page_key


@never_cache
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    form = JournalForm(request.GET)
    before = page_key(request)
    found, following = journal.newest(journal.decided(signed_in(request), form.filters()), before)
    context = {"form": form, "decisions": found, "next": following, "is_first": before is None}
    return render(request, "reviews/decisions.html", context)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back and go to the desk, where its item comes next."""
    try:
        slot = decisions.undo(signed_in(request), pk)
    except NoSuchDecision as missing:
        raise Http404(str(missing)) from missing
    except Refusal as refused:
        messages.warning(request, str(refused))
        return redirect("reviews:decisions")
    if slot.state == SlotState.LEASED:
        return redirect("reviews:desk")
    if slot.state == SlotState.READY:
        messages.info(request, _("It is taken back. Today's quota has no room for it: it waits, like any other."))
    else:
        messages.info(request, _("It is taken back. Its item is out of review, so there is nothing to judge again."))
    return redirect("reviews:decisions")
