"""Importing 10,000 products with small pictures from an archive, against copying their bytes and rows as they are."""

import os
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import Cast, make_cast
from benchmarks.measuring import Result, rounded
from generation.imaging.encoding import encode_mask, encode_png
from generation.models import BulkImport, Product
from generation.services.import_ledger import Counts
from generation.services.imports import open_import, run_slice, sha256_of
from generation.services.products import read_pictures

PRODUCTS = 10_000
SIDES = (64, 80, 96)
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass
class _Memory:
    """The largest resident size of this process while rows of the first half, and of the second, came in."""

    halfway: int
    halves: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def watch(self, counts: Counts) -> None:
        half = int(counts.position > self.halfway)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.halves[half] = max(self.halves[half], pages * _PAGE_BYTES / 1024**2)


def measure(quick: bool) -> Result:
    count = 40 if quick else PRODUCTS
    cast = make_cast()
    with TemporaryDirectory(prefix="canvas-import-") as folder:
        path = Path(folder) / "many.zip"
        _pack(path, count)
        copied, pixels = _copy(path), _pixels(path, min(count, 1000))
        memory = _Memory(count // 2)
        first = _import(cast, path, memory)
        again = _import(cast, path, _Memory(count))
        assert (first.added, again.unchanged, Product.objects.count()) == (count, count, count)
    mine, repeated = count / first.seconds, count / again.seconds
    figures = {
        "products": count,
        "products_per_s": mine,
        "again_per_s": repeated,
        "peak_rss_mb": max(memory.halves),
        "second_half_growth_mb": max(0.0, memory.halves[1] - memory.halves[0]),
        "statements_per_product": _statements(cast),
    }
    baseline = {"copied_per_s": copied, "decoded_and_encoded_per_s": pixels}
    ratio = {"ratio_to_copy": copied / mine, "ratio_to_pixels": pixels / mine}
    return Result("imports", rounded(figures), rounded(baseline), rounded(ratio))


def _pack(path: Path, count: int, first: int = 0) -> None:
    """An archive with a table; every photo and every mask is another one."""
    with zipfile.ZipFile(path, "w") as packed:
        lines = ["external_id,title,category,photo,mask"]
        for number in range(first, first + count):
            side, rng = SIDES[number % len(SIDES)], np.random.default_rng(number)
            photo = rng.integers(0, 255, (side // 8, side // 8, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
            mask = np.zeros((side, side), bool)
            mask[16 : side - 16, 16 : side - 16] = rng.random((side - 32, side - 32)) < 0.9
            packed.writestr(f"photos/{number:05}.png", encode_png(photo))
            packed.writestr(f"masks/{number:05}.png", encode_mask(mask))
            lines.append(f"sku-{number},Mug {number},mug,photos/{number:05}.png,masks/{number:05}.png")
        packed.writestr("products.csv", "\n".join(lines))


def _import(cast: Cast, path: Path, memory: _Memory) -> BulkImport:
    with path.open("rb") as stream:
        file = File(stream)
        bulk = open_import(
            cast.team, cast.operator, kind="products", name=path.name, file=file, sha256=sha256_of(file), dry_run=False
        )
    while not bulk.has_ended:
        assert run_slice(bulk, watch=memory.watch), bulk.failure
    assert bulk.state == BulkImport.State.SUCCEEDED
    return bulk


def _copy(path: Path) -> float:
    """Products a second when their bytes are stored as they are and their rows go in by one COPY, unchecked."""
    with zipfile.ZipFile(path) as packed:
        table = packed.read("products.csv").decode().splitlines()[1:]
        start = time.perf_counter()
        rows = []
        for line in table:
            external_id, title, _category, *files = line.split(",")
            stored = [default_storage.save(_free_name(), ContentFile(packed.read(name))) for name in files]
            rows.append((external_id, title, *stored))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_product (id text, title text, photo text, mask text)")
        with cursor.copy("COPY benchmark_product FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return len(table) / (time.perf_counter() - start)


def _free_name() -> str:
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name[2:4]}/{name}"


def _pixels(path: Path, count: int) -> float:
    """Products a second when pictures are only decoded as uploads are, and encoded as they are stored."""
    from generation.imaging.encoding import encode_webp

    with zipfile.ZipFile(path) as packed:
        start = time.perf_counter()
        for number in range(count):
            photo, mask = packed.read(f"photos/{number:05}.png"), packed.read(f"masks/{number:05}.png")
            pixels, drawn = read_pictures(photo, None, mask, None)
            assert drawn is not None
            encode_webp(pixels, 25, lossless=True)
            encode_mask(drawn)
        return count / (time.perf_counter() - start)


def _statements(cast: Cast) -> int:
    """How many statements one new product costs, BEGIN and COMMIT included: those of three, less those of one."""
    with TemporaryDirectory(prefix="canvas-import-") as folder:
        counts = []
        for rows, first in ((1, 1_000_000), (3, 2_000_000)):
            path = Path(folder) / f"{rows}.zip"
            _pack(path, rows, first)
            with CaptureQueriesContext(connection) as captured:
                _import(cast, path, _Memory(rows))
            counts.append(len(captured))
    return (counts[1] - counts[0]) // 2
