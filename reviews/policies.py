"""Who may reach which route of this app. A route that is not here is refused to everybody."""

from accounts.rules import Rule

RULES: dict[str, Rule] = {}
