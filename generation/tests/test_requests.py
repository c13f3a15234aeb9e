"""Requests: opened with what follows, refused with a reason, cancelled and asked again."""

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import Cast
from delivery.models import OutboxMessage
from generation.lifecycle import IllegalMove
from generation.models import GenerationRequest, Product
from generation.services.requests import (
    RequestRefused,
    build_prompt,
    cancel_request,
    open_request,
    retry_request,
)
from generation.services.wording import clean_line
from generation.tests.factories import make_request, make_revision
from generation.variants import VARIANTS

VARIANT = VARIANTS["background_enhancement"]


def ask(cast: Cast, **values: Any) -> GenerationRequest:
    wanted = {"revisions": [make_revision(cast.operator)], "variant": VARIANT.key, "prompt": "a mug"} | values
    return open_request(cast.team, cast.operator, **wanted)


def test_opening_takes_the_variants_defaults_and_posts_what_follows(cast: Cast) -> None:
    request = ask(cast)
    assert (request.state, request.steps, request.candidate_count) == ("queued", 12, 4)
    assert request.request_products.count() == 1
    message = OutboxMessage.objects.get()
    assert (message.topic, message.key) == ("request.opened", request.pk)


def test_two_requests_have_different_seeds_unless_one_is_given(cast: Cast) -> None:
    assert ask(cast).seed != ask(cast).seed
    assert ask(cast, seed=0).seed == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"variant": "nothing"}, "variant"),
        ({"revisions": []}, "products"),
        ({"candidate_count": 0}, "candidate_count"),
        ({"candidate_count": 9}, "candidate_count"),
        ({"steps": 101}, "steps"),
        ({"guidance": float("nan")}, "guidance"),
        ({"guidance": 31.0}, "guidance"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "seed"),
        ({"prompt": "\x00 \u202e"}, "prompt"),
        ({"prompt": "x" * 501}, "prompt"),
    ],
)
def test_what_cannot_be_made_is_refused(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestRefused) as refusal:
        ask(cast, **values)
    assert refusal.value.field == field
    assert not OutboxMessage.objects.exists()


def test_another_teams_product_is_unknown(cast: Cast) -> None:
    with pytest.raises(RequestRefused) as refusal:
        ask(cast, revisions=[make_revision(cast.stranger)])
    assert refusal.value.code == "product_unknown"


@given(st.text())
def test_a_clean_line_can_be_stored_and_shown(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert line == line.strip()
    assert not {"Cc", "Cs"} & {unicodedata.category(mark) for mark in line}
    line.encode()


def test_cancelling_ends_a_request_once(cast: Cast) -> None:
    request = make_request(cast.operator)
    cancel_request(request)
    request.refresh_from_db()
    assert request.state == "cancelled"
    assert request.ended_at is not None
    with pytest.raises(IllegalMove):
        cancel_request(request)


def test_a_failed_request_starts_again_from_nothing(cast: Cast) -> None:
    request = make_request(cast.operator, state="failed", attempts=3, failure="It broke.")
    retry_request(request)
    request.refresh_from_db()
    assert (request.state, request.attempts, request.failure, request.ended_at) == ("queued", 0, "", None)
    assert OutboxMessage.objects.get().topic == "request.opened"


def test_a_request_that_has_not_failed_is_not_asked_again(cast: Cast) -> None:
    with pytest.raises(IllegalMove):
        retry_request(make_request(cast.operator, state="ready"))
    assert not OutboxMessage.objects.exists()


def test_a_prompt_is_built_in_the_models_words() -> None:
    choices = {"surface": "wooden", "wall": "terracotta", "prop": "plant", "light": "soft"}
    expected = "a mug on a wooden table, terracotta wall, plant, soft light"
    assert build_prompt(VARIANT, Product(category="Mug"), choices) == expected
    assert build_prompt(VARIANT, Product(category="olive oil"), {"prop": "none"}) == "an olive oil"
    assert build_prompt(VARIANT, Product(), {"light": "cool"}) == "a product, cool light"
    assert build_prompt(replace(VARIANT, prompt_parts=()), Product(category="mug"), {}) == "a mug"


def test_a_choice_that_is_not_offered_is_refused() -> None:
    with pytest.raises(RequestRefused):
        build_prompt(VARIANT, Product(category="mug"), {"surface": "lava"})
