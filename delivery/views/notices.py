"""What somebody was told, and what of it they want by e-mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from accounts.rules import signed_in
from delivery.forms import NoticeChoiceForm
from delivery.kinds import level_of, text_of
from delivery.models import Notice
from delivery.services import notices
from delivery.views.keys import key_from

_PAGE = 50


@never_cache
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The newest first. Looking marks nothing as read: opening one does, and the button."""
    user, before = signed_in(request), key_from(request.GET.get("before"))
    mine = Notice.objects.filter(user=user, **({"pk__lt": before} if before else {})).order_by("-pk")
    shown = list(mine[: _PAGE + 1])
    rows = [(notice, text_of(notice.kind, notice.values), level_of(notice.kind)) for notice in shown[:_PAGE]]
    context = {
        "rows": rows, "next": shown[_PAGE - 1].pk if len(shown) > _PAGE else None, "is_first": not before,
        "has_unread": any(notice.read_at is None for notice in shown[:_PAGE]), "newest": shown[0].pk if shown else 0,
    }  # fmt: skip
    return render(request, "delivery/notices.html", context)


def _count_tag(request: HttpRequest) -> str:
    return f'"{notices.unread_count(signed_in(request))}-{get_language()}"'


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=_count_tag)
def unread(request: HttpRequest) -> HttpResponse:
    """What stands at the bell, as a piece of a page; 304 while it is the same (static/js/bell.js)."""
    count = notices.unread_count(signed_in(request))
    return HttpResponse(render_to_string("_bell_count.html", {"count": count}).strip())


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """It is read now; go to what it speaks of."""
    try:
        notice = notices.mark_read(signed_in(request), pk)
    except Notice.DoesNotExist as error:
        raise Http404 from error
    # Paths are our own; a row that somebody wrote by hand must still lead nowhere else.
    is_ours = notice.path and url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
    return redirect(notice.path if is_ours else "delivery:notices")


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    notices.mark_all_read(signed_in(request), key_from(request.POST.get("newest")))
    return redirect("delivery:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = NoticeChoiceForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        notices.choose_kinds(user, form.cleaned_data["mailed"])
        messages.success(request, _("Saved."))
        return redirect("delivery:notice_choices")
    return render(request, "delivery/notice_choices.html", {"form": form}, status=400 if form.errors else 200)
