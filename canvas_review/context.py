"""What every page shows around its content."""

import json
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.models import Role, Team, User
from accounts.rules import all_rules
from canvas_review.words.places import script_name, translated_languages
from generation.models import MaskRepair
from reviews.models import Escalation

_ENTRIES = (
    ("reviews:desk", gettext_noop("Review")),
    ("reviews:day", gettext_noop("My day")),
    ("reviews:decisions", gettext_noop("My decisions")),
    ("reviews:gallery", gettext_noop("Gallery")),
    ("generation:requests", gettext_noop("Requests")),
    ("generation:products", gettext_noop("Products")),
    ("generation:repairs", gettext_noop("Repairs")),
    ("reviews:questions", gettext_noop("Questions")),
    ("reviews:snapshots", gettext_noop("Datasets")),
    ("generation:models", gettext_noop("Models")),
    ("reviews:guidelines", gettext_noop("Guidelines")),
    ("reviews:quotas", gettext_noop("Quotas")),
    ("generation:limits", gettext_noop("Limits")),
    ("reviews:team", gettext_noop("Team")),
)


def words(request: HttpRequest) -> dict[str, Any]:
    """The languages there are, and the script with the browser's words, for every one but that of the sources."""
    language = get_language() or settings.LANGUAGE_CODE
    script = script_name(language) if language in translated_languages() else None
    return {"languages": settings.LANGUAGES, "words_script": script}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries whose route rule lets this user in: the menu can never promise what the policy refuses."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    rules = all_rules()
    waiting = _waiting(user)
    entries = []
    for name, label in _ENTRIES:
        rule = rules.get(name)
        if rule and rule.allows(user, "GET"):
            url = reverse(name)
            current = request.path.startswith(url)
            entries.append({"label": _(label), "url": url, "current": current, "count": waiting.get(name, 0)})
    return {"navigation": entries, "can_make": rules["generation:new_request"].allows(user, "POST")}


def _waiting(user: User) -> dict[str, int]:
    """How many things wait behind an entry, where somebody must come to them by themselves. One statement for all."""
    if user.team is None or user.role not in (Role.OPERATOR, Role.ADMIN):
        return {}
    counts = Team.objects.filter(pk=user.team.pk).values_list(
        _count(MaskRepair.objects.waiting(), "team"), _count(Escalation.objects.waiting(), "item__queue__team")
    )
    return dict(zip(("generation:repairs", "reviews:questions"), counts.get(), strict=True))


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
