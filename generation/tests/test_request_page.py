"""The page that opens requests: the builder's choices, the variant, and everything a browser may leave out."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from generation import forms
from generation.models import GenerationRequest
from generation.services.requests import LARGEST_SEED
from generation.tests.factories import make_revision
from generation.variants import DEFAULT_VARIANT, VARIANTS
from generation.variants.spec import PromptPart

ADDRESS = "/requests/new/"
BESIDE = replace(
    VARIANTS[DEFAULT_VARIANT],
    key="second",
    label="Second variant",
    prompt_parts=(PromptPart("season", "Season", {"winter": "in winter"}),),
    default_candidates=2,
    max_candidates=3,
)


@pytest.fixture
def operator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.operator)
    return client


@pytest.fixture
def second_variant(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(VARIANTS, BESIDE.key, BESIDE)
    return BESIDE.key


def test_a_choice_that_was_not_made_is_left_out_of_the_prompt(cast: Cast, operator: Client) -> None:
    sent = {"revision": make_revision(cast.operator).pk, "candidate_count": 2, "part_surface": "wooden"}
    assert operator.post(ADDRESS, sent).status_code == 302
    request = GenerationRequest.objects.get()
    assert (request.prompt, request.variant) == ("a mug on a wooden table", DEFAULT_VARIANT)


@pytest.mark.parametrize(("seed", "status"), [(LARGEST_SEED, 302), (LARGEST_SEED + 1, 400)])
def test_a_seed_leaves_room_for_the_last_candidate(cast: Cast, operator: Client, seed: int, status: int) -> None:
    sent = {"revision": make_revision(cast.operator).pk, "candidate_count": 8, "prompt": "a mug", "seed": seed}
    assert operator.post(ADDRESS, sent).status_code == status


def test_with_one_variant_nobody_is_asked_for_it(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in [key for key in VARIANTS if key != DEFAULT_VARIANT]:
        monkeypatch.delitem(VARIANTS, key)
    page = operator.get(ADDRESS).content.decode()
    assert f'<input type="hidden" name="variant" value="{DEFAULT_VARIANT}"' in page
    assert "?variant=" not in page


def test_another_variant_brings_its_own_choices(cast: Cast, operator: Client, second_variant: str) -> None:
    revision = make_revision(cast.operator)
    page = operator.get(f"{ADDRESS}?variant={second_variant}&product={revision.product_id}").content.decode()
    assert 'name="part_season"' in page
    assert 'name="part_surface"' not in page
    assert f'href="?variant={second_variant}&amp;product={revision.product_id}" aria-current="page"' in page
    sent = {"variant": second_variant, "revision": revision.pk, "candidate_count": 3, "part_season": "winter"}
    assert operator.post(ADDRESS, sent | {"candidate_count": 4}).status_code == 400
    assert operator.post(ADDRESS, sent).status_code == 302
    request = GenerationRequest.objects.get()
    assert (request.prompt, request.variant, request.candidate_count) == ("a mug in winter", second_variant, 3)


def test_the_settings_of_a_variant_are_asked_for_and_kept(cast: Cast, operator: Client) -> None:
    page = operator.get(f"{ADDRESS}?variant=outpainting").content.decode()
    assert 'name="aspect"' in page
    assert 'name="aspect"' not in operator.get(ADDRESS).content.decode()
    sent = {
        "variant": "outpainting",
        "revision": make_revision(cast.operator).pk,
        "candidate_count": 2,
        "prompt": "a mug",
    }
    assert operator.post(ADDRESS, sent | {"aspect": "1:1", "place": "end"}).status_code == 400
    assert not GenerationRequest.objects.exists()
    assert operator.post(ADDRESS, sent | {"aspect": "16:9", "place": "end"}).status_code == 302
    request = GenerationRequest.objects.get()
    assert request.parameters == {"aspect": "16:9", "place": "end"}
    shown = operator.get(f"/requests/{request.pk}/").content.decode()
    assert "at the right, or at the bottom" in shown


def test_a_variant_that_does_not_exist_opens_nothing(cast: Cast, operator: Client) -> None:
    assert operator.get(ADDRESS, {"variant": "nothing"}).status_code == 200
    sent = {"variant": "nothing", "revision": make_revision(cast.operator).pk, "candidate_count": 1, "prompt": "a mug"}
    assert operator.post(ADDRESS, sent).status_code == 400
    assert not GenerationRequest.objects.exists()


def test_a_long_list_offers_the_newest_products_and_takes_the_others(
    cast: Cast, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_OFFERED", 2)
    oldest, older, *newest = [make_revision(cast.operator) for _ in range(4)]

    def offered(answer: Any) -> set[str]:
        select = answer.content.decode().partition('name="revision"')[2].partition("</select>")[0]
        return set(re.findall(r'value="(\d+)"', select))

    listed = {str(revision.pk) for revision in newest}
    assert offered(operator.get(ADDRESS)) == listed
    assert offered(operator.get(f"{ADDRESS}?product={oldest.product_id}")) == {*listed, str(oldest.pk)}
    sent = {"revision": older.pk, "candidate_count": 99, "prompt": "a mug"}
    assert offered(operator.post(ADDRESS, sent)) == {*listed, str(older.pk)}
    assert operator.post(ADDRESS, sent | {"candidate_count": 1}).status_code == 302
