"""The demonstration's guidelines: they say something of every defect, show each kind of damage, and come once."""

from accounts.tests.factories import Cast
from generation.management.commands.seed_demo import DEMO_FOLDER
from generation.models import Product
from generation.services.products import create_product
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.models import GuidelineVersion
from reviews.services.demo_guidelines import TEXT, VARIANT, seed_guidelines
from reviews.services.guidelines import examples_of
from reviews.services.verdicts import MAX_COMMENT


def add(cast: Cast, external_id: str, name: str) -> Product:
    return create_product(
        cast.team, cast.operator, title=name, category="mug", external_id=external_id,
        photo_bytes=(DEMO_FOLDER / f"{name}.webp").read_bytes(), photo_type="image/webp",
        mask_bytes=(DEMO_FOLDER / f"{name}.mask.png").read_bytes(), mask_type="image/png",
    )  # fmt: skip


def test_every_defect_of_the_variant_is_told() -> None:
    text = TEXT.read_text(encoding="utf-8")
    assert len(text) > MAX_COMMENT
    missing = [DEFECT_CODES[key].label for key in VARIANTS[VARIANT].defect_codes if DEFECT_CODES[key].label not in text]
    assert missing == []


def test_they_come_once_with_what_products_there_are(cast: Cast) -> None:
    add(cast, "DEMO-013", "enamel-mug")
    add(cast, "DEMO-015", "bowl")
    version = seed_guidelines(cast.team)
    shown = examples_of(version)
    assert [(entry.is_good, entry.code) for entry in shown] == [(True, ""), (False, "floating")]
    assert all(entry.caption and max(entry.picture.width, entry.picture.height) == 768 for entry in shown)
    assert seed_guidelines(cast.team) is None
    assert GuidelineVersion.objects.count() == 1
