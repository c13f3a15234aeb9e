"""Who may reach the routes of the composition itself, and of the libraries it mounts."""

from accounts.rules import PUBLIC, SIGNED_IN, SUPERUSER, Rule

RULES: dict[str, Rule] = {
    "home": SIGNED_IN,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "design": Rule(),  # admins
    "admin:*": SUPERUSER,
    "api:schema": SIGNED_IN,
    "api:docs": SIGNED_IN,
}
