"""Screening 1024 px candidates - pasting, every guard, the files - against one lossless encoding of each."""

from itertools import count
from pathlib import Path

from django.conf import settings

from accounts.models import User
from accounts.tests.factories import make_cast
from benchmarks.measuring import Result, median, rounded, timed
from generation.contracts import GenerationJob, Generator, Sample, StepReport
from generation.engines.loading import load_guard
from generation.imaging.encoding import encode_webp
from generation.models import Candidate, ModelVersion, Product
from generation.services.derivatives import load_image
from generation.services.production import produce_candidates
from generation.services.products import create_product
from generation.services.screening import screen_candidates
from generation.tests.image_cast import table_scene
from generation.tests.painting import open_stored_request

CANDIDATES, MODEL_SIDE = 4, 256
EFFORT = 25  # as pictures are stored; the sizes are compared below, so a change there is noticed
DEMO = Path(settings.BASE_DIR) / "generation" / "demo"


class _Scenes:
    """Another scene for every sample of the run: a file that is there already would not be written."""

    def __init__(self) -> None:
        self._numbers = count()

    def generate(self, job: GenerationJob, on_step: StepReport) -> list[Sample]:
        return [Sample(table_scene(MODEL_SIDE, MODEL_SIDE, next(self._numbers)), {"seed": seed}) for seed in job.seeds]

    def load(self, version: ModelVersion) -> Generator:
        return self


def measure(quick: bool) -> Result:
    rounds = 1 if quick else 6
    cast = make_cast()
    product, scenes = _product(cast.operator), _Scenes()
    screenings, encodings = [], []
    for _ in range(rounds + 1):  # the first round loads the libraries
        request = open_stored_request(cast.operator, product, candidate_count=CANDIDATES)
        assert produce_candidates(request, scenes.load)
        request.refresh_from_db()
        took, done = timed(lambda: screen_candidates(request, load_guard))  # noqa: B023 - called here
        assert done
        screenings.append(took / CANDIDATES)
        encodings += [_encode(candidate) for candidate in request.candidates.select_related("composed")]
    blocked = Candidate.objects.filter(state=Candidate.State.BLOCKED).count()
    mine, theirs = median(screenings[1:]), median(encodings[CANDIDATES:])
    return Result(
        name="screen",
        figures=rounded({"ms_per_candidate": mine, "candidates": CANDIDATES * rounds, "blocked": blocked}),
        baseline=rounded({"ms_per_encoding": theirs}),
        ratio=rounded({"candidate_to_encoding": mine / theirs}),
    )


def _product(user: User) -> Product:
    assert user.team is not None
    return create_product(
        user.team, user, title="Mug", category="mug", external_id="", photo_type="image/webp", mask_type="image/png",
        photo_bytes=(DEMO / "mug.webp").read_bytes(), mask_bytes=(DEMO / "mug.mask.png").read_bytes(),
    )  # fmt: skip


def _encode(candidate: Candidate) -> float:
    """Milliseconds for encoding the stored composite once more."""
    assert candidate.composed is not None
    image = load_image(candidate.composed)
    took, data = timed(lambda: encode_webp(image, EFFORT, lossless=True))
    assert len(data) == candidate.composed.byte_size, "not the encoding that the storage uses"
    return took
