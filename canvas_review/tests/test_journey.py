"""The whole ring, twice: from a photo to a better model, for a team that likes bright scenes and one that likes dark.

Real PostgreSQL, a real broker, real workers and the demonstration model. People are simulated: they look at the
pictures through the same addresses as the desk, and judge by a taste.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from io import BytesIO
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from accounts.models import Role
from accounts.tests.factories import make_team, make_token, make_user
from canvas_review.tests.processes import running, wait_until
from generation.models import Candidate, DatasetSnapshot, GenerationRequest, ModelVersion, Score, TrainingRun
from generation.models.requests import ENDED
from generation.services.releases import ensure_shipped_versions
from reviews.models import PreferencePair, ReviewItem
from reviews.services.queue import ensure_queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

DEMO = Path(settings.BASE_DIR) / "generation" / "demo"
SIDE = 320  # pixels; the ring is about what happens, not about resolution
PRODUCTS = 12
PROMPTS = (
    "a {} on a wooden table, white wall, soft light",
    "a {} on a stone table, black wall, dramatic light",
)
CANDIDATES = 4
Taste = Callable[[float, float], bool]
"""(brightness of a scene, mean of its siblings) -> approve?"""


def _photos() -> list[tuple[dict[str, str], bytes, bytes]]:
    """The demonstration products, small: (description, photo as PNG, mask as PNG)."""
    found = []
    for product in json.loads((DEMO / "products.json").read_text())[:PRODUCTS]:
        photo, mask = BytesIO(), BytesIO()
        Pillow.open(DEMO / product["photo"]).convert("RGB").resize((SIDE, SIDE)).save(photo, "PNG")
        shape = Pillow.open(DEMO / product["mask"]).convert("L").resize((SIDE, SIDE), Pillow.Resampling.NEAREST)
        shape.point(lambda level: 255 if level > 127 else 0).save(mask, "PNG")
        found.append((product, photo.getvalue(), mask.getvalue()))
    return found


class Team:
    """One team's people, and what they do through the web and the API."""

    def __init__(self) -> None:
        team = make_team()
        ensure_queue(team, "background_enhancement")
        self.operator = make_user(team, Role.OPERATOR)
        self.reviewer = make_user(team, Role.REVIEWER)
        self.engineer = make_user(team, Role.ML_ENGINEER)
        self.team = team
        self.desk = Client()
        self.desk.force_login(self.reviewer)

    def _api(self, user: object, method: str, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {make_token(user)}", "Idempotency-Key": str(uuid.uuid4())}  # type: ignore[arg-type]
        client = Client()
        if method == "get":
            answer = client.get(f"/api/v1/{path}", headers=headers)
        else:
            answer = client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)
        assert answer.status_code in (200, 201, 202), answer.content
        return dict(answer.json())

    def add_products(self) -> list[int]:
        client = Client()
        client.force_login(self.operator)
        for product, photo, mask in _photos():
            form = {
                "title": product["title"],
                "category": product["category"],
                "external_id": product["external_id"],
                "photo": SimpleUploadedFile("photo.png", photo, "image/png"),
                "mask": SimpleUploadedFile("mask.png", mask, "image/png"),
            }
            assert client.post("/products/new/", form).status_code == 302
        return list(self.team.products.order_by("pk").values_list("pk", flat=True))

    def ask(self, product: int, prompt: str, seed: int) -> int:
        title = self.team.products.get(pk=product).category
        body = {
            "product": product, "prompt": prompt.format(title), "candidates": CANDIDATES, "seed": seed, "steps": 4
        }  # fmt: skip
        return int(str(self._api(self.operator, "post", "requests/", body)["id"]))

    def wait_for(self, requests: list[int]) -> None:
        waiting = GenerationRequest.objects.filter(pk__in=requests).exclude(state__in=ENDED)
        wait_until(lambda: not waiting.exists(), 420, "every request has ended")
        ready = GenerationRequest.objects.filter(pk__in=requests, state="ready")
        assert ready.count() == len(requests), list(
            GenerationRequest.objects.filter(pk__in=requests).values_list("state", "failure")
        )
        wait_until(
            lambda: ReviewItem.objects.filter(request__in=requests).count() == len(requests), 60, "items for all"
        )

    def judge_all(self, taste: Taste) -> int:
        """Review until nothing waits; returns how many images were judged."""
        judged = 0
        while True:
            answer = self.desk.post("/api/v1/review/claim/", {}, content_type="application/json").json()
            if answer["item"] is None:
                assert answer["reason"] == "nothing_waits", answer
                return judged
            item = answer["item"]
            light = [self._brightness(candidate["picture"]["url"]) for candidate in item["candidates"]]
            verdicts = [
                {"candidate": candidate["handle"], "approved": good, "codes": [] if good else ["poor_aesthetics"]}
                for candidate, value in zip(item["candidates"], light, strict=True)
                for good in [taste(value, float(np.mean(light)))]
            ]
            decision = {"idempotency_key": str(uuid.uuid4()), "verdicts": verdicts, "active_ms": 1500}
            url = f"/api/v1/review/leases/{item['token']}/decide/"
            decided = self.desk.post(url, decision, content_type="application/json")
            assert decided.status_code == 200, decided.content
            judged += len(verdicts)

    def _brightness(self, url: str) -> float:
        content = b"".join(self.desk.get(url).streaming_content)  # type: ignore[attr-defined]
        return float(np.asarray(Pillow.open(BytesIO(content)).convert("L")).mean())

    def learn(self) -> ModelVersion:
        """Freeze, train on the worker, put to use: returns the version that is active afterwards."""
        frozen = self._api(self.engineer, "post", "snapshots/", {"name": "taste"})
        body = {"snapshot": frozen["id"], "trainer": "efficientnet-head"}
        run = int(str(self._api(self.engineer, "post", "training-runs/", body)["id"]))
        done = TrainingRun.objects.filter(pk=run, state__in=["succeeded", "failed"])
        wait_until(done.exists, 300, "the training has ended")
        trained = TrainingRun.objects.select_related("version").get(pk=run)
        assert trained.version is not None, trained.failure
        assert trained.version.state == "proposed"
        client = Client()
        client.force_login(self.engineer)
        client.post(f"/models/{trained.version.pk}/activate/")
        return ModelVersion.objects.active("reward", "background_enhancement")


