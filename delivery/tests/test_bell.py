"""The number at the bell by itself: cheap to ask for again and again."""

from django.test import Client

from accounts.tests.factories import Cast
from delivery.services import notices


def test_it_answers_with_the_count_and_304_while_that_is_the_same(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.reviewer)
    nothing = client.get("/notices/unread/")
    assert (nothing.status_code, nothing.content) == (200, b"")
    assert set(nothing["Cache-Control"].split(", ")) == {"private", "no-cache"}
    same = client.get("/notices/unread/", headers={"if-none-match": nothing["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    notices.tell([cast.reviewer], "quota.reached", "today", {"limit": 5})
    more = client.get("/notices/unread/", headers={"if-none-match": nothing["ETag"]})
    assert more.status_code == 200
    assert '<span class="badge badge--count">1' in more.content.decode()


def test_another_language_is_another_answer(cast: Cast) -> None:
    notices.tell([cast.reviewer], "quota.reached", "today", {"limit": 5})
    client = Client()
    client.force_login(cast.reviewer)
    english = client.get("/notices/unread/")
    type(cast.reviewer).objects.update(language="de")
    german = client.get("/notices/unread/", headers={"if-none-match": english["ETag"]})
    assert "ungelesen" in german.content.decode()


def test_it_is_on_every_page_but_not_asked_for_at_the_desk(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.reviewer)
    asks = {path: "js/bell" in client.get(path).content.decode() for path in ("/", "/day/", "/review/")}
    assert asks == {"/": True, "/day/": True, "/review/": False}


def test_nobody_elses_are_counted_and_who_is_not_signed_in_is_told_nothing(cast: Cast) -> None:
    notices.tell([cast.admin], "quota.reached", "today", {"limit": 5})
    client = Client()
    assert client.get("/notices/unread/").status_code == 302
    client.force_login(cast.reviewer)
    assert client.get("/notices/unread/").content == b""
    assert client.post("/notices/unread/").status_code == 405
