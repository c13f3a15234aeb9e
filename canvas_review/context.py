"""What every page shows around its content."""

import json
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import Role, Team, User
from accounts.rules import all_rules
from canvas_review.menu import menu_of
from canvas_review.words.places import script_name, translated_languages
from delivery.models import Notice
from delivery.services.notices import unread_count
from generation.models import MaskRepair
from reviews.models import Escalation


def words(request: HttpRequest) -> dict[str, Any]:
    """The languages there are, and the script with the browser's words, for every one but that of the sources."""
    language = get_language() or settings.LANGUAGE_CODE
    script = script_name(language) if language in translated_languages() else None
    return {"languages": settings.LANGUAGES, "words_script": script}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The menu of whoever is signed in, with what waits behind its entries."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    rules = all_rules()
    waiting = _waiting(user)
    return {
        # Where it was not counted with the rest, only a page that has the bell asks for it.
        "unread_notices": waiting.pop("delivery:notices", partial(unread_count, user)),
        "menu": menu_of(user, request.path, waiting),
        "can_make": rules["generation:new_request"].allows(user, "POST"),
        "sees_history": rules["reviews:item"].allows(user, "GET"),
    }


def _waiting(user: User) -> dict[str, Any]:
    """How many things wait behind an entry, where somebody must come to them by themselves. One statement for all."""
    if user.team is None or user.role not in (Role.OPERATOR, Role.ADMIN):
        return {}
    counts = Team.objects.filter(pk=user.team.pk).values_list(
        _count(MaskRepair.objects.waiting(), "team"),
        _count(Escalation.objects.waiting(), "item__queue__team"),
        _count(Notice.objects.filter(user=user, read_at=None), "user__membership__team"),
    )
    return dict(zip(("generation:repairs", "reviews:questions", "delivery:notices"), counts.get(), strict=True))


def _count(rows: QuerySet[Any], team: str) -> Coalesce:
    each = rows.filter(**{team: OuterRef("pk")}).order_by().values(team).annotate(number=Count("pk"))
    return Coalesce(Subquery(each.values("number")), 0)


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """On a demonstration installation the login page shows who can sign in."""
    if not settings.CANVAS_DEMO or getattr(getattr(request, "user", None), "is_authenticated", False):
        return {}
    logins = settings.DATA_DIR / "demo-logins.json"
    known = json.loads(logins.read_text()) if logins.is_file() else []
    return {"demo_logins": [{**login, "label": Role(login["role"]).label} for login in known]}
