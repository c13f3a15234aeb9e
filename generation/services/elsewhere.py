"""Candidates made elsewhere come in as files and go on as if they were ours: guarded, scored, reviewed, learned from.

The files are checked and rebuilt like any upload, and the request opens where ours are once they are painted.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from delivery import outbox
from generation.contracts import Image
from generation.contracts import gettext_noop as _
from generation.imaging.framing import is_framed_alike, shrink
from generation.imaging.uploads import UploadRejected, read_photo
from generation.models import Candidate, GenerationRequest, Picture, ProductRevision, RequestProduct
from generation.services.derivatives import save_picture, write_picture
from generation.services.releases import name_external
from generation.services.requests import RequestRefused, check_revisions, clean_prompt
from generation.services.wording import clean_line
from generation.variants import VARIANTS

LONGEST_MODEL_NAME = 120

SentImage = tuple[bytes, str | None]
"""A file's bytes, and its media type as declared by the sender (None: not declared)."""


class ImageRefused(RequestRefused):
    """One picture refuses them all; `position` says which, counting from 0. `str()` counts from 1, as people do."""

    def __init__(self, position: int, code: str, message: str, **params: object) -> None:
        super().__init__(code, "images", message, **params)
        self.position = position

    def __str__(self) -> str:
        return f"Picture {self.position + 1}: {self.message % self.params}"


