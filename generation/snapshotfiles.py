"""The files of a dataset snapshot: what their rows hold, and writing and reading them as streams.

A snapshot is `manifest.json` and three files of JSON lines. Sources are ordered by revision, the candidates of one
request stand next to each other, and candidates, pairs and sources follow one order, so a reader joins all three in
one pass without holding any of them. Pictures are named by storage name and pinned by sha256, never copied.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

FORMAT = "canvas-snapshot/1"
MANIFEST, SOURCES, CANDIDATES, PAIRS = "manifest.json", "sources.jsonl", "candidates.jsonl", "pairs.jsonl"
SPLITS = ("train", "validation", "test")

_BLOCK = 1 << 20
_BANDS = {"train": (0.0, 0.8), "validation": (0.8, 0.9), "test": (0.9, 1.0)}


class SnapshotDamaged(ValueError):
    """A file is not the one that the snapshot's hash pins."""


@dataclass(frozen=True)
class SourceRow:
    """One product revision. `key` names it inside the snapshot; the sha256 are of the stored originals."""

    key: str
    product: str
    revision: int
    photo: str
    photo_sha256: str
    mask: str
    mask_sha256: str
    width: int
    height: int
    split: str = ""


@dataclass(frozen=True)
class CandidateRow:
    """One judged candidate. `key` and `request` are random handles, `source` a SourceRow's key.

    `codes` joins what its rejecting reviewers named. `propensity` is the probability with which the candidate was to
    be shown, `reason` why it was. `score` is what the reward version in use at the time said of it. `made_elsewhere`:
    `generator_version` is only what its sender calls the model, and no hash pins it.
    """

    key: str
    request: str
    source: str
    product: str
    variant: str
    prompt: str
    picture: str
    picture_sha256: str
    width: int
    height: int
    approved: bool
    product_right: bool
    scene_right: bool
    codes: list[str]
    verdicts: int
    approvals: int
    reason: str
    propensity: float
    score: float | None
    score_version: str | None
    score_version_sha256: str | None
    measures: dict[str, float]
    generator_version: str
    generator_sha256: str | None
    made_elsewhere: bool = False
    guideline_version: str | None = None
    split: str = ""


@dataclass(frozen=True)
class PairRow:
    """One preference of one reviewer, who is known by a random handle.

    `confidence` is the share of the item's reviewers, among those who judged both candidates, who hold this very
    preference. Nobody holds the opposite one: such pairs are left out.
    """

    request: str
    product: str
    winner: str
    loser: str
    rule: str
    decision: int
    reviewer: str
    created_at: str
    confidence: float
    split: str = ""


Row = TypeVar("Row", SourceRow, CandidateRow, PairRow)


@dataclass(frozen=True)
class Group:
    """What was judged of one request: its source, its candidates, and the preferences among them."""

    source: SourceRow
    candidates: Sequence[CandidateRow]
    pairs: Sequence[PairRow]


def assign_splits(products: Iterable[str], paired: Collection[str] = ()) -> dict[str, str]:
    """Put each product into train (80 %), validation or test (10 % each) by a hash of its key alone.

    A product thus keeps its split from one snapshot to the next, and what tested one model never trains its
    successor. Only where a split would be empty, the product nearest to its band moves there from the largest one:
    with three products or more no split is empty. Where some products are `paired` (have preferences), only they count
    as filling a split, because some trainers read nothing else.
    """
    splits = {product: _split_of(_place(product)) for product in products}
    counting = {product: _place(product) for product in paired or splits}
    for name in SPLITS[: len(counting)]:
        sizes = Counter(splits[product] for product in counting)
        if sizes[name]:
            continue
        # Of equals the later one gives, so that with two products the last to go empty is the test split.
        largest = max(reversed(SPLITS), key=lambda other: sizes[other])
        low, high = _BANDS[name]
        movable = {product: place for product, place in counting.items() if splits[product] == largest}
        splits[min(movable, key=lambda product: (max(low - movable[product], movable[product] - high), product))] = name
    return splits


