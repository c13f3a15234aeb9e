"""Model versions are shared by all teams; the datasets they were trained on are not."""

from django.test import Client

from accounts.tests.factories import Cast, make_token
from generation.models import DatasetSnapshot
from generation.tests.factories import make_version


def test_another_teams_dataset_is_not_named(cast: Cast, client: Client) -> None:
    snapshot = DatasetSnapshot.objects.create(
        team=cast.team, name="secret-launch", version=1, sha256="0" * 64, files={}, counts={}, created_by=cast.admin
    )
    version = make_version(snapshot=snapshot)
    for person, seen in ((cast.admin, True), (cast.stranger, False)):
        answer = client.get(
            f"/api/v1/model-versions/{version.pk}/", headers={"Authorization": f"Bearer {make_token(person)}"}
        )
        assert answer.json()["snapshot"] == (snapshot.pk if seen else None)
        client.force_login(person)
        assert ("secret-launch" in client.get("/models/").content.decode()) is seen
        client.logout()