def adopt_candidates(
    team: Team, user: User, *, revision: ProductRevision, variant: str, model_name: str, prompt: str,
    images: Sequence[SentImage], once: Once | None = None, also: Callable[[], None] | None = None,
) -> tuple[GenerationRequest, bool]:  # fmt: skip
    """Take in candidates of `revision` that a model elsewhere made; returns their request, and whether it is new.

    The same files (in any order) for the same revision, variant, model and prompt answer the earlier request, however
    that one ended, and add nothing. What is larger than the photo is shrunk to the photo's size: the image that people
    get is that large. One bad picture refuses all, before anything is stored. Raises RequestRefused (ImageRefused for
    a picture), and what `once` raises. `also` is called in the transaction that stores a new request, and only there.
    """
    model_name, prompt = _clean_model_name(model_name), clean_prompt(prompt)
    _check_call(team, revision, variant, images)
    digests = [hashlib.sha256(data).hexdigest() for data, _type in images]
    origin = _fingerprint(revision, variant, model_name, prompt, digests)
    earlier = _adopted(team, origin, once)
    if earlier is not None:
        return earlier, False
    _check_images(images, revision.photo)
    sent = [_written(team, image, digest, revision.photo) for image, digest in zip(images, digests, strict=True)]
    _check_not_the_photo(sent, revision.photo)
    request = GenerationRequest(
        team=team, variant=variant, prompt=prompt, candidate_count=len(sent), origin_sha256=origin,
        state=GenerationRequest.State.SCREENING, created_by=user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            _store(request, revision, model_name, sent)
            remember(once, request.pk)
            outbox.post("request.generated", request.pk)
            if also:
                also()
    except IntegrityError:
        earlier = _adopted(team, origin, once)  # by somebody who sent the same in the same moment
        if earlier is None:
            raise
        return earlier, False
    return request, True


def check_candidates(
    photo: Picture, *, variant: str, model_name: str, prompt: str, images: Sequence[SentImage]
) -> None:
    """Raise RequestRefused for what `adopt_candidates` would refuse beside a photo of that size; store nothing."""
    _clean_model_name(model_name)
    clean_prompt(prompt)
    _check_count(variant, images)
    _check_images(images, photo)


def adopted_for(
    team: Team, revisions: Iterable[ProductRevision], *, variant: str, model_name: str, prompt: str,
    images: Sequence[SentImage],
) -> GenerationRequest | None:  # fmt: skip
    """The request that the same content made earlier for one of these revisions. Raises RequestRefused for words."""
    model_name, prompt = _clean_model_name(model_name), clean_prompt(prompt)
    digests = [hashlib.sha256(data).hexdigest() for data, _type in images]
    origins = [_fingerprint(revision, variant, model_name, prompt, digests) for revision in revisions]
    return GenerationRequest.objects.of_team(team).filter(origin_sha256__in=origins).first()


@dataclass(frozen=True)
class _Sent:
    """A picture whose files are written, and what is known of where it came from."""

    raw: Picture
    origin: dict[str, object]


def _clean_model_name(name: str) -> str:
    cleaned = clean_line(name)
    if not cleaned:
        raise RequestRefused("model_missing", "model", _("Say which model made the pictures."))
    if len(cleaned) > LONGEST_MODEL_NAME:
        raise RequestRefused(
            "model_long",
            "model",
            _("The model's name may have at most %(limit)d characters."),
            limit=LONGEST_MODEL_NAME,
        )
    return cleaned


def _check_call(team: Team, revision: ProductRevision, variant: str, images: Sequence[SentImage]) -> None:
    check_revisions(team, [revision])
    _check_count(variant, images)


def _check_count(variant: str, images: Sequence[SentImage]) -> None:
    if variant not in VARIANTS:
        raise RequestRefused("variant", "variant", _("There is no such variant."))
    if VARIANTS[variant].stage is not None:
        raise RequestRefused(
            "made_here_only", "variant",
            _("This variant paints on a canvas that is laid out here. Ask for its candidates here."),
        )  # fmt: skip
    most = VARIANTS[variant].max_candidates
    if not 1 <= len(images) <= most:
        raise RequestRefused("images_count", "images", _("Send from 1 to %(most)d pictures at once."), most=most)


def _fingerprint(
    revision: ProductRevision, variant: str, model_name: str, prompt: str, digests: Sequence[str]
) -> str:  # fmt: skip
    """Of the files as they were sent: another release of a decoder must not make the same content new."""
    return hashlib.sha256(json.dumps([revision.pk, variant, model_name, prompt, *sorted(digests)]).encode()).hexdigest()


def _adopted(team: Team, origin: str, once: Once | None) -> GenerationRequest | None:
    found = GenerationRequest.objects.of_team(team).filter(origin_sha256=origin).first()
    if found is not None:
        with transaction.atomic():
            remember(once, found.pk)
    return found


def _check_images(images: Sequence[SentImage], photo: Picture) -> None:
    """Look at every picture, one in memory at a time, before the first file is written."""
    seen: dict[bytes, int] = {}
    for position, image in enumerate(images):
        pixels = _read(position, image)
        shape = (pixels.shape[0], pixels.shape[1])
        if not is_framed_alike(shape, (photo.height, photo.width)):
            raise _framed_otherwise(position, shape, photo)
        twin = seen.setdefault(hashlib.sha256(repr(shape).encode() + pixels.tobytes()).digest(), position)
        if twin != position:
            raise ImageRefused(
                position, "same_picture", _("It is the same as picture %(other)d. Send each one once."), other=twin + 1
            )


def _read(position: int, image: SentImage) -> Image:
    try:
        return read_photo(*image)[0]
    except UploadRejected as refused:
        raise ImageRefused(position, refused.code, refused.message, **refused.params) from refused


def _framed_otherwise(position: int, shape: tuple[int, int], photo: Picture) -> ImageRefused:
    return ImageRefused(
        position,
        "proportions",
        _(
            "It has %(width)d x %(height)d pixels, the photo %(photo_width)d x %(photo_height)d: the product would not "
            "stand where it stands in the photo. Make it in the photo's proportions."
        ),
        width=shape[1],
        height=shape[0],
        photo_width=photo.width,
        photo_height=photo.height,
    )


def _written(team: Team, image: SentImage, digest: str, photo: Picture) -> _Sent:
    pixels, _alpha = read_photo(*image)
    height, width = pixels.shape[:2]
    if height > photo.height or width > photo.width:
        pixels = shrink(pixels, (photo.height, photo.width))
    origin = {"made_elsewhere": True, "sent_sha256": digest, "sent_width": width, "sent_height": height}
    return _Sent(write_picture(team, pixels, lossless=True), origin)


def _check_not_the_photo(sent: Sequence[_Sent], photo: Picture) -> None:
    """The same pixels have the same name, so this costs nothing here."""
    for position, each in enumerate(sent):
        if each.raw.name == photo.name:
            raise ImageRefused(
                position, "photo_itself", _("It is the product's photo itself. Send what was made of it.")
            )


def _store(request: GenerationRequest, revision: ProductRevision, model_name: str, sent: Sequence[_Sent]) -> None:
    """Called in a transaction. Pictures get their rows in one order everywhere, so that two calls never deadlock."""
    rows = {each.raw.name: save_picture(each.raw) for each in sorted(sent, key=lambda each: each.raw.name)}
    request.generator_version = name_external(request.variant, model_name, request.created_by)
    request.save()
    RequestProduct.objects.create(request=request, revision=revision)
    Candidate.objects.bulk_create(
        Candidate(
            request=request,
            position=position,
            raw=rows[each.raw.name],
            recipe=each.origin,
            generator_version=request.generator_version,
        )
        for position, each in enumerate(sent)
    )
