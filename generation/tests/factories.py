"""Products, requests and candidates for tests, as rows: tests about files store real ones through the services."""

import hashlib
from itertools import count
from typing import Any

from accounts.models import Team, User
from generation.models import (
    Candidate,
    GenerationRequest,
    ModelVersion,
    Picture,
    Product,
    ProductRevision,
    RequestProduct,
    Score,
)

_numbers = count(1)


def make_picture(team: Team, *, width: int = 64, height: int = 64) -> Picture:
    """A picture's row without its file. Tests about files store real ones through services.derivatives."""
    digest = hashlib.sha256(str(next(_numbers)).encode()).hexdigest()
    return Picture.objects.create(
        team=team, name=f"{digest}.webp", thumb_name=f"t{digest}.webp", fit_name=f"f{digest}.webp", sha256=digest,
        media_type="image/webp", width=width, height=height, byte_size=1000,
    )  # fmt: skip


def make_revision(user: User, product: Product | None = None, *, has_mask: bool = True) -> ProductRevision:
    team = user.team
    assert team is not None
    if product is None:
        product = Product.objects.create(team=team, title=f"Mug {next(_numbers)}", category="mug", created_by=user)
    return ProductRevision.objects.create(
        product=product, number=product.revisions.count() + 1, photo=make_picture(team), created_by=user,
        mask=make_picture(team) if has_mask else None, mask_coverage=0.3 if has_mask else None,
    )  # fmt: skip


def make_version(kind: str = "reward", variant: str = "background_enhancement", **values: object) -> ModelVersion:
    number = ModelVersion.objects.filter(kind=kind, variant=variant).count() + 1
    engine = "efficientnet-head" if kind == "reward" else "diffusers-inpaint"
    defaults = {"name": kind, "engine": engine, "folder": kind, "sha256": "0" * 64} | values
    return ModelVersion.objects.create(kind=kind, variant=variant, number=number, **defaults)


def make_request(
    user: User, *, revision: ProductRevision | None = None, state: str = "queued", **values: Any
) -> GenerationRequest:
    assert user.team is not None
    defaults = {
        "candidate_count": 4,
        "seed": 1,
        "steps": 2,
        "guidance": 3.0,
        "prompt": "a mug on a wooden table",
    } | values
    request = GenerationRequest.objects.create(
        team=user.team, variant="background_enhancement", created_by=user, state=state, **defaults
    )
    RequestProduct.objects.create(request=request, revision=revision or make_revision(user))
    return request


def make_scored_request(user: User, scores: list[float], **values: Any) -> GenerationRequest:
    """A READY request with one scored candidate per score, ranked as the scores say."""
    request = make_request(user, state="ready", candidate_count=len(scores), **values)
    generator, reward = make_version("generator"), make_version("reward")
    request.generator_version, request.reward_version = generator, reward
    request.save()
    ranked = sorted(range(len(scores)), key=lambda position: -scores[position])
    for position, value in enumerate(scores):
        candidate = Candidate.objects.create(
            request=request, position=position, state="scored", raw=make_picture(request.team),
            composed=make_picture(request.team), generator_version=generator,
        )  # fmt: skip
        Score.objects.create(candidate=candidate, version=reward, value=value, rank=ranked.index(position) + 1)
    return request


def make_adopted_request(user: User, name: str = "Studio Painter 6.1") -> GenerationRequest:
    """A request in SCREENING whose two candidates were made elsewhere by `name`; rows only."""
    version = make_version("external", name=name, engine="", folder="", sha256="")
    request = make_request(
        user, state="screening", candidate_count=2, seed=None, steps=None, guidance=None,
        origin_sha256=hashlib.sha256(str(next(_numbers)).encode()).hexdigest(), generator_version=version,
    )  # fmt: skip
    for position in range(2):
        Candidate.objects.create(
            request=request, position=position, raw=make_picture(request.team), generator_version=version,
            recipe={"made_elsewhere": True, "sent_sha256": "0" * 64, "sent_width": 64, "sent_height": 64},
        )  # fmt: skip
    return request
