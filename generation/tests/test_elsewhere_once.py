"""The same candidates come in once, however often, in whatever order and by however many hands they are sent."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.idempotency import KeyReused, Once
from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.models import Candidate, GenerationRequest, ModelVersion
from generation.services.elsewhere import SentImage
from generation.tests.adopting import adopt, sent_scenes
from generation.tests.painting import make_product


def test_the_same_files_in_another_order_answer_the_earlier_request(cast: Cast) -> None:
    first, _ = adopt(cast.operator)
    revision = first.revisions.get()
    again, is_new = adopt(cast.admin, revision, images=sent_scenes()[::-1], prompt="  a bottle on a  wooden table")
    assert (again, is_new) == (first, False)
    assert GenerationRequest.objects.count() == OutboxMessage.objects.count() == 1
    assert Candidate.objects.count() == 2


def test_what_differs_in_one_thing_is_new(cast: Cast) -> None:
    revision = adopt(cast.operator)[0].revisions.get()
    for values in ({"prompt": "on marble"}, {"model_name": "Second"}, {"images": sent_scenes(1)}):
        assert adopt(cast.operator, revision, **values)[1]
    assert adopt(cast.operator, make_product(cast.operator).revisions.get())[1]
    assert adopt(cast.stranger)[1]


def test_a_key_remembers_what_it_answered(cast: Cast) -> None:
    def once(content: bytes) -> Once:
        return Once.of(cast.operator, "elsewhere", "k", content)

    first, _ = adopt(cast.operator)
    assert adopt(cast.operator, first.revisions.get(), once=once(b"one")) == (first, False)
    with pytest.raises(KeyReused):
        adopt(cast.operator, first.revisions.get(), prompt="other", once=once(b"two"))
    assert GenerationRequest.objects.count() == 1


def _at_once(calls: "list[dict[str, object]]", cast: Cast) -> list[tuple[GenerationRequest, bool]]:
    revision = make_product(cast.operator).revisions.get()
    start = Barrier(len(calls))
    answers: list[tuple[GenerationRequest, bool]] = []

    def send(values: "dict[str, object]") -> None:
        start.wait()
        try:
            answers.append(adopt(cast.operator, revision, **values))
        finally:
            connection.close()

    threads = [Thread(target=send, args=(values,)) for values in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_brings_them_in(cast: Cast) -> None:
    scenes: list[SentImage] = sent_scenes(3)
    orders = [scenes, scenes[::-1], [scenes[1], scenes[0], scenes[2]], scenes]
    answers = _at_once([{"images": order} for order in orders], cast)
    assert sorted(is_new for _request, is_new in answers) == [False, False, False, True]
    assert {request.pk for request, _ in answers} == {GenerationRequest.objects.get().pk}
    assert Candidate.objects.count() == 3
    assert ModelVersion.objects.filter(kind="external").count() == OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_pictures_for_several_prompts_at_once_do_not_stop_each_other(cast: Cast) -> None:
    scenes = sent_scenes(3)
    calls = [{"prompt": f"prompt {number}", "images": scenes[:: 1 - 2 * (number % 2)]} for number in range(4)]
    answers = _at_once([dict(call) for call in calls], cast)
    assert [is_new for _request, is_new in answers] == [True] * 4
    assert ModelVersion.objects.filter(kind="external").count() == 1
