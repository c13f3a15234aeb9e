"""Guidelines for the demonstration team, with examples made of its own products."""

from pathlib import Path

import numpy as np

from accounts.models import Team
from generation.contracts import Image
from generation.imaging.defects import INJECTORS
from generation.imaging.framing import capped_shape, shrink, shrink_mask
from generation.models import Product
from generation.services.derivatives import load_image, load_mask, store_picture
from reviews.models import GuidelineVersion
from reviews.services.guidelines import ExampleInput, in_force, publish_guideline

VARIANT = "background_enhancement"
TEXT = Path(__file__).resolve().parent.parent / "demo" / f"{VARIANT}.md"
_LONGEST = 768

# (external id of the product, injector or "", defect code, strength, what it shows)
_EXAMPLES = (
    ("DEMO-013", "", "", 0.0, "It stands on the table, its shadow falls away from the light, and the edge is clean."),
    ("DEMO-007", "", "", 0.0, "Lettering and glass as in the photo. The scene is plain, and that is fine."),
    ("DEMO-017", "hue_shift", "colour_shift", 0.8, "The vase was terracotta. Blink with the original to see it."),
    ("DEMO-011", "halo", "cutout_edge", 0.4, "A light rim all around, as after a careless cut-out."),
    ("DEMO-015", "floating", "floating", 0.6, "The bowl hangs in the air: nothing touches the ground."),
    ("DEMO-009", "seam", "seam", 0.6, "A patch of another colour around the can ends in a line."),
)  # fmt: skip


def seed_guidelines(team: Team) -> GuidelineVersion | None:
    """Publish the demonstration's guidelines unless the team has some; products that are not there are left out.

    The damage is done on purpose, to the photos themselves: candidates are only painted later.
    """
    if in_force(team, VARIANT) is not None:
        return None
    examples = [example for row in _EXAMPLES if (example := _example(team, *row))]
    return publish_guideline(
        team, None, VARIANT, text=TEXT.read_text(encoding="utf-8"), change_note="The first ones", examples=examples
    )


def _example(
    team: Team, external_id: str, injector: str, code: str, strength: float, caption: str
) -> ExampleInput | None:
    product = Product.objects.of_team(team).filter(external_id=external_id).first()
    revision = product.revisions.select_related("photo", "mask").first() if product else None
    if revision is None or revision.mask is None:
        return None
    photo, mask = load_image(revision.photo), load_mask(revision.mask)
    shape = capped_shape((photo.shape[0], photo.shape[1]), _LONGEST)
    shown: Image = shrink(photo, shape)
    if injector:
        rng = np.random.default_rng(4)
        shown = INJECTORS[injector](shown, shrink_mask(mask, shape), shown, rng, strength)
    return ExampleInput(store_picture(team, shown, lossless=True), not injector, caption, code)
