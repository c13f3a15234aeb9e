"""Many images at once: first what would happen, then exactly that."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.idempotency import KeyReused, Once, SentBefore
from accounts.rules import signed_in, team_of
from reviews import gallery as images
from reviews.services import bulk
from reviews.services.archives import zip_originals
from reviews.services.bulk import MOST_IMAGES, Effect, EffectChanged
from reviews.views.gallery import filter_form, like


def _chosen(request: HttpRequest) -> list[uuid.UUID]:
    """The images of a sent selection; with `everything`, those that the filters in the address select, newest first."""
    if request.POST.get("everything"):
        rows = images.matching(team_of(request), filter_form(request).filters())
        model = like(request)
        if model is not None:
            return [candidate.handle for candidate in images.alike(rows, model)]
        return list(rows.order_by("-pk").values_list("handle", flat=True)[:MOST_IMAGES])
    found = []
    for text in request.POST.getlist("handle")[: 2 * MOST_IMAGES]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _shown(request: HttpRequest, act: str, effect: Effect, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"act": act, "effect": effect, "key": uuid.uuid4()}
    return render(request, "reviews/bulk.html", context, status=status)


@require_POST
def preview_download(request: HttpRequest) -> HttpResponse:
    effect = bulk.effect_of_download(team_of(request), _chosen(request))
    return _shown(request, "download", effect, byte_size=sum(c.composed.byte_size for c in effect.images if c.composed))


@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    handles = _chosen(request)
    try:
        candidates = bulk.download(team_of(request), handles)
    except EffectChanged as changed:
        messages.warning(request, str(changed))
        effect = bulk.effect_of_download(team_of(request), handles)
        return _shown(request, "download", effect, 409)
    response = StreamingHttpResponse(zip_originals(candidates), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="approved-images.zip"'
    # An approval can be taken back: no copy of the answer may outlive it.
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def preview_asking_again(request: HttpRequest) -> HttpResponse:
    return _shown(request, "ask_again", bulk.effect_of_asking_again(team_of(request), _chosen(request)))


@require_POST
def ask_again(request: HttpRequest) -> HttpResponse:
    team, handles = team_of(request), _chosen(request)
    key = request.POST.get("key", "")[:100] or uuid.uuid4().hex
    content = "".join(sorted(map(str, handles))).encode()
    try:
        opened = bulk.ask_again(
            team, signed_in(request), handles, once=Once.of(signed_in(request), "reviews:ask_again", key, content)
        )
    except EffectChanged as changed:
        messages.warning(request, str(changed))
        return _shown(request, "ask_again", bulk.effect_of_asking_again(team, handles), 409)
    except (SentBefore, KeyReused):
        messages.info(request, _("These were asked for a moment ago; nothing was asked twice."))
        return redirect("generation:requests")
    told = ngettext("%(count)d request is open.", "%(count)d requests are open.", len(opened)) % {"count": len(opened)}
    messages.success(request, told)
    return redirect("generation:requests")
