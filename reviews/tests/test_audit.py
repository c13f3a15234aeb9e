"""What the audit tells: who, from what to what, of the own team alone, also of what is gone."""

from typing import Any

import pghistory
import pytest

from accounts.models import User
from accounts.services import people
from accounts.tests.factories import Cast
from delivery.services import endpoints
from generation.services import limits
from generation.tests.factories import make_version
from generation.variants import VARIANTS
from reviews.audit import listing
from reviews.audit.entries import By, Entry
from reviews.audit.filters import AuditFilters, Subject
from reviews.audit.subjects import NoRef, find_subject, thing_of
from reviews.models import GroupMember, Queue, ReviewerGroup, ReviewItem
from reviews.services import crews, decisions, pauses, quotas, reworks
from reviews.tests.factories import claimed, decide, make_item, make_queue


def told(cast: Cast, **filters: Any) -> list[Entry]:
    return listing.newest(cast.team, AuditFilters(**filters), most=1000)[0]


def fields(entry: Entry) -> dict[str, tuple[object, object]]:
    return {
        change.field: (change.before and change.before.plain, change.after and change.after.plain)
        for change in entry.changes
    }


def rename(queue: Queue, by: User, name: str) -> None:
    with pghistory.context(user=by.pk):
        queue.name = name
        queue.save(update_fields=["name"])


def test_a_change_says_who_and_from_what_to_what(cast: Cast) -> None:
    queue = make_queue(cast.team, name="Mugs")
    rename(queue, cast.admin, "Cups")
    changed, made = told(cast, source="reviews.queue")
    assert (changed.by, changed.who, changed.act) == (By.PERSON, cast.admin.username, "update")
    assert fields(changed) == {"name": ("Mugs", "Cups")}
    assert (changed.thing.label, changed.thing.url) == ("Cups", f"/queues/{queue.pk}/")
    assert (made.act, fields(made)["name"]) == ("insert", (None, "Mugs"))


def test_another_teams_acts_and_names_are_in_nothing(cast: Cast) -> None:
    theirs = cast.stranger.team
    assert theirs is not None
    with pghistory.context(user=cast.stranger.pk):
        group = crews.create_group(theirs, cast.stranger, "Secret shift")
        crews.set_members(group, cast.stranger, [cast.stranger])
        quotas.set_limit(cast.stranger, 7, by=cast.stranger)
        make_queue(theirs, name="Their queue")
        version = make_version("generator", created_by=cast.stranger)
        make_version("external", name="Their painter", engine="", folder="", sha256="")
    with pghistory.context(user=cast.operator.pk):
        make_version("external", name="Our painter", engine="", folder="", sha256="")
    entries = told(cast)
    text = repr([entry for entry in entries if entry.thing.ref != f"generation.modelversion-{version.pk}"])
    for name in (
        "Secret shift",
        "Their queue",
        "Their painter",
        cast.stranger.username,
        cast.stranger.email,
        theirs.slug,
    ):
        assert name not in text
    assert "Our painter" in text
    [shared] = [entry for entry in entries if entry.thing.ref == f"generation.modelversion-{version.pk}"]
    assert shared.who == "of another team"
    assert cast.stranger.username not in repr(shared)


def test_what_is_gone_is_still_told(cast: Cast) -> None:
    group = crews.create_group(cast.team, cast.admin, "Early")
    crews.set_members(group, cast.admin, [cast.reviewer])
    pk = group.pk
    crews.delete_group(group, cast.admin)
    assert not ReviewerGroup.objects.exists()
    assert not GroupMember.objects.exists()
    of_group = told(cast, subject=Subject(ReviewerGroup, pk))
    assert {(entry.source, entry.act) for entry in of_group} == {
        ("reviews.reviewergroup", "insert"), ("reviews.reviewergroup", "delete"),
        ("reviews.groupmember", "insert"), ("reviews.groupmember", "delete"),
    }  # fmt: skip
    gone = next(entry for entry in of_group if (entry.source, entry.act) == ("reviews.reviewergroup", "delete"))
    assert fields(gone) == {"name": ("Early", None)}
    assert (gone.thing.label, gone.thing.url) == ("Early", "")
    subject = find_subject(cast.team, f"reviews.reviewergroup-{pk}")
    assert subject is not None
    assert thing_of(cast.team, subject).label == "Early"


def test_an_object_is_the_own_teams_or_does_not_exist(cast: Cast) -> None:
    queue = make_queue(cast.team)
    assert cast.stranger.team is not None
    assert find_subject(cast.team, f"reviews.queue-{queue.pk}") == Subject(Queue, queue.pk)
    assert find_subject(cast.stranger.team, f"reviews.queue-{queue.pk}") is None
    item = make_item(cast.operator)
    assert find_subject(cast.stranger.team, f"reviews.reviewitem-{item.pk}") is None
    assert find_subject(cast.team, "reviews.queue-999999999999999999") is None
    for ref in ("reviews.queue", "reviews.queue-x", "auth.permission-1", "reviews.decision-1", "queue-1", "-1"):
        with pytest.raises(NoRef):
            find_subject(cast.team, ref)


