"""What a request is painted on: laid out once, by the worker that paints first, and stored with the request."""

from collections.abc import Mapping, Sequence

from generation.contracts import Canvas, Cutout, EngineError
from generation.contracts import gettext_noop as _
from generation.models import GenerationRequest, ProductRevision
from generation.services.attempts import Attempt
from generation.services.derivatives import load_image, load_mask, store_mask, store_picture
from generation.variants import VARIANTS


def lay_out(variant: str, revisions: Sequence[ProductRevision], settings: Mapping[str, str]) -> Canvas | None:
    """Return the canvas of these products, at full resolution; None for a variant that paints on the photo itself.

    Raises EngineError for a product without a mask, and FileNotFoundError when a file is gone.
    """
    stage = VARIANTS[variant].stage
    if stage is None:
        return None
    return stage.lay_out([_cutout(revision) for revision in revisions], settings)


def stage_request(request: GenerationRequest, attempt: Attempt) -> None:
    """Store the canvas of a request that needs one and has none; a later attempt finds it. Raises AttemptLost."""
    if request.canvas_id is not None:
        return
    placed = request.request_products.select_related("revision__photo", "revision__mask")
    canvas = lay_out(request.variant, [entry.revision for entry in placed], request.parameters)
    if canvas is not None:
        attempt.record(
            canvas=store_picture(request.team, canvas.image, lossless=True), kept=store_mask(request.team, canvas.kept)
        )


def _cutout(revision: ProductRevision) -> Cutout:
    if revision.mask is None:
        raise EngineError(_("The request has no product with a mask."), permanent=True)
    return Cutout(load_image(revision.photo), load_mask(revision.mask))