def _split_of(place: float) -> str:
    return next(name for name, (_low, high) in _BANDS.items() if place < high)


def _place(product: str) -> float:
    return int.from_bytes(hashlib.sha256(product.encode()).digest()[:6], "big") / 2**48


class LinesWriter:
    """Writes rows as JSON lines, counting bytes, rows and the sha256 as it goes."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")
        self._digest = hashlib.sha256()
        self._bytes = self._rows = 0

    def write(self, row: SourceRow | CandidateRow | PairRow) -> None:
        line = json.dumps(asdict(row), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._stream.write(line)
        self._digest.update(line)
        self._bytes += len(line)
        self._rows += 1

    def close(self) -> dict[str, Any]:
        """Close the file; return what the manifest says of it."""
        self._stream.close()
        return {"bytes": self._bytes, "sha256": self._digest.hexdigest(), "rows": self._rows}


def write_manifest(path: Path, values: Mapping[str, Any]) -> str:
    """Write the manifest; return its sha256, which is the snapshot's address."""
    content = json.dumps({"format": FORMAT, **values}, sort_keys=True, ensure_ascii=False, indent=1).encode() + b"\n"
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def read_rows(stream: Iterable[bytes], row_type: type[Row]) -> Iterator[Row]:
    """Yield the rows of one file; fields that a later version added are passed over."""
    known = {field.name for field in fields(row_type)}
    for line in stream:
        try:
            yield row_type(**{name: value for name, value in json.loads(line).items() if name in known})
        except (ValueError, TypeError, AttributeError) as error:
            raise SnapshotDamaged("A line of the snapshot cannot be read.") from error


class SnapshotFiles:
    """A snapshot for reading. `open_file` takes a name inside the snapshot and returns its bytes as a stream.

    The manifest is checked against `sha256`, and every file against the manifest before its first row is given.
    Raises SnapshotDamaged.
    """

    def __init__(self, sha256: str, open_file: Callable[[str], BinaryIO]) -> None:
        self.sha256 = sha256
        self._open = open_file
        self._checked: set[str] = set()
        with open_file(MANIFEST) as stream:
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SnapshotDamaged(f"{MANIFEST} is not the file that was frozen.")
        self.manifest: dict[str, Any] = json.loads(content)
        if self.manifest.get("format") != FORMAT:
            raise SnapshotDamaged(f"The snapshot's format is {self.manifest.get('format')}, not {FORMAT}.")

    def sources(self) -> Iterator[SourceRow]:
        return read_rows(self._lines(SOURCES), SourceRow)

    def candidates(self) -> Iterator[CandidateRow]:
        return read_rows(self._lines(CANDIDATES), CandidateRow)

    def pairs(self) -> Iterator[PairRow]:
        return read_rows(self._lines(PAIRS), PairRow)

    def groups(self) -> Iterator[Group]:
        """Yield one request after the other with everything that belongs to it."""
        sources, pairs = self.sources(), groupby(self.pairs(), lambda pair: pair.request)
        source, waiting = next(sources, None), next(pairs, None)
        for request, rows in groupby(self.candidates(), lambda row: row.request):
            candidates = list(rows)
            while source is not None and source.key != candidates[0].source:
                source = next(sources, None)
            if source is None:
                raise SnapshotDamaged("The sources and the candidates do not follow one order.")
            held: list[PairRow] = []
            if waiting is not None and waiting[0] == request:
                held, waiting = list(waiting[1]), next(pairs, None)
            yield Group(source, candidates, held)
        if waiting is not None:
            raise SnapshotDamaged("The pairs and the candidates do not follow one order.")

    def _lines(self, name: str) -> Iterator[bytes]:
        if name not in self._checked:
            self._check(name)
        with self._open(name) as stream:
            yield from stream

    def _check(self, name: str) -> None:
        """Before the first row is used: a wrong row must not be half-way into a training when it is noticed."""
        digest = hashlib.sha256()
        with self._open(name) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != self.manifest["files"][name]["sha256"]:
            raise SnapshotDamaged(f"{name} is not the file that was frozen.")
        self._checked.add(name)
