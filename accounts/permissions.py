"""The API's only permission class: the same route rules as the pages, plus the scope of a token."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.rules import lacks_second_factor, rule_for


class RouteRulePermission(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        match = request.resolver_match
        rule = rule_for(match) if match else None
        method = request.method or "GET"
        if rule is None or not rule.allows(request.user, method):
            return False
        if rule.public:
            return True
        token = request.auth
        if isinstance(token, ApiToken):
            scope = rule.scope_for(method)
            if scope is None or scope not in token.scopes:
                self.message = (
                    _("This token lacks the scope %(scope)s.") % {"scope": scope}
                    if scope
                    else _("No token may use this route.")
                )
                return False
        elif lacks_second_factor(request.user):  # a token was made behind it
            self.message = _("Set up a second factor on your profile first: admins need one.")
            return False
        return True
