"""What changes people, teams and tokens."""

from accounts.services.own import choose_language, issue_token, revoke_token
from accounts.services.people import activate, change_person, create_person, deactivate
from accounts.services.teams import change_team

__all__ = [
    "activate",
    "change_person",
    "change_team",
    "choose_language",
    "create_person",
    "deactivate",
    "issue_token",
    "revoke_token",
]
