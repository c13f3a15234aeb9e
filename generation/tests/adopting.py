"""Candidates as a model elsewhere hands them over: files, in which the product is painted too."""

from typing import Any

from accounts.models import User
from generation.contracts import Image
from generation.imaging.encoding import encode_png
from generation.imaging.framing import shrink, shrink_mask
from generation.models import GenerationRequest, ProductRevision
from generation.services.elsewhere import SentImage, adopt_candidates
from generation.tests.image_cast import product_photo, table_scene
from generation.tests.painting import HEIGHT, WIDTH, make_product

PROMPT = "a bottle on a wooden table"
MODEL = "Studio Painter 6.1"


def painted_scene(seed: int = 0, height: int = HEIGHT, width: int = WIDTH) -> Image:
    """The bottle of `make_product` before another wall, as a model paints both."""
    photo, mask = product_photo(HEIGHT, WIDTH)
    scene = table_scene(height, width, seed)
    inside = shrink_mask(mask, (height, width))
    scene[inside] = shrink(photo, (height, width))[inside]
    return scene


def sent(image: Image, media_type: str | None = "image/png") -> SentImage:
    return encode_png(image), media_type


def sent_scenes(count: int = 2, height: int = HEIGHT, width: int = WIDTH) -> list[SentImage]:
    return [sent(painted_scene(seed, height, width)) for seed in range(count)]


def adopt(user: User, revision: ProductRevision | None = None, **values: Any) -> tuple[GenerationRequest, bool]:
    """Two good candidates of a bottle; `values` says what is different."""
    assert user.team is not None
    defaults: dict[str, Any] = {
        "variant": "background_enhancement",
        "model_name": MODEL,
        "prompt": PROMPT,
        "images": sent_scenes(),
    }
    return adopt_candidates(
        user.team, user, revision=revision or make_product(user).revisions.get(), **(defaults | values)
    )
