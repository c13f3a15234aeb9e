"""A model elsewhere is a name: seen by who brought its candidates, never put to use, never asked to paint."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.tests.factories import Cast, make_token
from generation.contracts import EngineError
from generation.models import ModelVersion
from generation.services.production import make_job
from generation.services.releases import VersionRefused, activate_version, register_version, roll_back
from generation.tests.adopting import MODEL, adopt
from generation.tests.api_calls import api, fields_of

VARIANT = "background_enhancement"


@pytest.fixture
def version(cast: Cast) -> ModelVersion:
    found = adopt(cast.operator)[0].generator_version
    assert found is not None
    return found


def test_it_is_never_put_to_use(cast: Cast, version: ModelVersion) -> None:
    with pytest.raises(VersionRefused, match="works elsewhere"):
        activate_version(version, cast.admin)
    with pytest.raises(VersionRefused):
        roll_back("external", VARIANT, cast.admin)
    page = api(cast.ml_engineer).post(f"/models/{version.pk}/activate/", follow=True)
    assert "works elsewhere" in page.content.decode()
    # Releases are made at a screen, so the API asks for a session.
    answer = api(cast.ml_engineer).post(f"/api/v1/model-versions/{version.pk}/activate/")
    assert (answer.status_code, fields_of(answer)) == (400, {"kind": "made_elsewhere"})
    with pytest.raises(CommandError):
        call_command("activate_version", "external", VARIANT, number=1, skip_checks=True)
    version.refresh_from_db()
    assert version.state == "proposed"


def test_the_database_holds_it_to_that(version: ModelVersion) -> None:
    for values in ({"state": "active"}, {"engine": "diffusers-inpaint"}, {"folder": "x"}, {"sha256": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ModelVersion.objects.filter(pk=version.pk).update(**values)


def test_no_folder_is_registered_as_one(tmp_path: Path, db: None) -> None:
    with pytest.raises(VersionRefused):
        register_version(kind="external", variant=VARIANT, engine="", name="x", folder="demo-inpaint")


def test_nobody_here_can_make_it_again(cast: Cast, version: ModelVersion) -> None:
    request = adopt(cast.operator, prompt="another prompt")[0]
    with pytest.raises(CommandError, match=f"made elsewhere by {MODEL}"):
        call_command("make_again", str(request.candidates.get(position=0).pk), skip_checks=True)
    with pytest.raises(EngineError, match="no recipe"):
        make_job(request)


def test_the_page_of_models_names_it_apart_with_its_requests(cast: Cast, version: ModelVersion, client: Client) -> None:
    adopt(cast.operator, prompt="another prompt")
    adopt(cast.stranger)
    client.force_login(cast.ml_engineer)
    page = client.get("/models/").content.decode()
    section = page[page.index('id="elsewhere"') : page.index('id="runs"')]
    assert MODEL in section
    assert re.search(r'<td [^>]*class="num"[^>]*>2</td>|<td class="num"[^>]*>2</td>', section)
    assert MODEL not in page.replace(section, "")
    assert f"/models/{version.pk}/activate/" not in page


def test_another_teams_name_is_not_told(cast: Cast, version: ModelVersion, client: Client) -> None:
    client.force_login(cast.stranger)
    assert MODEL not in client.get("/models/").content.decode()
    assert client.post(f"/models/{version.pk}/activate/").status_code == 404
    for person, seen in ((cast.ml_engineer, True), (cast.stranger, False)):
        call = Client(headers={"Authorization": f"Bearer {make_token(person)}"})
        listed = call.get("/api/v1/model-versions/?kind=external").json()["results"]
        assert [row["name"] for row in listed] == ([MODEL] if seen else [])
        assert call.get(f"/api/v1/model-versions/{version.pk}/").status_code == (200 if seen else 404)
    adopt(cast.stranger)
    assert MODEL in client.get("/models/").content.decode()
