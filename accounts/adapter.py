from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language, override

from accounts.languages import chosen_language


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are made by an admin; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of who will read it, whoever asked for it."""
        with override(chosen_language(context.get("user")) or get_language()):
            super().send_mail(template_prefix, email, context)
