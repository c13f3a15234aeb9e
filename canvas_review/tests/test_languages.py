"""Everybody is answered in their own language: what they chose, else the cookie's, else the browser's, else English."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.utils.translation import get_language, override

from accounts.models import User
from accounts.tests.factories import Cast, make_token
from canvas_review.api import server_error

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture
def german(cast: Cast) -> User:
    User.objects.filter(pk=cast.operator.pk).update(language="de")
    cast.operator.language = "de"
    return cast.operator


def _language(client: Client, path: str = "/account/login/", **headers: str) -> str:
    answer = client.get(path, **headers)  # type: ignore[arg-type]
    said = answer.content.decode()
    found = said.split('<html lang="', 1)[1].split('"', 1)[0]
    assert answer["Content-Language"] == found
    return found


@pytest.mark.parametrize(
    ("asked", "given"), [("", "en"), ("de-AT,de;q=0.9", "de"), ("fr", "en"), ("fr,de;q=0.5", "de"), ("*", "en")]
)
def test_without_a_choice_the_browser_is_asked(client: Client, db: None, asked: str, given: str) -> None:
    assert _language(client, HTTP_ACCEPT_LANGUAGE=asked) == given


def test_the_cookie_goes_before_the_browser(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert _language(client, **GERMAN) == "en"


def test_a_persons_choice_goes_before_the_cookie(client: Client, german: User) -> None:
    client.force_login(german)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert _language(client, "/profile/", HTTP_ACCEPT_LANGUAGE="en") == "de"


def test_who_chose_nothing_has_the_cookies(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    assert _language(client, "/profile/") == "de"


def test_a_language_that_is_no_longer_offered_is_passed_over(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.operator.pk).update(language="tlh")
    client.force_login(cast.operator)
    assert _language(client, "/profile/", **GERMAN) == "de"


def test_one_answer_leaves_nothing_behind_for_the_next(client: Client, german: User) -> None:
    client.force_login(german)
    assert _language(client, "/profile/") == "de"
    assert _language(Client()) == "en"


# --- choosing


def _choose(client: Client, language: str, where: str = "/profile/"):  # type: ignore[no-untyped-def]
    return client.post("/language/", {"language": language, "next": where})


def test_a_person_chooses_on_their_profile_and_the_device_remembers(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator)
    answer = _choose(client, "de")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert _language(client, "/profile/") == "de"
    client.logout()
    assert _language(client) == "en"  # logging out in tests drops every cookie
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = answer.cookies[settings.LANGUAGE_COOKIE_NAME].value
    assert _language(client) == "de"


def test_the_choice_can_be_left_to_the_browser_again(client: Client, german: User) -> None:
    client.force_login(german)
    answer = _choose(client, "")
    german.refresh_from_db()
    assert german.language == ""
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert _language(client, "/profile/", HTTP_ACCEPT_LANGUAGE="en") == "en"


def test_who_is_not_signed_in_chooses_by_a_cookie(client: Client, db: None) -> None:
    answer = _choose(client, "de", "/account/login/?next=/products/")
    assert answer["Location"] == "/account/login/?next=/products/"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert _language(client) == "de"


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_choosing_never_leads_out_of_the_house(client: Client, db: None, where: str) -> None:
    assert _choose(client, "de", where)["Location"] == "/"


@pytest.mark.parametrize("language", ["tlh", "de-AT", "../de", "x" * 500])
def test_a_language_that_is_not_offered_is_refused(client: Client, cast: Cast, language: str) -> None:
    client.force_login(cast.operator)
    answer = _choose(client, language)
    assert answer.status_code == 400
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    cast.operator.refresh_from_db()
    assert cast.operator.language == ""


def test_looking_changes_nothing(client: Client, db: None) -> None:
    assert client.get("/language/", {"language": "de"}).status_code == 405


# --- answers that are no pages


def test_the_api_refuses_in_the_persons_language(client: Client, german: User) -> None:
    client.force_login(german)
    problem = client.get("/api/v1/products/?page_size=x").json()
    assert problem["detail"] == "Eine ganze Zahl von 1 bis 100 angeben."
    assert problem["title"] == "Fehlerhafte Anfrage"
    assert problem["code"] == "invalid"
    assert client.get("/api/v1/products/999999/").json()["title"] == "Nicht gefunden"


def test_a_program_is_refused_in_its_owners_language(client: Client, german: User) -> None:
    token = {"HTTP_AUTHORIZATION": f"Bearer {make_token(german)}"}
    problem = client.get("/api/v1/products/?page_size=x", **token).json()  # type: ignore[arg-type]
    assert problem["detail"] == "Eine ganze Zahl von 1 bis 100 angeben."
    assert client.get("/api/v1/products/?page_size=x").json()["title"] == "Unauthorized"


def test_a_token_that_is_none_is_refused_in_the_language_that_was_asked_for(client: Client, db: None) -> None:
    answer = client.get("/api/v1/products/", HTTP_AUTHORIZATION="Bearer cr_no", **GERMAN)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("Dieses Token ist unbekannt")


@pytest.mark.parametrize(("path", "words"), [("/nothing/", "Unter dieser Adresse ist nichts"), ("/quotas/", "Rolle")])
def test_an_error_page_speaks_the_persons_language(client: Client, german: User, path: str, words: str) -> None:
    client.force_login(german)
    assert words in client.get(path).content.decode()


def test_the_page_for_our_own_faults_needs_nobody_and_speaks_their_language(rf: RequestFactory) -> None:
    with override("de"):
        said = server_error(rf.get("/")).content.decode()
    assert 'lang="de"' in said
    assert "Auf unserer Seite ist etwas schiefgegangen" in said


def test_a_letter_is_written_in_the_readers_language(client: Client, german: User) -> None:
    client.post("/account/password/reset/", {"email": german.email}, HTTP_ACCEPT_LANGUAGE="en")
    assert "Passwort" in f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert get_language() == "en"


def test_caches_keep_languages_apart(client: Client, german: User) -> None:
    client.force_login(german)
    vary = client.get("/profile/")["Vary"].lower()
    assert "cookie" in vary
    assert "accept-language" in vary
