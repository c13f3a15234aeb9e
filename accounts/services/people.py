"""What admins do with people: make them, change them, switch them off and on again.

What somebody holds at the desk is given back in the same transaction by reviews.services.people: call that.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Membership, Role, Team, User
from accounts.services.teams import check_time_zone

RESERVED = frozenset({".", "..", "new", "groups", "skills", "hours"})
"""These names have pages of their own, or no address."""


@contextmanager
def in_the_name_of(by: User | None) -> Iterator[None]:
    """A transaction whose history says who it was; without anybody it was the command line."""
    who = {"user": by.pk} if by else {"command": True}
    with transaction.atomic(), pghistory.context(**who):
        yield


def create_person(
    team: Team, by: User | None, *, username: str, email: str, role: str, name: str = "", time_zone: str = ""
) -> User:
    """Make somebody of `team`, who has no password yet: an invitation lets them choose one.

    Raises ValidationError, which names the fields, and then nothing was made.
    """
    person = User(username=User.normalize_username(username.strip()), first_name=name.strip())
    person.email = _checked_email(email, person)
    person.set_unusable_password()
    if person.username.lower() in RESERVED:
        raise ValidationError({"username": _("This name is used by the program. Choose another one.")})
    person.full_clean(exclude=["password"])
    membership = Membership(team=team, role=role, time_zone=_checked_zone(time_zone))
    membership.clean_fields(exclude=["user", "team"])
    try:
        with in_the_name_of(by):
            person.save()
            membership.user = person
            membership.save()
    except IntegrityError as error:
        raise ValidationError({"username": _("A user with that username already exists.")}) from error
    return person


def change_person(person: User, by: User | None, *, email: str, role: str, name: str, time_zone: str) -> None:
    """Change what an admin may change of somebody. Raises ValidationError, and then nothing has changed."""
    _refuse_to_touch_superuser(person, by)
    email, time_zone = _checked_email(email, person), _checked_zone(time_zone)
    with in_the_name_of(by):
        membership = _locked(person)
        if role != Role.ADMIN:
            _keep_an_admin(membership, "role")
        membership.role, membership.time_zone = role, time_zone
        membership.clean_fields(exclude=["user", "team"])
        membership.save(update_fields=["role", "time_zone"])
        person.email, person.first_name, person.last_name = email, name.strip(), ""
        person.clean_fields(exclude=["password"])
        person.save(update_fields=["email", "first_name", "last_name"])
    # What was read before is of the old role.
    vars(person).pop("_membership", None)


def deactivate(person: User, by: User | None) -> None:
    """Let nobody in by this name: tokens are revoked, and sessions end with the password they were begun with.

    Once more for somebody who is off already changes nothing. Raises ValidationError for the team's last admin.
    """
    _refuse_to_touch_superuser(person, by)
    with in_the_name_of(by):
        _keep_an_admin(_locked(person), "__all__")
        person.refresh_from_db()
        if not person.is_active:
            return
        person.is_active = False
        # A session carries a hash of the password: without this an old one would live again after a reactivation.
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        ApiToken.objects.filter(user=person, revoked_at=None).update(revoked_at=timezone.now())


def activate(person: User, by: User | None) -> None:
    """Let somebody in again. They choose a new password by an invitation, and make new tokens."""
    _refuse_to_touch_superuser(person, by)
    with in_the_name_of(by):
        _locked(person)
        person.is_active = True
        person.save(update_fields=["is_active"])


def _locked(person: User) -> Membership:
    """The person's membership, with their team locked: nobody else can count its admins meanwhile."""
    membership = Membership.objects.get(user_id=person.pk)
    Team.objects.select_for_update(no_key=True).get(pk=membership.team_id)
    membership.refresh_from_db()
    return membership


def _keep_an_admin(membership: Membership, field: str) -> None:
    """Raises ValidationError if nobody would be left who can change anything."""
    if membership.role != Role.ADMIN:
        return
    admins = Membership.objects.filter(team_id=membership.team_id, role=Role.ADMIN, user__is_active=True)
    if not admins.exclude(pk=membership.pk).exists():
        raise ValidationError({field: _("A team needs an admin. Make somebody else an admin first.")})


def _refuse_to_touch_superuser(person: User, by: User | None) -> None:
    # Whoever can change somebody's address can choose their password by a mail.
    if by is not None and person.is_superuser and not by.is_superuser:
        raise ValidationError(
            {"__all__": _("They run the installation. Only somebody who does so too can change them.")}
        )


def _checked_email(email: str, person: User) -> str:
    email = User.objects.normalize_email(email.strip())
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    # Mails for a forgotten password go to everybody with that address.
    if User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise ValidationError({"email": _("Somebody else has this address.")})
    return email


def _checked_zone(time_zone: str) -> str:
    if time_zone:
        check_time_zone(time_zone)
    return time_zone
