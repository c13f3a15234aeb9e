"""Telling people: on the page always, by e-mail as they choose."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Role, Team, User
from delivery import outbox
from delivery.kinds import KINDS, text_of
from delivery.models import Notice, NoticeChoice

_MAIL_AGAIN = timedelta(minutes=5)
_MAIL_UNTIL = timedelta(days=1)


def tell(
    users: Iterable[User], kind: str, about: str, values: Mapping[str, Any] | None = None, path: str = "", *,
    once: bool = False,
) -> int:  # fmt: skip
    """Tell people something about a subject; returns how many were told that did not know yet.

    Of one kind and subject a person has one unread notice; with `once` there is never a second one, even after the
    first was read. Call it in the transaction of what is told. Raises KeyError for an unknown kind.
    """
    KINDS[kind]
    people = {user.pk: user for user in users if user.is_active}
    with transaction.atomic():
        told = Notice.objects.filter(user__in=people, kind=kind, about=about)
        known = set((told if once else told.filter(read_at=None)).values_list("user_id", flat=True))
        fresh = [key for key in people if key not in known]
        if not fresh:
            return 0
        Notice.objects.bulk_create(
            (Notice(user_id=key, kind=kind, about=about, values=dict(values or {}), path=path) for key in fresh),
            ignore_conflicts=True,
        )
        mailed = [key for key in _who_wants_mail(fresh, kind) if people[key].email]
        if mailed:
            for pk in told.filter(user__in=mailed, read_at=None).values_list("pk", flat=True):
                outbox.post("notice.told", pk)
    return len(fresh)


def tell_admins(
    team: Team, kind: str, about: str, values: Mapping[str, Any] | None = None, path: str = "", *, once: bool = False
) -> int:
    admins = User.objects.filter(membership__team=team, membership__role=Role.ADMIN, is_active=True)
    return tell(admins, kind, about, values, path, once=once)


def unread_count(user: User) -> int:
    return Notice.objects.filter(user=user, read_at=None).count()


def mark_read(user: User, pk: int) -> Notice:
    """Raises Notice.DoesNotExist for anybody else's."""
    notice = Notice.objects.get(pk=pk, user=user)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=Now())
    return notice


def mark_all_read(user: User, up_to: int) -> int:
    """All that the person had before them: notices up to the key `up_to`; what has come since stays unread."""
    return Notice.objects.filter(user=user, read_at=None, pk__lte=up_to).update(read_at=Now())


def chosen_kinds(user: User) -> set[str]:
    """Which kinds the person gets by e-mail."""
    choice = NoticeChoice.objects.filter(user=user).first()
    return set(choice.mailed) if choice else {key for key, kind in KINDS.items() if kind.mailed}


def offered_kinds(user: User) -> list[str]:
    """Which kinds can be told to this person at all."""
    return [key for key, kind in KINDS.items() if not kind.for_admins or user.role == Role.ADMIN]


def choose_kinds(user: User, kinds: Collection[str]) -> None:
    """Get these by e-mail from now on, of those the person can be told; the others stay as they were."""
    offered = set(offered_kinds(user))
    kept = (chosen_kinds(user) - offered) | (set(kinds) & offered)
    NoticeChoice.objects.update_or_create(user=user, defaults={"mailed": sorted(kept)})


def _who_wants_mail(keys: Collection[int], kind: str) -> list[int]:
    choices = dict(NoticeChoice.objects.filter(user__in=keys).values_list("user_id", "mailed"))
    return [key for key in keys if (kind in choices[key] if key in choices else KINDS[kind].mailed)]


def mail_notice(pk: int) -> bool:
    """Send one notice by e-mail, once; returns whether this call did it.

    It is marked before it is sent: a worker that dies in between costs an e-mail, never sends two. A mail server that
    is away is asked again for a day. What was read on the page meanwhile is not mailed.
    """
    mine = Notice.objects.filter(Q(mailed_at=None), pk=pk, read_at=None)
    if not mine.update(mailed_at=Now()):
        return False
    notice = Notice.objects.select_related("user").get(pk=pk)
    try:
        with override(notice.user.language or settings.LANGUAGE_CODE):
            text = text_of(notice.kind, notice.values)
            send_mail(text[:120], _body(text, notice.path), None, [notice.user.email])
    except OSError:  # smtplib's errors are among them
        with transaction.atomic():
            Notice.objects.filter(pk=pk).update(mailed_at=None)
            if notice.created_at > timezone.now() - _MAIL_UNTIL:
                outbox.post("notice.told", pk, delay=_MAIL_AGAIN)
        return False
    return True


def _body(text: str, path: str) -> str:
    where = f"\n\n{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL and path else ""
    choose = _("You choose on your profile which notices come by e-mail.")
    return f"{text}{where}\n\n-- \nCanvas Review\n{choose}\n"
