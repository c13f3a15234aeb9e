"""What happens at the desk when an admin changes a person: in one transaction with the change itself, so nobody who is
off holds anything, and every day is credited what was given back."""

from accounts import services as accounts
from accounts.models import User
from accounts.services.people import in_the_name_of
from reviews.models.queues import JUDGING
from reviews.services import leases


def change_person(person: User, by: User | None, *, email: str, role: str, name: str, time_zone: str) -> int:
    """Change a person; with a role that does not judge, what they hold is given back. How many leases that were.

    Raises ValidationError, and then nothing has changed.
    """
    with in_the_name_of(by):
        leases.lock_desk(person)
        accounts.change_person(person, by, email=email, role=role, name=name, time_zone=time_zone)
        return 0 if role in JUDGING else leases.free_all(person)


def deactivate_person(person: User, by: User | None) -> int:
    """Let nobody in by this name, at once, and give back what they hold. How many leases that were.

    A claim that is under way waits for us or we for it (lock_desk), and gets nothing once the person is off
    (budget_statements.ROOMS). Raises ValidationError, and then nothing has changed.
    """
    with in_the_name_of(by):
        leases.lock_desk(person)
        accounts.deactivate(person, by)
        return leases.free_all(person)


def release_leases(person: User) -> int:
    """Give back what somebody holds, as if it had run out. How many leases that were."""
    with in_the_name_of(None):
        leases.lock_desk(person)
        return leases.free_all(person)
