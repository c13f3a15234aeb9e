"""A frozen snapshot of small real pictures, written with the format's own writers."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.tests.factories import Cast
from generation.contracts import Image
from generation.models import DatasetSnapshot, Picture
from generation.services.derivatives import store_mask, store_picture
from generation.snapshotfiles import (
    CANDIDATES,
    MANIFEST,
    PAIRS,
    SOURCES,
    CandidateRow,
    LinesWriter,
    PairRow,
    SourceRow,
    write_manifest,
)

VARIANT = "background_enhancement"
SPLITS = ("train", "train", "train", "validation", "test")


@dataclass
class Frozen:
    """`products` requests of two candidates each: a bright one, approved and preferred, and a dark one."""

    cast: Cast
    folder: Path
    products: int = 5
    side: int = 48
    variant: str = VARIANT
    images: dict[str, Image] = field(default_factory=dict)

    def freeze(self) -> DatasetSnapshot:
        writers = {name: LinesWriter(self.folder / name) for name in (SOURCES, CANDIDATES, PAIRS)}
        for number in range(self.products):
            self._write_request(number, writers)
        files = {name: writer.close() for name, writer in writers.items()}
        sha256 = write_manifest(self.folder / MANIFEST, {"name": "mugs", "files": files})
        stored = {
            name: default_storage.save(f"snapshots/{sha256}/{name}", ContentFile((self.folder / name).read_bytes()))
            for name in (MANIFEST, *files)
        }
        return DatasetSnapshot.objects.create(
            team=self.cast.team, name="mugs", version=DatasetSnapshot.objects.count() + 1, sha256=sha256, files=stored,
            counts={}, created_by=self.cast.ml_engineer,
        )  # fmt: skip

    def _write_request(self, number: int, writers: dict[str, LinesWriter]) -> None:
        random = np.random.default_rng(number)
        photo = random.integers(0, 255, (self.side, self.side, 3), dtype=np.uint8)
        mask = np.zeros((self.side, self.side), np.bool_)
        mask[self.side // 4 : self.side // 2, self.side // 4 : self.side // 2 + number % 6] = True
        stored, cut = store_picture(self.cast.team, photo, lossless=True), store_mask(self.cast.team, mask)
        split, product = SPLITS[number % len(SPLITS)], f"product-{number}"
        source = SourceRow(
            key=f"{product}-r1", product=product, revision=1, photo=stored.name, photo_sha256=stored.sha256,
            mask=cut.name, mask_sha256=cut.sha256, width=self.side, height=self.side, split=split,
        )  # fmt: skip
        writers[SOURCES].write(source)
        rows = []
        for place, light in enumerate((170, 60)):
            scene = np.clip(random.normal(light, 12, photo.shape), 0, 255).astype(np.uint8)
            scene[mask] = photo[mask]
            key = f"{number}-{place}"
            self.images[key] = scene
            picture = store_picture(self.cast.team, scene, lossless=True)
            rows.append(self._candidate(key, f"request-{number}", source, picture, approved=place == 0))
            writers[CANDIDATES].write(rows[-1])
        pair = PairRow(
            request=rows[0].request, product=product, winner=rows[0].key, loser=rows[1].key, rule="best_over_sibling",
            decision=number, reviewer="somebody", created_at="2026-05-01T10:00:00+00:00", confidence=1.0, split=split,
        )  # fmt: skip
        writers[PAIRS].write(pair)

    def _candidate(
        self, key: str, request: str, source: SourceRow, picture: Picture, *, approved: bool
    ) -> CandidateRow:
        values: dict[str, Any] = {
            "key": key, "request": request, "source": source.key, "product": source.product, "variant": self.variant,
            "prompt": "a box on a plain table", "picture": picture.name, "picture_sha256": picture.sha256,
            "width": self.side, "height": self.side, "approved": approved, "product_right": True,
            "scene_right": approved,
            "codes": [] if approved else ["poor_aesthetics"], "verdicts": 1, "approvals": int(approved),
            "reason": "top_rank", "propensity": 1.0, "score": None, "score_version": None,
            "score_version_sha256": None,
            "measures": {"seam_energy": 1.0}, "generator_version": "Painter v1", "generator_sha256": "a" * 64,
        }  # fmt: skip
        return replace(CandidateRow(**values), split=source.split)
