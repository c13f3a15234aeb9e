"""Asking for candidates: open, cancel, ask again."""

import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Now

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from delivery import outbox
from generation.contracts import gettext_noop as _
from generation.lifecycle import move
from generation.models import GenerationRequest, MaskRepair, Product, ProductRevision, RequestProduct
from generation.services.wording import clean_line
from generation.variants import VARIANTS, Variant

MOST_CANDIDATES = max(variant.max_candidates for variant in VARIANTS.values())
LARGEST_SEED = 2**31 - 1 - MOST_CANDIDATES  # every candidate's own seed has 31 bits, too
MOST_STEPS = 100
MOST_GUIDANCE = 30.0
LONGEST_PROMPT = 500

_S = GenerationRequest.State


class RequestRefused(Exception):
    """`code` is stable, `field` names what is wrong, `message` is a translatable sentence filled by `params`."""

    def __init__(self, code: str, field: str, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.code = code
        self.field = field
        self.message = message
        self.params = params


def open_request(
    team: Team, user: User, *, revisions: Sequence[ProductRevision], variant: str, prompt: str,
    candidate_count: int | None = None, seed: int | None = None, steps: int | None = None,
    guidance: float | None = None, parameters: Mapping[str, str] | None = None, once: Once | None = None,
) -> GenerationRequest:  # fmt: skip
    """Ask for candidates; what is None, or not among the `parameters`, takes the variant's default, and a random seed.

    Raises RequestRefused, and what idempotency.remember raises.
    """
    wanted = VARIANTS.get(variant)
    if wanted is None:
        raise RequestRefused("variant", "variant", _("There is no such variant."))
    check_revisions(team, revisions)
    request = GenerationRequest(
        team=team,
        variant=variant,
        prompt=clean_prompt(prompt),
        parameters=check_parameters(wanted, revisions, parameters or {}),
        candidate_count=wanted.default_candidates if candidate_count is None else candidate_count,
        seed=secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed,
        steps=wanted.default_steps if steps is None else steps,
        guidance=wanted.default_guidance if guidance is None else guidance,
        created_by=user,
    )
    _check_numbers(request, wanted)
    with transaction.atomic():
        request.save()
        RequestProduct.objects.bulk_create(
            RequestProduct(request=request, revision=revision, position=position)
            for position, revision in enumerate(revisions)
        )
        remember(once, request.pk)
        outbox.post("request.opened", request.pk)
    return request


def open_repair(repair: MaskRepair, revision: ProductRevision, user: User) -> GenerationRequest:
    """Ask for the same again, with a new seed, of the revision that repairs a wrong mask. Raises as open_request does.

    Whoever settles the report links the two, in the same transaction.
    """
    before = repair.request
    return open_request(
        before.team, user, revisions=[revision], variant=before.variant, prompt=before.prompt,
        candidate_count=before.candidate_count, steps=before.steps, guidance=before.guidance,
        parameters=before.parameters,
    )  # fmt: skip


def cancel_request(request: GenerationRequest) -> None:
    """Stop it, wherever it is; a worker in the middle of it notices in a second. Raises IllegalMove when over."""
    move(request, _S.CANCELLED, attempt_token=None, ended_at=Now())


def retry_request(request: GenerationRequest) -> None:
    """Start a failed request again; what was painted already is kept. Raises IllegalMove when it has not failed."""
    with transaction.atomic():
        move(
            request, _S.QUEUED, attempt_token=None, attempts=0, failure="", steps_done=0, steps_total=0,
            ended_at=None, heartbeat_at=Now(),
        )  # fmt: skip
        outbox.post("request.opened", request.pk)


def build_prompt(variant: Variant, product: Product, choices: Mapping[str, str]) -> str:
    """Return a prompt in the words the generator was taught: "a mug on a wooden table, white wall, soft light".

    `choices` maps a prompt part's key to one of its phrases; a part without a choice is left out. Raises
    RequestRefused for a choice that the variant does not offer.
    """
    return worded(variant, product.category, choices)


def worded(variant: Variant, category: str, choices: Mapping[str, str]) -> str:
    """As `build_prompt`, for a product of that category."""
    offered = {part.key: part.phrases for part in variant.prompt_parts}
    for key, choice in choices.items():
        if choice not in offered.get(key, {}):
            raise RequestRefused("choice", key, _("This choice is not offered."))
    thing = clean_line(category).lower() or "product"
    words = f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
    phrases = [part.phrases[choices[part.key]] if part.key in choices else "" for part in variant.prompt_parts]
    begun = " ".join(phrase for phrase in (words, *phrases[:1]) if phrase)
    return ", ".join(phrase for phrase in (begun, *phrases[1:]) if phrase)


def clean_prompt(prompt: str) -> str:
    """Return the prompt as one clean line. Raises RequestRefused when nothing or too much is left."""
    text = clean_line(prompt)
    if not text:
        raise RequestRefused("prompt_missing", "prompt", _("Say what the scene should look like."))
    if len(text) > LONGEST_PROMPT:
        raise RequestRefused(
            "prompt_long", "prompt", _("The prompt may have at most %(limit)d characters."), limit=LONGEST_PROMPT
        )
    return text


def check_revisions(team: Team, revisions: Sequence[ProductRevision]) -> None:
    """Raise RequestRefused unless it is one revision of the team's, with a mask."""
    if len(revisions) != 1:
        raise RequestRefused("products", "products", _("This variant takes exactly one product."))
    if any(revision.product.team_id != team.pk for revision in revisions):
        raise RequestRefused("product_unknown", "products", _("There is no such product."))
    if any(revision.mask_id is None for revision in revisions):
        raise RequestRefused(
            "mask_missing", "products", _("This photo has no mask yet. Show where the product is, then ask again.")
        )


def check_parameters(
    variant: Variant, revisions: Sequence[ProductRevision], chosen: Mapping[str, str]
) -> dict[str, str]:  # fmt: skip
    """Return a value for each of the variant's parameters. Raises RequestRefused for what it does not offer, and for
    what these photos do not allow."""
    offered = {parameter.key: parameter for parameter in variant.parameters}
    for key, value in chosen.items():
        if key not in offered or value not in offered[key].options:
            raise RequestRefused("choice", key, _("This choice is not offered."))
    settings = {key: chosen.get(key, parameter.default) for key, parameter in offered.items()}
    if variant.stage is not None:
        photos = [(revision.photo.height, revision.photo.width) for revision in revisions]
        if obstacle := variant.stage.obstacle(photos, settings):
            raise RequestRefused("layout", variant.parameters[0].key, obstacle)
    return settings


def _check_numbers(request: GenerationRequest, variant: Variant) -> None:
    limits = (
        ("candidate_count", request.candidate_count, 1, variant.max_candidates),
        ("seed", request.seed, 0, LARGEST_SEED),
        ("steps", request.steps, 1, MOST_STEPS),
        ("guidance", request.guidance, 0.0, MOST_GUIDANCE),
    )
    for field, value, least, most in limits:
        if value is None or not least <= value <= most:  # which no NaN satisfies
            raise RequestRefused(
                "out_of_range", field, _("Give a number from %(least)s to %(most)s."), least=least, most=most
            )
