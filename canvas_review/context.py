"""What every page shows around its content."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Role, User
from accounts.rules import all_rules
from generation.models import MaskRepair

_ENTRIES = (
    ("reviews:desk", gettext_noop("Review")),
    ("reviews:decisions", gettext_noop("My decisions")),
    ("reviews:gallery", gettext_noop("Gallery")),
    ("generation:requests", gettext_noop("Requests")),
    ("generation:products", gettext_noop("Products")),
    ("generation:repairs", gettext_noop("Masks to repair")),
    ("reviews:snapshots", gettext_noop("Datasets")),
    ("generation:models", gettext_noop("Models")),
    ("reviews:quotas", gettext_noop("Quotas")),
    ("generation:limits", gettext_noop("Limits")),
    ("reviews:team", gettext_noop("Team")),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries whose route rule lets this user in: the menu can never promise what the policy refuses."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    rules = all_rules()
    entries = []
    for name, label in _ENTRIES:
        rule = rules.get(name)
        if rule and rule.allows(user, "GET"):
            url = reverse(name)
            current = request.path.startswith(url)
            entries.append({"label": _(label), "url": url, "current": current, "count": _count(name, user)})
    return {"navigation": entries, "can_make": rules["generation:new_request"].allows(user, "POST")}


def _count(name: str, user: User) -> int:
    """How many things wait behind an entry, where somebody must come to them by themselves."""
    if name != "generation:repairs" or user.team is None:
        return 0
    return MaskRepair.objects.of_team(user.team).waiting().count()


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """On a demonstration installation the login page shows who can sign in."""
    if not settings.CANVAS_DEMO or getattr(getattr(request, "user", None), "is_authenticated", False):
        return {}
    logins = settings.DATA_DIR / "demo-logins.json"
    known = json.loads(logins.read_text()) if logins.is_file() else []
    return {"demo_logins": [{**login, "label": Role(login["role"]).label} for login in known]}
