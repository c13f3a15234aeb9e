"""Webhooks: where events go, what became of each, and sending one again."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import signed_in, team_of
from delivery.events import WHY_NOT
from delivery.forms import ChangeEndpointForm, EndpointForm
from delivery.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from delivery.models.webhooks import MessageState
from delivery.services import endpoints, webhooks
from delivery.views.keys import key_from

_PAGE = 30


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    rows = WebhookEndpoint.objects.filter(team=team_of(request)).order_by("pk")
    return render(request, "delivery/webhooks.html", {"endpoints": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_webhook(request: HttpRequest) -> HttpResponse:
    """POST makes one and shows its secret this once."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            endpoint, secret = endpoints.create_endpoint(team_of(request), signed_in(request), **form.cleaned_data)
            return render(request, "delivery/secret.html", {"endpoint": endpoint, "secret": secret, "is_new": True})
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "delivery/webhook_form.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    values = {name: getattr(endpoint, name) for name in ("url", "description", "topics", "is_active")}
    form = ChangeEndpointForm(request.POST if request.method == "POST" else None, initial=values)
    if form.is_valid():
        try:
            endpoints.change_endpoint(endpoint, signed_in(request), **form.cleaned_data)
            messages.success(request, _("Saved. It holds for the next event."))
            return redirect("delivery:webhook", endpoint.pk)
        except ValidationError as refused:
            form.add_error(None, refused)
    return _show(request, endpoint, form)


def _show(request: HttpRequest, endpoint: WebhookEndpoint, form: ChangeEndpointForm) -> HttpResponse:
    state, before = request.GET.get("state", ""), key_from(request.GET.get("before"))
    chosen = Q(pk__lt=before) if before else Q()
    if state in MessageState.values:
        chosen &= Q(state=state)
    attempts = Prefetch("attempts", WebhookAttempt.objects.order_by("-pk"))
    shown = list(endpoint.messages.filter(chosen).prefetch_related(attempts).order_by("-pk")[: _PAGE + 1])
    log = [_logged(message) for message in shown[:_PAGE]]
    context = {
        "endpoint": endpoint, "form": form, "log": log, "state": state, "states": MessageState.choices,
        "next": shown[_PAGE - 1].pk if len(shown) > _PAGE else None, "is_first": not before,
    }  # fmt: skip
    return render(request, "delivery/webhook.html", context, status=400 if form.errors else 200)


def _logged(message: WebhookMessage) -> tuple[WebhookMessage, str, str, list[tuple[WebhookAttempt, str]]]:
    """With its body to read, the state whose look it has, and its tries with why they came to nothing."""
    look = "succeeded" if message.state == MessageState.DELIVERED else message.state
    body = json.dumps(message.body, indent=2, ensure_ascii=False)
    return message, body, look, [(attempt, _why(attempt)) for attempt in message.attempts.all()]


def _why(attempt: WebhookAttempt) -> str:
    return _(WHY_NOT[attempt.error]) if attempt.error in WHY_NOT else attempt.error


@require_POST
def resend(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    messages_there = WebhookMessage.objects.select_related("endpoint")
    if webhooks.resend(get_object_or_404(messages_there, pk=message_pk, endpoint=endpoint)):
        messages.success(request, _("It is being sent again. The log shows the answer in a moment."))
    else:
        messages.warning(request, _("It waits: the webhook is switched off. Switch it on to send it."))
    return redirect("delivery:webhook", endpoint.pk)


@require_POST
def test_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    webhooks.send_test(endpoint)
    if endpoint.is_active:
        messages.success(request, _("A test event is on its way. The log shows the answer in a moment."))
    else:
        messages.warning(request, _("It waits: the webhook is switched off. Switch it on to send it."))
    return redirect("delivery:webhook", endpoint.pk)


@never_cache
@require_POST
def rotate_secret(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    secret = endpoints.rotate_secret(endpoint, signed_in(request))
    return render(request, "delivery/secret.html", {"endpoint": endpoint, "secret": secret, "is_new": False})


def _found(request: HttpRequest, pk: int) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint, pk=pk, team=team_of(request))
