"""Guidelines: each version is whole, its number is nobody else's, and no version is ever changed."""

import pytest
from django.db import DatabaseError, transaction

from accounts.tests.factories import Cast
from generation.tests.factories import make_picture
from reviews.models import GuidelineExample, GuidelineVersion
from reviews.services import guidelines
from reviews.services.guidelines import ExampleInput, GuidelineRefused, publish_guideline
from reviews.tests.factories import in_threads, make_item
from reviews.tests.test_desk_api import Desk

VARIANT = "background_enhancement"


def publish(cast: Cast, text: str = "Look twice.", **values: object) -> GuidelineVersion:
    return publish_guideline(cast.team, cast.admin, VARIANT, text=text, **values)  # type: ignore[arg-type]


def example(cast: Cast, **values: object) -> ExampleInput:
    return ExampleInput(
        **({"picture": make_picture(cast.team), "is_good": False, "caption": "A rim", "code": "seam"} | values)  # type: ignore[arg-type]
    )


def test_versions_count_from_one_and_the_newest_is_in_force(cast: Cast) -> None:
    assert guidelines.in_force(cast.team, VARIANT) is None
    first, second = publish(cast), publish(cast, "Look three times.", change_note="Stricter")
    assert (first.number, second.number) == (1, 2)
    assert guidelines.in_force(cast.team, VARIANT) == second
    assert guidelines.of_number(cast.team, VARIANT, 1) == first
    assert guidelines.of_number(cast.team, VARIANT, 3) is None
    assert guidelines.of_number(cast.team, VARIANT, None) is None
    assert cast.stranger.team is not None
    assert guidelines.of_number(cast.stranger.team, VARIANT, 1) is None


def test_examples_are_copied_forward_unless_they_are_given(cast: Cast) -> None:
    shown = [example(cast), example(cast, is_good=True, code="", caption="As it should be")]
    publish(cast, examples=shown)
    copied = publish(cast, "Other words.")
    assert guidelines.examples_of(copied) == shown
    assert guidelines.examples_of(publish(cast, examples=[])) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " \n\t"}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"change_note": "a" * 201}, "too_long"),
        ({"based_on": 7}, "stale"),
    ],
)
def test_what_is_no_guideline_is_refused(cast: Cast, values: dict[str, object], code: str) -> None:
    with pytest.raises(GuidelineRefused) as refused:
        publish(cast, **({"text": "Look twice."} | values))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not GuidelineVersion.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "no_such_code"}, "codes"),
        ({"code": "temporal_flicker"}, "codes"),  # a code, but not of this variant
        ({"is_good": True}, "codes"),
        ({"caption": "  "}, "caption"),
        ({"caption": "a" * 201}, "too_long"),
    ],
)
def test_what_is_no_example_is_refused(cast: Cast, values: dict[str, object], code: str) -> None:
    with pytest.raises(GuidelineRefused) as refused:
        publish(cast, examples=[example(cast, **values)])
    assert refused.value.code == code
    assert not GuidelineVersion.objects.exists()


def test_another_teams_picture_and_too_many_are_refused(cast: Cast) -> None:
    assert cast.stranger.team is not None
    theirs = example(cast, picture=make_picture(cast.stranger.team))
    for examples in ([theirs], [example(cast)] * 25):
        with pytest.raises(GuidelineRefused):
            publish(cast, examples=examples)
    with pytest.raises(GuidelineRefused, match="variant"):
        publish_guideline(cast.team, cast.admin, "no_such_variant", text="Look twice.")


def test_nothing_of_a_version_can_be_changed(cast: Cast) -> None:
    version = publish(cast, examples=[example(cast)])
    for rows in (GuidelineVersion.objects.filter(pk=version.pk), GuidelineExample.objects.filter(version=version)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**{"text": "x"} if rows.model is GuidelineVersion else {"caption": "x"})
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


@pytest.mark.django_db(transaction=True)
def test_of_four_at_once_each_gets_a_number_and_of_four_based_on_one_only_one(cast: Cast) -> None:
    numbers = in_threads(4, lambda n: publish(cast, f"By {n}.").number)
    assert sorted(numbers) == [1, 2, 3, 4]

    def based(n: int) -> bool:
        try:
            publish(cast, f"Anew by {n}.", based_on=4)
        except GuidelineRefused:
            return False
        return True

    assert sorted(in_threads(4, based)) == [False, False, False, True]


def test_an_item_tells_which_version_is_in_force(cast: Cast) -> None:
    make_item(cast.operator)
    desk = Desk(cast)
    assert (desk.item()["variant"], desk.item()["guideline"]) == (VARIANT, None)
    publish(cast)
    publish(cast)
    assert desk.item()["guideline"] == 2
