"""People are told once, on the page and as they choose by e-mail."""

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts.tests.factories import Cast
from delivery.kinds import KINDS, text_of
from delivery.models import Alarm, Notice, OutboxMessage
from delivery.services import alarms, notices
from delivery.tests.test_webhooks import relay

pytestmark = pytest.mark.django_db


def tell(cast: Cast, kind: str = "import.finished", **values: object) -> int:
    return notices.tell([cast.operator], kind, "1", {"name": "a"}, "/products/", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_text_even_where_a_value_is_missing(kind: str) -> None:
    assert "%(" not in text_of(kind, {})
    assert KINDS[kind].level in ("info", "good", "warn")


def test_one_unread_notice_of_a_kind_and_subject(cast: Cast) -> None:
    assert tell(cast) == 1
    assert tell(cast) == 0
    assert notices.tell([cast.operator], "import.finished", "2") == 1
    notices.mark_all_read(cast.operator, Notice.objects.latest("pk").pk)
    assert tell(cast, once=True) == 0
    assert tell(cast) == 1
    assert notices.unread_count(cast.operator) == 1


def test_an_unknown_kind_is_refused(cast: Cast) -> None:
    with pytest.raises(KeyError):
        notices.tell([cast.operator], "import.finnished", "1")


def test_mail_goes_out_once_in_the_readers_language(cast: Cast) -> None:
    cast.operator.language = "de"
    cast.operator.save()
    with override_settings(SITE_URL="https://review.example.org"):
        tell(cast, "import.failed")
        relay()
        notices.mail_notice(Notice.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.to == [cast.operator.email]
    assert "fehlgeschlagen" in sent.subject
    assert "https://review.example.org/products/" in sent.body


def test_who_does_not_want_it_gets_no_mail(cast: Cast) -> None:
    notices.choose_kinds(cast.operator, ["import.finished"])
    tell(cast, "import.failed")
    tell(cast, "import.finished")
    relay()
    assert [Notice.objects.get(mailed_at__isnull=False).kind] == ["import.finished"]
    assert len(mail.outbox) == 1


def test_what_was_read_meanwhile_is_not_mailed(cast: Cast) -> None:
    tell(cast, "import.failed")
    notices.mark_read(cast.operator, Notice.objects.get().pk)
    relay()
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_asked_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(cast, "import.failed")
    with monkeypatch.context() as patch:
        patch.setattr("delivery.services.notices.send_mail", _away)
        relay()
    assert OutboxMessage.objects.waiting().count() == 1
    assert notices.mail_notice(Notice.objects.get().pk)
    assert len(mail.outbox) == 1


def _away(*_: object) -> None:
    raise ConnectionRefusedError


def test_choosing_keeps_what_a_role_is_not_offered(cast: Cast) -> None:
    assert "queue.backlog" not in notices.offered_kinds(cast.operator)
    notices.choose_kinds(cast.operator, ["queue.backlog", "export.failed"])
    assert notices.chosen_kinds(cast.operator) & {"export.failed", "import.failed"} == {"export.failed"}
    assert "queue.backlog" in notices.chosen_kinds(cast.operator)  # its default, for the day they become an admin


def test_an_alarm_is_told_when_it_begins_and_again_after_it_has_ended(cast: Cast) -> None:
    def ring() -> bool:
        return alarms.raise_alarm(cast.team, "queue.empty", "1", {"queue": "a"})

    assert ring()
    notices.mark_all_read(cast.admin, Notice.objects.latest("pk").pk)
    assert not ring()
    assert alarms.clear_alarm(cast.team, "queue.empty", "1")
    assert ring()
    assert Notice.objects.filter(user=cast.admin).count() == 2
    assert not Notice.objects.exclude(user=cast.admin).exists()
    assert Alarm.objects.count() == 1


def test_the_bell_the_list_and_reading(cast: Cast) -> None:
    tell(cast)
    client = Client()
    client.force_login(cast.operator)
    page = client.get(reverse("delivery:notices")).content.decode()
    assert "The import “a” has finished." in page
    assert "badge--count" in page
    notice = Notice.objects.get()
    answer = client.post(reverse("delivery:open_notice", args=[notice.pk]))
    assert answer["Location"] == "/products/"
    assert notices.unread_count(cast.operator) == 0
    other = Client()
    other.force_login(cast.admin)
    assert other.post(reverse("delivery:open_notice", args=[notice.pk])).status_code == 404


def test_read_all_leaves_what_came_meanwhile(cast: Cast) -> None:
    tell(cast)
    seen = Notice.objects.get().pk
    tell(cast, "export.finished")
    client = Client()
    client.force_login(cast.operator)
    client.post(reverse("delivery:read_notices"), {"newest": seen})
    assert Notice.objects.get(read_at=None).kind == "export.finished"
