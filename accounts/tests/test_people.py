"""What admins do with people, and what it leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import services
from accounts.models import ApiToken, Role, User
from accounts.services import invitations
from accounts.tests.factories import Cast, make_token, make_user

PASSWORD = "quite a long password"


def _changed(person: User, by: User, **values: str) -> None:
    said = {"email": person.email, "role": str(person.role), "name": "", "time_zone": ""} | values
    services.change_person(person, by, **said)


def _who(model: str, person: User) -> list[int | None]:
    """Who changed the person, the latest last."""
    events = apps.get_model("accounts", model).objects.filter(pgh_obj_id=person.pk).order_by("pgh_id")
    return [event.pgh_context.metadata.get("user") if event.pgh_context else None for event in events]


def test_somebody_new_has_no_password_and_their_maker_is_known(cast: Cast) -> None:
    new = services.create_person(
        cast.team, cast.admin, username="ada", email="Ada@Example.org", role=Role.REVIEWER, name="Ada L",
        time_zone="Europe/Berlin",
    )  # fmt: skip
    assert (new.team, new.role, new.membership.time_zone) == (cast.team, Role.REVIEWER, "Europe/Berlin")
    assert new.email == "Ada@example.org"
    assert not new.has_usable_password()
    assert _who("UserEvent", new) == [cast.admin.pk]
    assert _who("MembershipEvent", new) == [cast.admin.pk]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "groups"), ("username", "Hours"), ("username", ".."), ("username", "a b"), ("username", ""),
        ("username", "a/b"), ("email", "nobody"), ("email", ""), ("role", "king"), ("time_zone", "Mars/Base"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nobody_is_made(cast: Cast, field: str, value: str) -> None:
    count = User.objects.count()
    said: dict[str, Any] = {"username": "ada", "email": "ada@example.org", "role": Role.REVIEWER, field: value}
    with pytest.raises(ValidationError) as refused:
        services.create_person(cast.team, cast.admin, **said)
    assert field in refused.value.message_dict
    assert User.objects.count() == count


def test_a_name_or_an_address_that_is_taken(cast: Cast) -> None:
    for values in ({"username": cast.reviewer.username}, {"email": cast.reviewer.email.upper()}):
        said: dict[str, Any] = {"username": "ada", "email": "ada@example.org", "role": Role.REVIEWER} | values
        with pytest.raises(ValidationError):
            services.create_person(cast.team, cast.admin, **said)


def test_the_last_admin_stays_one(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        services.deactivate(cast.admin, cast.admin)
    with pytest.raises(ValidationError):
        _changed(cast.admin, cast.admin, role=Role.REVIEWER)
    second = make_user(cast.team, Role.ADMIN)
    services.deactivate(cast.admin, second)
    # Whoever is switched off does not count.
    with pytest.raises(ValidationError):
        services.deactivate(second, second)


def test_who_is_switched_off_is_out_at_once_and_for_good(cast: Cast) -> None:
    cast.reviewer.set_password(PASSWORD)
    cast.reviewer.save()
    page, secret = Client(), make_token(cast.reviewer)
    page.force_login(cast.reviewer)
    bearer = {"authorization": f"Bearer {secret}"}
    assert page.get("/day/").status_code == 200
    services.deactivate(cast.reviewer, cast.admin)
    assert page.get("/day/").status_code == 302
    assert Client().get("/api/v1/products/", headers=bearer).status_code == 401
    assert ApiToken.objects.get(user=cast.reviewer).revoked_at is not None
    services.activate(cast.reviewer, cast.admin)
    # Neither the old session nor the old token lives again, and the old password is nobody's.
    assert page.get("/day/").status_code == 302
    assert Client().get("/api/v1/products/", headers=bearer).status_code == 401
    assert not User.objects.get(pk=cast.reviewer.pk).check_password(PASSWORD)
    assert _who("UserEvent", cast.reviewer)[-2:] == [cast.admin.pk, cast.admin.pk]


def test_an_invitation_works_once(cast: Cast) -> None:
    new = services.create_person(cast.team, cast.admin, username="ada", email="ada@example.org", role=Role.REVIEWER)
    assert invitations.awaits_invitation(new)
    path = invitations.invitation_path(new)
    page = Client()
    form = page.get(path, follow=True)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    assert page.post(form.redirect_chain[-1][0], chosen).status_code == 302
    new.refresh_from_db()
    assert new.check_password(PASSWORD)
    assert not invitations.awaits_invitation(new)
    again = Client().get(path, follow=True)
    assert "password1" not in again.content.decode()


def test_an_invitation_is_mailed_in_the_readers_language(cast: Cast) -> None:
    cast.reviewer.language = "de"
    cast.reviewer.save()
    assert invitations.send_invitation(cast.reviewer, "https://review.example.org/x")
    [sent] = mail.outbox
    assert sent.to == [cast.reviewer.email]
    assert "https://review.example.org/x" in sent.body
    assert "Passwort" in sent.body
    assert str(invitations.valid_for().days) in sent.body
    assert invitations.valid_for() >= timedelta(days=1)


def test_only_who_runs_the_installation_changes_who_runs_it(cast: Cast) -> None:
    cast.ml_engineer.is_superuser = True
    cast.ml_engineer.save()
    with pytest.raises(ValidationError):
        services.deactivate(cast.ml_engineer, cast.admin)
    with pytest.raises(ValidationError):
        _changed(cast.ml_engineer, cast.admin, email="mine@example.org")
    services.deactivate(cast.ml_engineer, None)