def _ranked(request: int) -> dict[int, float]:
    """Candidate position -> score by the version the request was ranked with."""
    found = GenerationRequest.objects.get(pk=request)
    scores = Score.objects.filter(candidate__request=found, version=found.reward_version)
    return {score.candidate.position: score.value for score in scores.select_related("candidate")}


def test_the_ring_closes_and_follows_the_taste_of_its_people(own_files: Path) -> None:
    ensure_shipped_versions()
    first = ModelVersion.objects.active("reward", "background_enhancement")
    with running("gpu", "cpu", "relay", data_dir=own_files):
        bright, dark = Team(), Team()
        versions: dict[str, ModelVersion] = {}
        fresh: dict[str, int] = {}
        for name, team, taste in (
            ("bright", bright, lambda value, mean: value > mean),
            ("dark", dark, lambda value, mean: value < mean),
        ):
            products = team.add_products()
            prompts = zip(products * 2, cycle(PROMPTS), strict=False)
            requests = [team.ask(product, prompt, seed) for seed, (product, prompt) in enumerate(prompts, start=1)]
            team.wait_for(requests)
            judged = team.judge_all(taste)
            assert judged >= 3 * len(requests) * 0.8
            assert PreferencePair.objects.filter(decision__reviewer=team.reviewer).count() >= len(requests)
            versions[name] = team.learn()
            fresh[name] = team.ask(products[0], PROMPTS[0], seed=4711)
            team.wait_for([fresh[name]])

    for name, version in versions.items():
        snapshot = DatasetSnapshot.objects.get(team=(bright if name == "bright" else dark).team)
        assert version.snapshot == snapshot
        mine, before = version.metrics["candidate"], version.metrics["incumbent"]
        assert mine["pairs"] >= 3
        assert mine["pair_accuracy"] > before["pair_accuracy"], (name, mine, before)
        assert GenerationRequest.objects.get(pk=fresh[name]).reward_version == version
    assert first.pk not in {version.pk for version in versions.values()}

    # The same product, prompt and seed make the same images for both teams; only the order differs.
    same = defaultdict(set)
    for candidate in Candidate.objects.filter(request__in=fresh.values()).select_related("raw"):
        same[candidate.position].add(candidate.raw.sha256)
    assert all(len(hashes) == 1 for hashes in same.values())
    likes_bright, likes_dark = _ranked(fresh["bright"]), _ranked(fresh["dark"])
    shared = sorted(set(likes_bright) & set(likes_dark))
    assert len(shared) >= 3
    correlation = np.corrcoef([likes_bright[i] for i in shared], [likes_dark[i] for i in shared])[0, 1]
    assert correlation < 0, (likes_bright, likes_dark)
