"""The signed-in person's own pages."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.forms import LanguageForm, TokenForm
from accounts.models import ApiToken
from accounts.rules import signed_in


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(initial={"language": signed_in(request).language})
    return render(request, "accounts/profile.html", {"language_form": form})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Who is signed in chooses for good; the cookie keeps the choice on this device, also for the sign-in page."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no such language")
    language = form.cleaned_data["language"]
    response = redirect(_next(request))
    _remember(response, language)
    if request.user.is_authenticated:
        services.choose_language(signed_in(request), language)
    return response


def _remember(response: HttpResponse, language: str) -> None:
    name = settings.LANGUAGE_COOKIE_NAME
    if not language:
        response.delete_cookie(name, samesite="Lax")
        return
    is_secure, age = settings.LANGUAGE_COOKIE_SECURE, settings.LANGUAGE_COOKIE_AGE
    response.set_cookie(name, language, max_age=age, secure=is_secure, httponly=True, samesite="Lax")


def _next(request: HttpRequest) -> str:
    """Where the choice was made, if that is a page of ours."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """List the person's tokens; POST issues one and shows its secret this once."""
    user = signed_in(request)
    form = TokenForm(request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        _token, secret = services.issue_token(user, **form.cleaned_data)
        form = TokenForm()
    listed = ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at")
    context = {"form": form, "secret": secret, "tokens": listed}
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.revoke_token(signed_in(request), pk)
    except ApiToken.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("accounts:tokens")