def test_decisions_are_told_with_each_image_and_so_is_their_undoing(cast: Cast) -> None:
    item = make_item(cast.operator, 2)
    decision = decide(cast.reviewer, claimed(cast.reviewer))
    decisions.undo(cast.reviewer, decision.pk)
    entries = told(cast, subject=Subject(ReviewItem, item.pk))
    taken_back = next(entry for entry in entries if entry.source == "reviews.retraction")
    decided = next(entry for entry in entries if entry.source == "reviews.decision")
    assert [change.label for change in decided.changes] == ["Image 1", "Image 2"]
    assert decided.who == taken_back.who == cast.reviewer.username
    assert decided.thing.url == taken_back.thing.url == f"/items/{item.handle}/"
    assert fields(taken_back) == {"decision": ("judged", None)}


def test_rework_is_told_of_its_items_with_its_reason(cast: Cast) -> None:
    item = make_item(cast.operator)
    decide(cast.reviewer, claimed(cast.reviewer))
    item.refresh_from_db()
    reworks.review_again(item, cast.admin, "the handle is cut off")
    steps = [e for e in told(cast, subject=Subject(ReviewItem, item.pk)) if e.source == "reviews.rework"]
    assert {step.who for step in steps} == {cast.admin.username}
    assert steps[-1].reason == "the handle is cut off"


def test_what_is_of_a_person_is_found_and_what_they_did_is_something_else(cast: Cast) -> None:
    pauses.pause(cast.team, cast.reviewer, "on leave", cast.admin)
    quotas.set_limit(cast.second_reviewer, 20, by=cast.admin)
    of_reviewer = told(cast, subject=Subject(User, cast.reviewer.pk))
    assert {entry.source for entry in of_reviewer} == {"accounts.user", "accounts.membership", "reviews.pause"}
    assert [entry.reason for entry in of_reviewer if entry.source == "reviews.pause"] == ["on leave"]
    pauses.pause(cast.team, None, "", cast.admin)
    assert [entry.thing.label for entry in told(cast, source="reviews.pause")] == ["Everybody", cast.reviewer.username]
    # Whom it is about, not who did it.
    assert "reviews.pause" not in {entry.source for entry in told(cast, subject=Subject(User, cast.admin.pk))}
    assert "reviews.pause" in {entry.source for entry in told(cast, person=cast.admin)}


def test_that_a_secret_changed_is_told_and_no_secret(cast: Cast) -> None:
    endpoint, secret = endpoints.create_endpoint(
        cast.team, cast.admin, url="https://example.com/", topics=["candidate.approved"]
    )
    newer = endpoints.rotate_secret(endpoint, cast.admin)
    cast.reviewer.set_password("a new long password")
    cast.reviewer.save()
    people.deactivate(cast.second_reviewer, cast.admin)
    entries = told(cast)
    acts = [(entry.source, entry.act, entry.thing.label) for entry in entries]
    assert ("delivery.webhookendpoint", "new_secret", "https://example.com/") in acts
    assert ("accounts.user", "new_password", cast.reviewer.username) in acts
    assert [fields(entry) for entry in entries if entry.act == "new_secret"] == [{"secret": (None, "changed")}]
    [off] = [
        entry
        for entry in entries
        if entry.act == "update" and entry.thing.ref == f"accounts.user-{cast.second_reviewer.pk}"
    ]
    assert fields(off) == {"is_active": (True, False)}
    text = repr(entries)
    for hidden in (secret, str(newer), cast.reviewer.password, "argon2"):
        assert hidden not in text


def test_a_limit_says_what_held_before(cast: Cast) -> None:
    variant = VARIANTS["background_enhancement"]
    for threshold in (3.8, 3.5):
        limits.change_limit(cast.team, cast.admin, variant, "seam_energy", threshold=threshold, blocks=True, reason="r")
    newest, first = told(cast, source="generation.limitchange")
    assert fields(newest) == {"threshold": (3.8, 3.5)}
    assert (first.act, newest.act, newest.reason) == ("insert", "update", "r")


def test_words_are_found_in_names_and_values(cast: Cast) -> None:
    make_queue(cast.team, name="Vases 100%")
    make_queue(cast.team, name="Mugs")
    quotas.set_limit(cast.reviewer, 20, by=cast.admin)
    assert {entry.thing.label for entry in told(cast, words="vases 100%")} == {"Vases 100%"}
    assert "reviews.quota" in {entry.source for entry in told(cast, words=cast.reviewer.username)}
    assert told(cast, words="nowhere to be found") == []


def test_who_comes_from_another_team_begins_anew(cast: Cast) -> None:
    theirs = cast.stranger.team
    assert theirs is not None
    membership = cast.stranger.membership
    membership.team = cast.team
    membership.save()
    [came] = [entry for entry in told(cast, source="accounts.membership") if entry.act == "update"]
    assert fields(came) == {"user": (None, cast.stranger.username), "role": (None, "admin")}
    assert theirs.name not in repr(told(cast))
