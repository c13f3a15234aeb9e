"""How a reviewer likes the desk: kept per person, refused with a reason, and never half done."""

import pytest
from django.test import Client

from accounts.tests.factories import Cast
from reviews.desk_actions import ACTIONS, PRESETS, keys_of
from reviews.models import DeskSettings

pytestmark = pytest.mark.django_db

URL = "/api/v1/review/settings/"


@pytest.fixture
def reviewer(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.reviewer)
    return client


def change(client: Client, body: object) -> tuple[int, dict[str, object]]:
    response = client.patch(URL, body, "application/json")
    return response.status_code, response.json()


def test_without_changes_the_table_holds(reviewer: Client) -> None:
    answer = reviewer.get(URL).json()
    assert answer["preset"] == "canvas"
    assert answer["keys"] == {}
    assert answer["all_keys"] == {name: action.key for name, action in ACTIONS.items()}


def test_what_is_changed_is_kept_and_the_rest_stays(reviewer: Client, cast: Cast) -> None:
    assert change(reviewer, {"send_on": "enter", "rest_minutes": 50})[0] == 200
    status, answer = change(reviewer, {"keys": {"approve": "p", "undo": "", "zoom": " ", "reject": "r"}})
    assert status == 200
    assert answer["keys"] == {"approve": "p", "undo": ""}, "what is as in the preset is no change"
    kept = DeskSettings.objects.get(reviewer=cast.reviewer)
    assert (kept.send_on, kept.rest_minutes, kept.keys) == ("enter", 50, {"approve": "p", "undo": ""})


def test_two_keys_can_be_swapped(reviewer: Client) -> None:
    assert change(reviewer, {"keys": {"approve": "r", "reject": "a"}})[0] == 200


def test_settings_are_ones_own(reviewer: Client, cast: Cast) -> None:
    change(reviewer, {"keys_on": False})
    second = Client()
    second.force_login(cast.second_reviewer)
    assert second.get(URL).json()["keys_on"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"keys": {"dance": "q"}}, "keys.dance"),
        ({"keys": {"approve": "1"}}, "keys.approve"),
        ({"keys": {"approve": "escape"}}, "keys.approve"),
        ({"keys": {"approve": "shift+tab"}}, "keys.approve"),
        ({"keys": {"approve": "A"}}, "keys.approve"),
        ({"keys": {"approve": "dead"}}, "keys.approve"),
        ({"keys": {"approve": "shift+a"}}, "keys.approve"),
        ({"keys": {"approve": "\t"}}, "keys.approve"),
        ({"keys": {"approve": "\u200b"}}, "keys.approve"),
        ({"keys": {"approve": "x" * 21}}, "keys.approve"),
        ({"keys": {"approve": None}}, "keys.approve"),
        ({"keys": {"approve": ["a"]}}, "keys.approve"),
        ({"keys": {"approve": "r"}}, "keys.approve"),
        ({"keys": {"approve": "q", "reject": "q"}}, "keys.reject"),
        ({"keys": "a"}, "keys"),
        ({"keys": {f"a{number}": "q" for number in range(999)}}, "keys"),
        ({"preset": "vim"}, "preset"),
        ({"send_on": "never"}, "send_on"),
        ({"rest_minutes": -1}, "rest_minutes"),
        ({"rest_minutes": 241}, "rest_minutes"),
        ({"rest_minutes": "soon"}, "rest_minutes"),
        ({"keys_on": "perhaps"}, "keys_on"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(reviewer: Client, body: object, field: str) -> None:
    status, problem = change(reviewer, body)
    assert status == 400
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert [error["field"] for error in errors] == [field]
    assert not DeskSettings.objects.exists()


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_gives_a_key_twice(preset: str) -> None:
    keys = [key for key in keys_of(preset, {}).values() if key]
    assert len(keys) == len(set(keys))


def test_the_page_saves_the_same_without_a_script(reviewer: Client, cast: Cast) -> None:
    page = reviewer.get("/review/settings/")
    form = {field.html_name: field.value() for field in page.context["form"]}
    sent = form | {"key_approve": "Space", "key_zoom": "q", "rest_minutes": "45", "keys_on": ""}
    assert reviewer.post("/review/settings/", sent).status_code == 302
    kept = DeskSettings.objects.get(reviewer=cast.reviewer)
    assert kept.keys == {"approve": " ", "zoom": "q"}
    assert (kept.rest_minutes, kept.keys_on) == (45, False)


def test_the_page_says_at_the_key_what_is_wrong_with_it(reviewer: Client) -> None:
    form = {field.html_name: field.value() for field in reviewer.get("/review/settings/").context["form"]}
    answer = reviewer.post("/review/settings/", form | {"key_approve": "r"})
    assert answer.status_code == 400
    assert answer.context["form"]["key_approve"].errors == ["This key is taken already: Reject."]
    assert not DeskSettings.objects.exists()


def test_another_preset_is_taken_as_a_whole(reviewer: Client, cast: Cast) -> None:
    change(reviewer, {"keys": {"approve": "q"}})
    form = {field.html_name: field.value() for field in reviewer.get("/review/settings/").context["form"]}
    assert reviewer.post("/review/settings/", form | {"preset": "lightroom"}).status_code == 302
    kept = DeskSettings.objects.get(reviewer=cast.reviewer)
    assert (kept.preset, kept.keys) == ("lightroom", {})
