"""What holds for every page: it speaks the reader's language, and one whose route has no rule is shown to nobody."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.languages import speak_to
from accounts.rules import Rule, lacks_second_factor, rule_for, signed_in

_WITHOUT_SECOND_FACTOR = frozenset({"account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_index"})


class LanguageMiddleware:
    """A signed-in person's own language. Django's LocaleMiddleware has taken that of the cookie or the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The person behind a session; behind `request.user` is an object that looks them up when it is asked.
        if request.user.is_authenticated and (language := speak_to(signed_in(request))):
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class RouteRuleMiddleware:
    """Applies the route's rule to pages. API routes have the same rules, applied after token authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.namespaces[:1] == ["api"]:
            return None  # accounts.permissions.RouteRulePermission
        rule = rule_for(match)
        if rule is None:
            raise PermissionDenied
        if not rule.allows(request.user, request.method or "GET"):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        return _second_factor_first(request, rule, match.view_name)


def _second_factor_first(request: HttpRequest, rule: Rule, name: str) -> HttpResponse | None:
    if rule.public or name in _WITHOUT_SECOND_FACTOR or not lacks_second_factor(request.user):
        return None
    return redirect("mfa_activate_totp")
