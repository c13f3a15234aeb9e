"""The invitation: a link by which somebody chooses their first password, valid once and for a stated time.

It is the link of a forgotten password. Whoever has a password uses that page by themselves: nobody else is shown a link
that would open their account.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from accounts.languages import chosen_language
from accounts.models import User

logger = logging.getLogger(__name__)


def valid_for() -> timedelta:
    return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def awaits_invitation(person: User) -> bool:
    """Whether somebody may come in and has not chosen a password yet."""
    return person.is_active and not person.has_usable_password()


def invitation_path(person: User) -> str:
    """The path of a link that is valid from now on; every link ends when a password is chosen."""
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


def send_invitation(person: User, address: str) -> bool:
    """Mail the link `address`, in the person's language; False if no mail server takes it. Never in a transaction."""
    with override(chosen_language(person) or get_language()):
        subject, body = _("Your account at Canvas Review"), _letter(person, address)
    try:
        send_mail(subject, body, None, [person.email])
    except (SMTPException, OSError):
        logger.exception("the invitation for %s was not sent", person.username)
        return False
    return True


def _letter(person: User, address: str) -> str:
    days = max(1, valid_for().days)
    ends = ngettext(
        "The link works once, and for %(days)s day. After that ask your admin for a new one.",
        "The link works once, and for %(days)s days. After that ask your admin for a new one.",
        days,
    )
    parts = (
        _("Hello %(name)s,") % {"name": person.get_full_name() or person.username},
        _("you have an account in the team %(team)s. You sign in as %(username)s.")
        % {"team": person.team, "username": person.username},
        _("Choose your password here:"),
        address,
        ends % {"days": days},
    )
    return "\n\n".join(parts) + "\n"
