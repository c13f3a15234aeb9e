"""Who may reach which route of this app. A route that is not here is refused to everybody."""

from accounts.models import Scope
from accounts.rules import SIGNED_IN, Rule

_ADMIN = Rule()
_FLOOR = Rule(scope=Scope.FLOOR_READ, write_scope=Scope.FLOOR_WRITE)

RULES: dict[str, Rule] = {
    "delivery:notices": SIGNED_IN,
    "delivery:unread": SIGNED_IN,
    "delivery:open_notice": SIGNED_IN,
    "delivery:read_notices": SIGNED_IN,
    "delivery:notice_choices": SIGNED_IN,
    "delivery:webhooks": _ADMIN,
    "delivery:new_webhook": _ADMIN,
    "delivery:webhook": _ADMIN,
    "delivery:resend": _ADMIN,
    "delivery:test_webhook": _ADMIN,
    "delivery:rotate_secret": _ADMIN,
    "api:webhook-list": _FLOOR,
    "api:webhook-detail": _FLOOR,
    "api:webhook-test": _FLOOR,
    "api:webhook-rotate-secret": _FLOOR,
    "api:webhook-messages": _FLOOR,
}
