"""The pages of guidelines: read by the team, written by admins, with what they judged as examples."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.factories import Cast
from canvas_review.tests.house import picture_bytes
from generation.models import Candidate
from generation.tests.api_calls import api
from reviews.models import GuidelineVersion
from reviews.services.guidelines import examples_of, in_force, publish_guideline
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, make_item

VARIANT = "background_enhancement"
PAGE = f"/guidelines/{VARIANT}/"


@pytest.fixture
def judged(cast: Cast) -> tuple[Candidate, Candidate]:
    """One approved, one rejected for a seam."""
    item = make_item(cast.operator, 2)
    good, bad = Candidate.objects.filter(request=item.request)
    verdicts = [VerdictInput(good.handle, True), VerdictInput(bad.handle, False, codes=["seam"])]
    decide(cast.reviewer, claimed(cast.reviewer), verdicts)
    return good, bad


def form_of(html: str) -> dict[str, Any]:
    """What a browser would send for the page's form as it stands."""
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in found and found.get("type") != "file" and (found.get("type") != "checkbox" or "checked" in tag):
            sent[found["name"]] = found.get("value", "on")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return sent


def write(cast: Cast, **changes: object) -> Any:
    client = api(cast.admin)
    sent = form_of(client.get(f"{PAGE}edit/").content.decode()) | {"text": "Look twice."} | changes
    return client.post(f"{PAGE}edit/", sent)


def source_row(html: str, candidate: Candidate) -> str:
    found = re.search(rf'name="(examples-\d+)-source" value="candidate:{candidate.handle}"', html)
    assert found, "it is not offered"
    return found[1]


def test_what_was_judged_is_offered_and_what_is_ticked_is_published(
    cast: Cast, judged: tuple[Candidate, Candidate]
) -> None:
    good, bad = judged
    html = api(cast.admin).get(f"{PAGE}edit/").content.decode()
    first, second = source_row(html, good), source_row(html, bad)
    assert form_of(html)[f"{second}-code"] == "seam"
    ticked: dict[str, object] = {
        f"{first}-use": "on", f"{first}-caption": "As it should be",
        f"{second}-use": "on", f"{second}-caption": "A line all around",
    }  # fmt: skip
    assert write(cast, **ticked, change_note="With examples").status_code == 302
    version = in_force(cast.team, VARIANT)
    shown = {(entry.candidate, entry.is_good, entry.code, entry.caption) for entry in examples_of(version)}
    assert shown == {(good, True, "", "As it should be"), (bad, False, "seam", "A line all around")}
    assert write(cast, text="Other words.").status_code == 302
    assert len(examples_of(in_force(cast.team, VARIANT))) == 2


def test_an_open_item_is_not_offered(cast: Cast) -> None:
    item = make_item(cast.operator, 1)
    candidate = Candidate.objects.get(request=item.request)
    page = api(cast.admin).get(f"{PAGE}edit/?candidate={candidate.handle}")
    assert str(candidate.handle) not in page.content.decode().replace(f"?candidate={candidate.handle}", "")
    row: dict[str, object] = {
        "examples-TOTAL_FORMS": "1", "examples-0-source": f"candidate:{candidate.handle}", "examples-0-use": "on",
        "examples-0-is_good": "yes", "examples-0-caption": "Guessed",
    }  # fmt: skip
    assert write(cast, **row).status_code == 400
    assert not GuidelineVersion.objects.exists()


def test_a_picture_of_ones_own_is_checked_and_stored(cast: Cast) -> None:
    upload: dict[str, object] = {"upload-is_good": "no", "upload-code": "floating", "upload-caption": "No shadow"}
    broken = SimpleUploadedFile("a.png", b"not a picture", "image/png")
    assert write(cast, **upload, **{"upload-file": broken}).status_code == 400
    file = SimpleUploadedFile("a.png", picture_bytes(), "image/png")
    assert write(cast, **upload, **{"upload-file": file}).status_code == 302
    (example,) = examples_of(in_force(cast.team, VARIANT))
    assert (example.code, example.caption, example.candidate, example.picture.width) == (
        "floating",
        "No shadow",
        None,
        64,
    )


def test_a_preview_publishes_nothing(cast: Cast) -> None:
    page = write(cast, text="# Look\n\n<b>twice</b>", preview="1")
    assert page.status_code == 200
    assert "<h3>Look</h3>" in page.content.decode()
    assert "<b>" not in page.content.decode()
    assert not GuidelineVersion.objects.exists()


def test_writing_over_somebody_elses_version_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    client = api(cast.admin)
    sent = form_of(client.get(f"{PAGE}edit/").content.decode()) | {"text": "Mine, long thought over."}
    publish_guideline(cast.team, cast.admin, VARIANT, text="Theirs.")
    refused = client.post(f"{PAGE}edit/", sent)
    assert refused.status_code == 400
    assert "Somebody has published another version" in refused.content.decode()
    assert "Mine, long thought over." in refused.content.decode()
    assert in_force(cast.team, VARIANT) == GuidelineVersion.objects.get()


def test_a_version_shows_what_it_changed(cast: Cast) -> None:
    for text in ("Reject a rim of two pixels.", "Reject a rim of one pixel."):
        publish_guideline(cast.team, cast.admin, VARIANT, text=text, change_note="Stricter")
    page = api(cast.reviewer).get(PAGE).content.decode()
    assert "<del>two</del>" in page
    assert "<ins>one</ins>" in page
    assert "edit/" not in page
    old = api(cast.reviewer).get(f"{PAGE}?version=1").content.decode()
    assert "no longer in force" in old
    assert "Reject a rim of two pixels." in old
    assert api(cast.reviewer).get(f"{PAGE}?version=3").status_code == 404
    assert api(cast.reviewer).get(f"{PAGE}?version=x").status_code == 404
    assert api(cast.reviewer).get("/guidelines/no_such_variant/").status_code == 404


def test_teams_have_their_own(cast: Cast) -> None:
    publish_guideline(cast.team, cast.admin, VARIANT, text="Ours alone.")
    assert "Ours alone." not in api(cast.stranger).get(PAGE).content.decode()
    assert api(cast.stranger).get(f"/api/v1/review{PAGE}").json() == {"number": None}


def test_the_desk_gets_safe_html_and_examples(cast: Cast, judged: tuple[Candidate, Candidate]) -> None:
    _good, bad = judged
    html = api(cast.admin).get(f"{PAGE}edit/").content.decode()
    row = source_row(html, bad)
    ticked: dict[str, object] = {f"{row}-use": "on", f"{row}-caption": "A line"}
    write(cast, **ticked, text="<script>x</script> ![A line](example:1)", change_note="New")
    answer = api(cast.reviewer).get(f"/api/v1/review{PAGE}")
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert set(told) == {"number", "html", "change_note", "published_at", "examples"}
    assert "<script" not in told["html"]
    (example,) = told["examples"]
    assert set(example) == {"good", "code", "code_label", "caption", "picture"}
    assert (example["good"], example["code"], example["code_label"]) == (False, "seam", "Seam")
    assert example["picture"]["url"] in told["html"]
    assert api(cast.reviewer).get("/api/v1/review/guidelines/none/").status_code == 404
