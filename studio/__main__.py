"""python -m studio --assets FOLDER: photograph the demonstration products. What is there already is skipped."""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from studio.catalogue import PRODUCTS
from studio.labels import Label
from studio.shoot import View, develop, shoot

FIRST_SEED = 4100


def main() -> None:
    wanted = _arguments()
    wanted.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        scratch, view = Path(folder), View(wanted.size, wanted.samples, wanted.threads)
        Label.fonts, Label.out = wanted.assets / "node_modules/@fontsource", scratch
        for number, product in enumerate(PRODUCTS):
            photo, mask = wanted.out / f"{product.key}.webp", wanted.out / f"{product.key}.mask.png"
            if (wanted.only and product.key not in wanted.only) or (photo.exists() and mask.exists()):
                continue
            started = time.monotonic()
            taken = shoot(
                product, FIRST_SEED + number, view, wanted.assets / "node_modules/@pmndrs/assets/hdri", scratch
            )
            develop(*taken, photo, mask)
            print(f"{product.key}: {time.monotonic() - started:.0f} s", flush=True)
    _write_list(wanted.out / "products.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m studio", description=__doc__)
    parser.add_argument("--assets", type=Path, required=True, help="folder where npm installed the HDRIs and fonts")
    parser.add_argument("--out", type=Path, default=Path("generation/demo"), help="folder for photos and masks")
    parser.add_argument("--only", action="append", metavar="KEY", help="this product alone (may be repeated)")
    parser.add_argument("--size", type=int, default=1024, help="pixels a side")
    parser.add_argument("--samples", type=int, default=8, help="light paths a pixel, before denoising")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _write_list(path: Path) -> None:
    """Write the products into products.json; entries of other pictures there, such as photographs, stay behind them."""
    ours = {product.key for product in PRODUCTS}
    kept = [entry for entry in json.loads(path.read_text()) if entry["key"] not in ours] if path.exists() else []
    entries = [
        {
            "key": product.key,
            "title": product.title,
            "category": product.category,
            "photo": f"{product.key}.webp",
            "mask": f"{product.key}.mask.png",
            "external_id": f"DEMO-{number:03d}",
            "licence": "Apache-2.0",
        }
        for number, product in enumerate(PRODUCTS, start=1)
    ]
    path.write_text(json.dumps([*entries, *kept], indent=2) + "\n")


if __name__ == "__main__":
    main()
