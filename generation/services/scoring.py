"""The third stage: the reward model in use ranks what the guards cleared."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models.functions import Now

from delivery import outbox
from generation.contracts import EngineError, Image, Mask, RewardModel, RewardSubject
from generation.contracts import gettext_noop as _
from generation.imaging.framing import shrink_mask
from generation.imaging.previews import FIT, make_preview
from generation.lifecycle import move
from generation.models import Candidate, GenerationRequest, ModelVersion, Score
from generation.services.attempts import SCORING, Attempt, run_attempt
from generation.services.derivatives import load_image, load_source

LoadRewardModel = Callable[[ModelVersion], RewardModel]


def score_candidates(request: GenerationRequest, load: LoadRewardModel) -> bool:
    """Score and rank the cleared candidates and make the request READY; returns whether this call did it."""
    return run_attempt(request, SCORING, lambda attempt: _score(request, load, attempt))


def make_subject(source: Image, mask: Mask, candidate: Candidate) -> RewardSubject:
    """Return what a reward model sees of a screened candidate: the pictures at most FIT pixels long.

    Every reward model looks at far fewer pixels, and eight candidates of a 25-megapixel photo would fill a worker.
    """
    if candidate.composed is None:
        raise ValueError(f"candidate {candidate.pk} was not screened")
    shown = make_preview(source, FIT)
    return RewardSubject(
        source=shown,
        mask=mask if shown.shape == source.shape else shrink_mask(mask, (shown.shape[0], shown.shape[1])),
        candidate=make_preview(load_image(candidate.composed), FIT),
        prompt=candidate.request.prompt,
        measures=dict(candidate.findings.values_list("measure", "value")),
    )


def _score(request: GenerationRequest, load: LoadRewardModel, attempt: Attempt) -> None:
    try:
        version = ModelVersion.objects.active(ModelVersion.Kind.REWARD, request.variant)
    except ModelVersion.DoesNotExist as error:
        missing = _("No reward model is active for this variant. Activate one and try again.")
        raise EngineError(missing, permanent=True) from error
    attempt.record(reward_version=version)
    model = load(version)
    candidates = list(request.candidates.cleared().select_related("composed", "request"))
    source, mask = load_source(request)
    subjects = []
    for done, candidate in enumerate(candidates):
        attempt.report(done, len(candidates))
        subjects.append(make_subject(source, mask, candidate))
    values = model.score(subjects)
    if len(values) != len(candidates):
        raise EngineError(_("The reward model did not return one score per candidate."), permanent=True)
    attempt.check()
    with transaction.atomic():
        attempt.finish(GenerationRequest.State.READY, ended_at=Now())
        _store(version, candidates, values)
        outbox.post("request.scored", request.pk)


def _store(version: ModelVersion, candidates: Sequence[Candidate], values: Sequence[float]) -> None:
    # Equal scores rank in the order of painting, so that a second look at the same scores ranks the same.
    ranked = sorted(zip(candidates, values, strict=True), key=lambda pair: (-pair[1], pair[0].position))
    Score.objects.bulk_create(
        Score(candidate=candidate, version=version, value=value, rank=rank)
        for rank, (candidate, value) in enumerate(ranked, start=1)
    )
    for candidate, _value in ranked:
        move(candidate, Candidate.State.SCORED)
