"""A small judged world, row by row: products with real pictures, requests, items, decisions, outcomes."""

import hashlib
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from accounts.models import Team, User
from accounts.tests.factories import Cast
from generation.models import (
    Candidate,
    Finding,
    GenerationRequest,
    Picture,
    Product,
    ProductRevision,
    RequestProduct,
    Score,
)
from generation.tests.factories import make_version
from reviews.models import (
    Decision,
    ItemCandidate,
    Outcome,
    PreferencePair,
    Queue,
    QuotaDay,
    ReviewItem,
    Slot,
    Verdict,
)

_numbers = count(1)
PROMPT = "a mug on a wooden table, white wall, soft light"


def picture_bytes(
    seed: int, *, size: tuple[int, int] = (48, 40), mode: str = "RGB", encoding: str = "PNG", opacity: int = 255
) -> bytes:
    """A smooth random picture: width x height pixels, the same for the same seed."""
    grid = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    image = Pillow.fromarray(grid).resize(size, Pillow.Resampling.BICUBIC)
    if mode == "RGBA":
        image.putalpha(opacity)
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, encoding)
    return buffer.getvalue()


def mask_bytes(size: tuple[int, int] = (48, 40)) -> bytes:
    mask = np.zeros((size[1], size[0]), np.uint8)
    mask[10:30, 12:36] = 255
    buffer = io.BytesIO()
    Pillow.fromarray(mask).save(buffer, "PNG")
    return buffer.getvalue()


def store(team: Team, data: bytes) -> Picture:
    """A picture whose original lies in storage; previews play no part here."""
    with Pillow.open(io.BytesIO(data)) as opened:
        width, height = opened.size
        media_type = opened.get_format_mimetype() or ""
    name = default_storage.save(f"pictures/{next(_numbers):06d}", ContentFile(data))
    return Picture.objects.create(
        team=team, name=name, thumb_name=f"t/{name}", fit_name=f"f/{name}", sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type, width=width, height=height, byte_size=len(data),
    )  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """One reviewer's decision: for each candidate True (approve) or the codes of a reject; None: cannot judge."""

    reviewer: User
    verdicts: Sequence[bool | list[str]] | None
    best: int | None = None


@dataclass
class World:
    cast: Cast
    queue: Queue = field(init=False)

    def __post_init__(self) -> None:
        self.queue = self.make_queue()
        self.generator = make_version("generator", name="Painter", sha256="a" * 64)
        self.reward = make_version("reward", name="Judge", sha256="b" * 64)

    def make_queue(self) -> Queue:
        return Queue.objects.create(
            team=self.cast.team, name=f"Queue {next(_numbers)}", variant="background_enhancement"
        )

    def add_revision(self) -> ProductRevision:
        number = next(_numbers)
        team, user = self.cast.team, self.cast.operator
        product = Product.objects.create(team=team, title=f"Mug {number}", created_by=user)
        return ProductRevision.objects.create(
            product=product, number=1, photo=store(team, picture_bytes(number)), mask=store(team, mask_bytes()),
            mask_coverage=0.25, created_by=user,
        )  # fmt: skip

    def add_request(
        self,
        revision: ProductRevision | None = None,
        *,
        candidates: int = 2,
        images: Sequence[bytes] = (),
        prompt: str = PROMPT,
    ) -> GenerationRequest:
        """A READY request with scored candidates; `images` are theirs, or made up."""
        user = self.cast.operator
        images = images or [picture_bytes(next(_numbers)) for _ in range(candidates)]
        request = GenerationRequest.objects.create(
            team=self.cast.team, variant="background_enhancement", prompt=prompt, candidate_count=len(images), seed=1,
            steps=2, guidance=3.0, state="ready", generator_version=self.generator, reward_version=self.reward,
            created_by=user,
        )  # fmt: skip
        RequestProduct.objects.create(request=request, revision=revision or self.add_revision())
        for position, data in enumerate(images):
            picture = store(self.cast.team, data)
            candidate = Candidate.objects.create(
                request=request, position=position, state="scored", raw=picture, composed=picture,
                generator_version=self.generator,
            )  # fmt: skip
            Score.objects.create(candidate=candidate, version=self.reward, value=0.9 - position / 10, rank=position + 1)
            Finding.objects.create(candidate=candidate, guard="seam", measure="seam_energy", value=1.5, threshold=3.0)
        return request

    def judge(
        self, request: GenerationRequest, *bundles: Bundle, queue: Queue | None = None, outcomes: Sequence[str] = (),
        explored: Sequence[int] = (), state: str = "resolved",
    ) -> ReviewItem:  # fmt: skip
        """One item with a decided slot per bundle. Without `outcomes`, any reject fails."""
        queue = queue or self.queue
        candidates = list(request.candidates.order_by("position"))
        item = ReviewItem.objects.create(queue=queue, request=request, state=state)
        for position, candidate in enumerate(candidates):
            reason, propensity = ("exploration", 0.1) if position in explored else ("top_rank", 1.0)
            ItemCandidate.objects.create(item=item, candidate=candidate, reason=reason, propensity=propensity)
        for number, bundle in enumerate(bundles):
            self._decide(item, number, bundle, candidates)
        judged = [bundle.verdicts for bundle in bundles if bundle.verdicts is not None]
        for position, candidate in enumerate(candidates):
            approved = all(verdicts[position] is True for verdicts in judged)
            made = "approved" if approved and judged else "rejected"
            if state == "resolved":
                Outcome.objects.create(item=item, candidate=candidate, state=outcomes[position] if outcomes else made)
        return item

    def _decide(self, item: ReviewItem, number: int, bundle: Bundle, candidates: list[Candidate]) -> None:
        day, _created = QuotaDay.objects.get_or_create(reviewer=bundle.reviewer, queue=item.queue, day=date(2026, 1, 1))
        day.used += len(candidates)
        day.save()
        slot = Slot.objects.create(
            item=item, queue=item.queue, family=item, number=number, images=len(candidates), state="decided",
            reviewer=bundle.reviewer, quota_day=day,
        )  # fmt: skip
        decision = Decision.objects.create(
            slot=slot, attempt=1, reviewer=bundle.reviewer, idempotency_key=uuid.uuid4(), fingerprint="0" * 64,
            kind="cannot_judge" if bundle.verdicts is None else "judged",
            best=None if bundle.best is None else candidates[bundle.best],
        )  # fmt: skip
        if bundle.verdicts is None:
            return
        for candidate, verdict in zip(candidates, bundle.verdicts, strict=True):
            codes = verdict if isinstance(verdict, list) else []
            Verdict.objects.create(
                decision=decision, candidate=candidate, approved=verdict is True, codes=codes,
                product_right="colour_shift" not in codes, scene_right="floating" not in codes,
            )  # fmt: skip
        good = [candidate for candidate, verdict in zip(candidates, bundle.verdicts, strict=True) if verdict is True]
        for winner in good:
            for loser in candidates:
                best = winner == decision.best and loser != winner
                if best or loser not in good:
                    rule = "best_over_sibling" if best else "approved_over_rejected"
                    PreferencePair.objects.create(decision=decision, winner=winner, loser=loser, rule=rule)

    def add_judged(self, products: int) -> list[GenerationRequest]:
        """Requests of that many products: the first candidate approved and best, the second rejected."""
        requests = [self.add_request() for _ in range(products)]
        for request in requests:
            self.judge(request, Bundle(self.cast.reviewer, [True, ["colour_shift"]], best=0))
        return requests
