"""A frozen snapshot as a trainer reads it: `contracts.TrainingExamples` from the files in storage."""

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, BinaryIO, cast

from generation.contracts import EngineError, Image, LabelledCandidate, LabelledPair, Mask, RewardSubject
from generation.imaging.encoding import decode, decode_mask
from generation.imaging.framing import shrink_mask
from generation.imaging.previews import FIT, make_preview
from generation.models import DatasetSnapshot
from generation.services.derivatives import open_file
from generation.snapshotfiles import CandidateRow, Group, SnapshotDamaged, SnapshotFiles, SourceRow


class SnapshotReader:
    """Streams the candidates and preferences of one variant, request by request, in the snapshot's order.

    Pictures are read when a candidate's `subject` is asked for, so that a training which goes on where it was does
    not decode what it has seen. They come as scoring sees them, at most FIT pixels long: a model judges what it was
    trained on. Raises EngineError(permanent=True) for files that are not the ones that were frozen.
    """

    def __init__(self, snapshot: DatasetSnapshot, variant: str) -> None:
        self.sha256 = snapshot.sha256
        self._variant = variant
        try:
            self._files = SnapshotFiles(snapshot.sha256, lambda name: cast(BinaryIO, open_file(snapshot.files[name])))
        except (SnapshotDamaged, FileNotFoundError) as damage:
            raise EngineError(f"The snapshot cannot be read: {damage}", permanent=True) from damage

    def candidates(self) -> Iterator[LabelledCandidate]:
        for group in self._groups():
            source = _Source(group.source)
            for row in group.candidates:
                yield StoredCandidate(row, source)

    def pairs(self) -> Iterator[LabelledPair]:
        for group in self._groups():
            for pair in group.pairs:
                yield LabelledPair(winner=pair.winner, loser=pair.loser, split=pair.split)

    def _groups(self) -> Iterator[Group]:
        try:
            for group in self._files.groups():
                if group.candidates[0].variant == self._variant:
                    yield group
        except SnapshotDamaged as damage:
            raise EngineError(f"The snapshot cannot be read: {damage}", permanent=True) from damage


class _Source:
    """One request's photo and mask, read once for all its candidates, and only if one of them is looked at."""

    def __init__(self, row: SourceRow) -> None:
        self._row = row

    @cached_property
    def image(self) -> Image:
        return make_preview(decode(_read(self._row.photo, self._row.photo_sha256)), FIT)

    @cached_property
    def mask(self) -> Mask:
        mask = decode_mask(_read(self._row.mask, self._row.mask_sha256))
        shape = self.image.shape[0], self.image.shape[1]
        return mask if mask.shape == shape else shrink_mask(mask, shape)


class StoredCandidate(LabelledCandidate):
    """A judged candidate whose pictures stay in storage until they are asked for, and are not kept."""

    def __init__(self, row: CandidateRow, source: _Source) -> None:
        known: dict[str, Any] = {
            "key": row.key, "product": row.product, "split": row.split, "approved": row.approved,
            "_load": lambda: _subject(row, source),
        }  # fmt: skip
        for name, value in known.items():
            object.__setattr__(self, name, value)

    _load: Callable[[], RewardSubject]

    @property
    def subject(self) -> RewardSubject:
        return self._load()


def _subject(row: CandidateRow, source: _Source) -> RewardSubject:
    picture = decode(_read(row.picture, row.picture_sha256))
    return RewardSubject(
        source=source.image,
        mask=source.mask,
        candidate=make_preview(picture, FIT),
        prompt=row.prompt,
        measures=row.measures,
    )


def _read(name: str, sha256: str) -> bytes:
    try:
        with open_file(name) as file:
            data: bytes = file.read()
    except FileNotFoundError as error:
        raise EngineError(f"{name}: the picture is no longer in storage.", permanent=True) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EngineError(f"{name}: the picture is not the one that was frozen.", permanent=True)
    return data
