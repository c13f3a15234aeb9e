"""An admin makes, invites, changes and switches off people; groups and skills; nobody else's are touched."""

from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from accounts.tests.factories import Cast, make_user
from reviews.models import FloorSettings, GroupMember, Queue, QueueAudience, ReviewerGroup, ReviewerSkill, Skill
from reviews.services import crews
from reviews.tests.factories import make_queue

NEW = {"username": "ada", "name": "Ada L", "email": "ada@example.org", "role": "reviewer", "time_zone": ""}


def test_somebody_is_made_invited_and_can_sign_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    answer = client.post("/team/new/", NEW, follow=True)
    assert answer.redirect_chain == [("/team/ada/", 302)]
    link = answer.context["invitation"]
    assert link.startswith("http://testserver/account/password/reset/key/")
    assert mail.outbox[0].to == ["ada@example.org"]
    assert "/account/password/reset/key/" in mail.outbox[0].body
    theirs = Client()
    form = theirs.get(link, follow=True)
    password = {"password1": "quite a long password", "password2": "quite a long password"}
    theirs.post(form.redirect_chain[-1][0], password)
    assert theirs.login(username="ada", password="quite a long password")
    assert theirs.get("/day/").status_code == 200
    # Whoever has a password is not invited, and no admin sees a link to their account.
    assert client.get("/team/ada/").context["invitation"] == ""
    client.post("/team/ada/invite/")
    assert len(mail.outbox) == 1


def test_what_is_wrong_is_said_beside_its_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    answer = client.post("/team/new/", NEW | {"username": "groups"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["username"])
    answer = client.post("/team/new/", NEW | {"email": cast.reviewer.email})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["email"])
    assert not User.objects.filter(username="ada").exists()


def test_a_person_is_changed(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    said = {"name": "Bo", "email": "bo@example.org", "role": "operator", "time_zone": "Asia/Tokyo"}
    assert client.post(f"/team/{cast.reviewer}/", said).status_code == 302
    found = Membership.objects.select_related("user").get(user=cast.reviewer)
    assert (found.role, found.time_zone, found.user.first_name) == ("operator", "Asia/Tokyo", "Bo")
    answer = client.post(f"/team/{cast.admin}/", said | {"email": "me@example.org"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["role"])


def test_switched_off_and_on_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    client.post(f"/team/{cast.reviewer}/deactivate/")
    cast.reviewer.refresh_from_db()
    assert not cast.reviewer.is_active
    assert [member.user for member, _ in client.get("/team/?state=off").context["people"]] == [cast.reviewer]
    client.post(f"/team/{cast.reviewer}/reactivate/")
    cast.reviewer.refresh_from_db()
    assert cast.reviewer.is_active
    assert mail.outbox[0].to == [cast.reviewer.email]
    client.post(f"/team/{cast.admin}/deactivate/")
    assert User.objects.get(pk=cast.admin.pk).is_active


def test_groups_and_skills_of_a_person(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    early = crews.create_group(cast.team, cast.admin, "Early")
    late = crews.create_group(cast.team, cast.admin, "Late")
    seams = crews.create_skill(cast.team, cast.admin, "Seams")
    theirs = crews.create_group(cast.stranger.team, cast.stranger, "Theirs")  # type: ignore[arg-type]
    at = f"/team/{cast.reviewer}/"
    assert client.post(at, {"crews": "1", "groups": [early.pk], f"skill-{seams.pk}": "4"}).status_code == 302
    assert ReviewerSkill.objects.get(reviewer=cast.reviewer).level == 4
    client.post(at, {"crews": "1", "groups": [late.pk], f"skill-{seams.pk}": "0"})
    assert [row.group for row in GroupMember.objects.filter(reviewer=cast.reviewer)] == [late]
    assert not ReviewerSkill.objects.exists()
    assert client.post(at, {"crews": "1", "groups": [theirs.pk]}).status_code == 400
    client.post(f"/team/groups/{early.pk}/", {"name": "Dawn", "members": [cast.reviewer.pk, cast.operator.pk]})
    assert set(early.members.all()) == {cast.reviewer, cast.operator}
    assert client.post(f"/team/groups/{early.pk}/", {"name": "Dawn", "members": [cast.stranger.pk]}).status_code == 400
    assert client.post("/team/groups/", {"name": "Late"}).status_code == 400


def test_what_a_queue_is_made_for_cannot_be_deleted(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    queue: Queue = make_queue(cast.team)
    group = crews.create_group(cast.team, cast.admin, "Early")
    skill = crews.create_skill(cast.team, cast.admin, "Seams")
    named = [
        QueueAudience.objects.create(queue=queue, **{kind: one}) for kind, one in (("group", group), ("skill", skill))
    ]
    client.post(f"/team/groups/{group.pk}/delete/")
    client.post(f"/team/skills/{skill.pk}/delete/")
    assert (ReviewerGroup.objects.count(), Skill.objects.count()) == (1, 1)
    for row in named:
        row.delete()
    client.post(f"/team/groups/{group.pk}/delete/")
    client.post(f"/team/skills/{skill.pk}/delete/")
    assert (ReviewerGroup.objects.count(), Skill.objects.count()) == (0, 0)


def test_how_long_things_are_held(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    said = {"hold_minutes": "30", "locks_after_hours": "48", "gold_floor": "80"}
    assert client.post("/team/", said).status_code == 302
    assert client.post("/team/", said | {"hold_minutes": "-1"}).status_code == 400
    settings = FloorSettings.objects.get(team=cast.team)
    assert (settings.hold_minutes, settings.locks_after_hours) == (30, 48)


def test_filters_narrow_and_no_query_is_added_by_a_person(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    group = crews.create_group(cast.team, cast.admin, "Early")
    crews.set_members(group, cast.admin, [cast.reviewer])
    assert [member.user for member, _ in client.get(f"/team/?group={group.pk}").context["people"]] == [cast.reviewer]
    assert client.get("/team/?words=%00&role=king&group=99999").status_code == 200
    with CaptureQueriesContext(connection) as few:
        client.get("/team/")
    for _ in range(12):
        crews.set_groups_of(make_user(cast.team, "reviewer"), cast.admin, [group])
    with CaptureQueriesContext(connection) as more:
        client.get("/team/")
    assert len(more) == len(few)
