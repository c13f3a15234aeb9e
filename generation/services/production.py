"""The first stage: a generator paints all candidates of a request in one batch."""

from collections.abc import Callable, Sequence

from django.db import transaction

from delivery import outbox
from generation.contracts import EngineError, GenerationJob, Generator, Sample
from generation.contracts import gettext_noop as _
from generation.models import Candidate, GenerationRequest, ModelVersion, Picture
from generation.services.attempts import PRODUCING, Attempt, run_attempt
from generation.services.derivatives import load_source, save_picture, write_picture
from generation.services.staging import stage_request

LoadGenerator = Callable[[ModelVersion], Generator]
"""Turns a version into a machine that is ready to work; raises EngineError."""


def produce_candidates(request: GenerationRequest, load: LoadGenerator) -> bool:
    """Paint and store the candidates of a queued request; returns whether this call did it.

    Called twice, or beside a live attempt, it does nothing. All rows appear together with the move to SCREENING.
    """
    return run_attempt(request, PRODUCING, lambda attempt: _produce(request, load, attempt))


def make_job(request: GenerationRequest) -> GenerationJob:
    """Return the work of a request: candidate i is made with seed + i. Raises EngineError for one made elsewhere."""
    if request.seed is None or request.steps is None or request.guidance is None:
        raise EngineError(_("The candidates were made elsewhere: there is no recipe to make them by."), permanent=True)
    source, mask = load_source(request)
    return GenerationJob(
        source=source,
        mask=mask,
        prompt=request.prompt,
        seeds=tuple(request.seed + position for position in range(request.candidate_count)),
        steps=request.steps,
        guidance=request.guidance,
    )


def _produce(request: GenerationRequest, load: LoadGenerator, attempt: Attempt) -> None:
    if request.candidates.exists():
        # It failed in a later stage and was asked for again: what is painted stays painted.
        with transaction.atomic():
            _hand_on(request, attempt)
        return
    try:
        version = ModelVersion.objects.active(ModelVersion.Kind.GENERATOR, request.variant)
    except ModelVersion.DoesNotExist as error:
        missing = _("No generator is active for this variant. Activate one and try again.")
        raise EngineError(missing, permanent=True) from error
    attempt.record(generator_version=version)
    generator = load(version)
    stage_request(request, attempt)
    job = make_job(request)
    attempt.report(0, job.steps)
    samples = generator.generate(job, attempt.report)
    if len(samples) != len(job.seeds):
        raise EngineError(_("The generator did not return one image per candidate."), permanent=True)
    raws = [write_picture(request.team, sample.image, lossless=True) for sample in samples]
    attempt.check()
    with transaction.atomic():
        # First the move: a late attempt fails here, before it has written a row.
        _hand_on(request, attempt)
        _store(request, version, samples, raws)


def _hand_on(request: GenerationRequest, attempt: Attempt) -> None:
    attempt.finish(GenerationRequest.State.SCREENING)
    outbox.post("request.generated", request.pk)


def _store(
    request: GenerationRequest, version: ModelVersion, samples: Sequence[Sample], raws: Sequence[Picture]
) -> None:
    Candidate.objects.bulk_create(
        Candidate(
            request=request,
            position=position,
            raw=save_picture(raw),
            recipe=dict(sample.recipe),
            generator_version=version,
        )
        for position, (sample, raw) in enumerate(zip(samples, raws, strict=True))
    )
