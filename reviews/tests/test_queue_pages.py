"""An admin says by form what a queue takes, who judges it and how often; tries it first; and changes it later."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import Cast
from generation.tests.factories import make_scored_request
from reviews.models import Queue, QueueAudience, ReviewerGroup, Skill
from reviews.services import enqueueing, queue, queues
from reviews.services.queues import Audience, QueueRefused
from reviews.tests.factories import claimed, fill_queue, make_queue

FORM: dict[str, Any] = {
    "name": "Shoes", "variant": "background_enhancement", "purpose": "first_review", "overlap": 2,
    "policy": "majority", "overlap_share": 0, "second_look_share": 0, "gold_share": 0, "top_ranks": 3,
    "score_floor": 0.1, "exploration_share": 0.1, "score_weight": 0, "uncertainty_weight": 0, "reach_hours": 4,
    "lease_seconds": 600,
    "soft_lease_seconds": 120, "conditions-TOTAL_FORMS": 2, "conditions-INITIAL_FORMS": 0,
    "conditions-0-field": "best_score", "conditions-0-op": "at_least", "conditions-0-value": "0,8",
    "conditions-1-field": "made_elsewhere", "conditions-1-op": "is", "conditions-1-value": "no",
    "skills-TOTAL_FORMS": 2, "skills-INITIAL_FORMS": 0, "skills-0-min_level": 1, "skills-1-min_level": 1,
}  # fmt: skip


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def test_a_queue_is_made_by_form(client: Client, cast: Cast) -> None:
    answer = client.post(reverse("reviews:new_queue"), FORM | {"audience-reviewers": [cast.reviewer.pk]})
    assert answer.status_code == 302, answer.content.decode()
    made = Queue.objects.get(name="Shoes")
    assert (made.team, made.overlap, made.policy) == (cast.team, 2, "majority")
    assert made.conditions == [
        {"field": "best_score", "op": "at_least", "value": 0.8},
        {"field": "made_elsewhere", "op": "is", "value": False},
    ]
    assert [row.reviewer for row in made.audience.all()] == [cast.reviewer]
    page = client.get(reverse("reviews:queues")).content.decode()
    assert "best score is at least 0.8 and made elsewhere is no" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "required"), ({"overlap": 10}, "9"), ({"overlap_more": 2}, "more reviewers"),
        ({"overlap_share": 0.5}, "how many"), ({"conditions-0-value": "much"}, "A number"),
        ({"conditions-0-op": "contains"}, "For this use"), ({"conditions-1-value": "perhaps"}, "Yes or no"),
        ({"skills-0-min_level": 6}, "5"), ({"skills-0-skill": "77"}, "Select a valid choice"),
        ({"purpose": "fun"}, "valid choice"), ({"conditions-TOTAL_FORMS": "x"}, "Save"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_made(client: Client, wrong: dict[str, Any], told: str) -> None:
    answer = client.post(reverse("reviews:new_queue"), FORM | wrong)
    assert answer.status_code == 400 and told in answer.content.decode()
    assert not Queue.objects.filter(name="Shoes").exists()


def test_several_skills_are_asked_for_by_form(client: Client, cast: Cast) -> None:
    seams, halos = (Skill.objects.create(team=cast.team, name=name) for name in ("Seams", "Halos"))
    rows = {"skills-0-skill": seams.pk, "skills-0-min_level": 3, "skills-1-skill": halos.pk}
    answer = client.post(reverse("reviews:new_queue"), FORM | rows)
    assert answer.status_code == 302, answer.content.decode()
    made = Queue.objects.get(name="Shoes")
    assert queues.audience_of(made).skills == {seams: 3, halos: 1}
    page = reverse("reviews:queue", args=[made.pk])
    assert f'<option value="{halos.pk}" selected>' in client.get(page).content.decode()
    twice = client.post(page, FORM | rows | {"skills-1-skill": seams.pk, "skills-1-min_level": 4})
    assert twice.status_code == 400 and "stands in two rows" in twice.content.decode()
    assert client.post(page, FORM | rows).status_code == 302
    assert queues.audience_of(made).skills == {seams: 3, halos: 1}, "what is sent again as it was stays"
    assert client.post(page, FORM | {"skills-TOTAL_FORMS": 0}).status_code == 302
    assert not made.audience.exists()


def test_every_new_queue_is_asked_first(client: Client, cast: Cast) -> None:
    for name in ("one", "two", "three"):
        client.post(reverse("reviews:new_queue"), FORM | {"name": name})
    assert [queue.name for queue in Queue.objects.in_order()] == ["three", "two", "one"]


def test_a_dry_run_tells_and_writes_nothing(client: Client, cast: Cast) -> None:
    make_queue(cast.team, name="All", position=5)
    for best in (0.9, 0.85, 0.3):
        make_scored_request(cast.operator, [best])
    answer = client.post(reverse("reviews:new_queue"), FORM | {"try": "1"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Of the last 3 requests 2 would go elsewhere" in page, "a new queue is asked first"
    nothing = FORM | {"try": "1", "conditions-0-value": "1.5"}
    page = " ".join(client.post(reverse("reviews:new_queue"), nothing).content.decode().split())
    assert "Of the last 3 requests 0 would go elsewhere" in page
    assert Queue.objects.count() == 1


def test_a_change_keeps_what_is_not_on_the_form_and_tells_who_did_it(client: Client, cast: Cast) -> None:
    made = make_queue(cast.team, name="Old", position=7, is_paused=True)
    assert client.post(reverse("reviews:queue", args=[made.pk]), FORM).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.position, made.is_paused) == ("Shoes", 7, True)
    event = apps.get_model("reviews", "QueueEvent").objects.filter(pgh_obj=made).latest("pgh_id")
    assert event.pgh_context.metadata["user"] == cast.admin.pk


def test_a_name_is_taken_once(cast: Cast) -> None:
    make_queue(cast.team, name="Shoes")
    with pytest.raises(QueueRefused) as refused:
        queues.save_queue(Queue(team=cast.team, variant="background_enhancement"), cast.admin, {"name": "Shoes"})
    assert refused.value.field == "name"


def test_queues_change_places_and_others_are_asked_first(client: Client, cast: Cast) -> None:
    first, second = make_queue(cast.team, position=1), make_queue(cast.team, position=2)
    client.post(reverse("reviews:reorder_queue", args=[second.pk]), {"to": "up"})
    assert list(Queue.objects.in_order()) == [second, first]
    client.post(reverse("reviews:reorder_queue", args=[second.pk]), {"to": "up"})
    client.post(reverse("reviews:reorder_queue", args=[second.pk]), {"to": "down"})
    assert list(Queue.objects.in_order()) == [first, second]


def test_pause_and_close(client: Client, cast: Cast) -> None:
    fill_queue(made := make_queue(cast.team), cast.operator, 2)
    held = claimed(cast.reviewer)
    client.post(reverse("reviews:switch_queue", args=[made.pk]), {"what": "pause"})
    assert queue.claim(cast.second_reviewer).reason == "paused"
    assert claimed(cast.reviewer) == held, "what is in hand goes on"
    client.post(reverse("reviews:switch_queue", args=[made.pk]), {"what": "resume"})
    assert queue.claim(cast.second_reviewer).slot is not None
    client.post(reverse("reviews:switch_queue", args=[made.pk]), {"what": "close"})
    item = enqueueing.enqueue_request(make_scored_request(cast.operator, [0.9]))
    assert item is not None and item.queue != made
    client.post(reverse("reviews:switch_queue", args=[made.pk]), {"what": "dance"})
    made.refresh_from_db()
    assert (made.is_paused, made.is_closed) == (False, True)


def test_only_the_audience_is_given_items(cast: Cast) -> None:
    made = make_queue(cast.team)
    fill_queue(made, cast.operator, 3)
    group = ReviewerGroup.objects.create(team=cast.team, name="Late shift")
    queues.save_queue(made, cast.admin, {}, Audience([cast.reviewer], [group]))
    assert queue.claim(cast.second_reviewer).reason == "nothing_waits"
    assert queue.claim(cast.reviewer).slot is not None
    group.memberships.create(reviewer=cast.second_reviewer)
    assert queue.claim(cast.second_reviewer).slot is not None


def test_a_skill_counts_from_its_level_on(cast: Cast) -> None:
    made = make_queue(cast.team)
    fill_queue(made, cast.operator, 1)
    skill = Skill.objects.create(team=cast.team, name="Shadows")
    queues.save_queue(made, cast.admin, {}, Audience(skills={skill: 3}))
    held = skill.holders.create(reviewer=cast.reviewer, level=2)
    assert queue.claim(cast.reviewer).reason == "nothing_waits"
    held.level = 3
    held.save()
    assert queue.claim(cast.reviewer).slot is not None


def test_an_audience_is_of_the_team_and_its_history_is_exact(cast: Cast) -> None:
    made = make_queue(cast.team)
    with pytest.raises(QueueRefused):
        queues.save_queue(made, cast.admin, {}, Audience([cast.stranger]))
    queues.save_queue(made, cast.admin, {}, Audience([cast.reviewer]))
    queues.save_queue(made, cast.admin, {}, Audience([cast.reviewer, cast.second_reviewer]))
    assert QueueAudience.objects.filter(queue=made).count() == 2
    assert apps.get_model("reviews", "QueueAudienceEvent").objects.count() == 2, "nobody was taken out and put back"


def test_who_is_switched_off_stays_named(client: Client, cast: Cast) -> None:
    made = make_queue(cast.team)
    queues.save_queue(made, cast.admin, {}, Audience([cast.reviewer]))
    cast.reviewer.is_active = False
    cast.reviewer.save()
    page = reverse("reviews:queue", args=[made.pk])
    assert f'value="{cast.reviewer.pk}"' in client.get(page).content.decode()
    assert client.post(page, FORM | {"audience-reviewers": [cast.reviewer.pk]}).status_code == 302
    assert made.audience.get().reviewer == cast.reviewer


def test_saving_the_form_does_not_end_a_pause_made_meanwhile(cast: Cast) -> None:
    stale = make_queue(cast.team)
    queues.set_paused(Queue.objects.get(pk=stale.pk), cast.admin, paused=True)
    queues.save_queue(stale, cast.admin, {"overlap": 3})
    stale.refresh_from_db()
    assert (stale.is_paused, stale.overlap) == (True, 3)
