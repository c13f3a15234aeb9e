"""Which language somebody reads: their own choice, else the cookie of who is not signed in, else what the browser asks
for, else English. The last three are Django's own work."""

from django.conf import settings
from django.utils.translation import activate

from accounts.models import User


def chosen_language(user: object) -> str | None:
    """What this person chose, if they are somebody, chose at all, and the language is still offered."""
    language = user.language if isinstance(user, User) else ""
    return language if language in dict(settings.LANGUAGES) else None


def speak_to(user: object) -> str | None:
    """From here on this request is answered in the person's own language; returns it where they chose one."""
    language = chosen_language(user)
    if language:
        activate(language)
    return language
