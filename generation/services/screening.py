"""The second stage: the product is pasted back, the guards measure, and what breaks a hard limit is stopped.

Nobody sees a candidate before this stage has cleared it. A limit that no guard measured is an error, never a pass.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models.functions import Now

from delivery import outbox
from generation.contracts import EngineError, Guard, GuardSubject, Image, LocatingGuard, Mask
from generation.imaging.compositing import compose
from generation.imaging.fidelity import difference_map
from generation.imaging.framing import capped_shape, shrink, shrink_mask
from generation.imaging.hashing import scene_hash
from generation.imaging.heatmaps import heat_map
from generation.lifecycle import move
from generation.models import Candidate, Finding, GenerationRequest, Picture
from generation.services.attempts import SCREENING, Attempt, run_attempt
from generation.services.derivatives import load_image, load_source, save_picture, write_picture
from generation.services.limits import limits_in_force
from generation.variants import VARIANTS, Limit

LoadGuard = Callable[[str], Guard]

MEASURED_SIDE = 1024
"""Pixels of the longer side at which raw outputs are measured, at most. Limits were found at models' sizes; what comes
from elsewhere may be as large as the photo, and would be judged by its noise, slowly."""

_C = Candidate.State
_R = GenerationRequest.State


@dataclass(frozen=True)
class _Verdict:
    candidate: Candidate
    blocked: bool
    findings: tuple[Finding, ...]
    composed: Picture
    proof: Picture | None
    """Of a blocked candidate."""
    heat: Picture | None
    """Of one that people may see."""
    perceptual_hash: int


def screen_candidates(request: GenerationRequest, load: LoadGuard) -> bool:
    """Compose and judge every candidate that was not judged yet; returns whether this call did it.

    `load` turns a guard's key into the guard. The verdicts of all candidates are stored together, with the move to
    SCORING or, when nothing is left to show, to ALL_BLOCKED.
    """
    return run_attempt(request, SCREENING, lambda attempt: _screen(request, load, attempt))


def to_signed(unsigned: int) -> int:
    """Return a 64-bit hash as PostgreSQL's bigint holds it."""
    return unsigned - (1 << 64) if unsigned >= 1 << 63 else unsigned


def to_unsigned(signed: int) -> int:
    """Return a stored hash as the 64-bit int it was."""
    return signed & ((1 << 64) - 1)


def judge(limits: Sequence[Limit], guard_of: Mapping[str, str], measures: Mapping[str, float]) -> list[Finding]:
    """Return one unsaved finding per measure, held against its limit where there is one.

    `guard_of` names the guard behind each measure. Raises EngineError when a limit has no measure.
    """
    limit_of = {limit.measure: limit for limit in limits}
    missing = limit_of.keys() - measures.keys()
    if missing:
        raise EngineError(f"No guard measured {', '.join(sorted(missing))}.", permanent=True)
    findings = []
    for measure, value in measures.items():
        limit = limit_of.get(measure)
        findings.append(
            Finding(
                guard=guard_of[measure],
                measure=measure,
                value=value,
                threshold=limit.threshold if limit else None,
                violated=limit.is_broken_by(value) if limit else False,
                blocking=limit.blocks if limit else False,
            )
        )
    return findings


def _screen(request: GenerationRequest, load: LoadGuard, attempt: Attempt) -> None:
    variant = VARIANTS[request.variant]
    guards = {key: load(key) for key in variant.guards}
    limits = [entry.limit for entry in limits_in_force(request.team, variant)]
    source, mask = load_source(request)
    candidates = list(request.candidates.select_related("raw"))
    hashes = [
        to_unsigned(c.perceptual_hash) for c in candidates if c.state != _C.BLOCKED and c.perceptual_hash is not None
    ]
    verdicts: list[_Verdict] = []
    for done, candidate in enumerate(candidates):
        attempt.report(done, len(candidates))
        if candidate.state != _C.GENERATED:
            continue
        subject = _subject(source, mask, load_image(candidate.raw), tuple(hashes))
        verdict = _verdict(request, candidate, limits, guards, subject)
        verdicts.append(verdict)
        if not verdict.blocked:
            hashes.append(verdict.perceptual_hash)
    attempt.check()
    _store(request, attempt, verdicts)


def _subject(source: Image, mask: Mask, raw: Image, sibling_hashes: tuple[int, ...]) -> GuardSubject:
    painted = (raw.shape[0], raw.shape[1])
    composed, full = compose(source, mask, raw)
    shape = capped_shape(painted, MEASURED_SIDE)
    if shape != painted:
        raw, composed = shrink(raw, shape), shrink(composed, shape)
    return GuardSubject(
        source=source,
        mask=mask,
        full=full,
        small_source=shrink(source, shape),
        small_mask=shrink_mask(mask, shape),
        raw=raw,
        composed=composed,
        sibling_hashes=sibling_hashes,
        painted=painted,
    )


def _verdict(
    request: GenerationRequest, candidate: Candidate, limits: Sequence[Limit], guards: Mapping[str, Guard],
    subject: GuardSubject,
) -> _Verdict:  # fmt: skip
    """Measure one candidate and write its files; no row is touched."""
    measures: dict[str, float] = {}
    guard_of: dict[str, str] = {}
    for key, guard in guards.items():
        found = guard.measure(subject)
        measures.update(found)
        guard_of.update(dict.fromkeys(found, key))
    findings = judge(limits, guard_of, measures)
    _locate(findings, guards, subject)
    blocked = any(finding.violated and finding.blocking for finding in findings)
    paint = difference_map if blocked else heat_map
    map_ = write_picture(request.team, paint(subject.small_source, subject.small_mask, subject.raw), lossless=False)
    return _Verdict(
        candidate=candidate,
        blocked=blocked,
        findings=tuple(findings),
        composed=write_picture(request.team, subject.full, lossless=True),
        proof=map_ if blocked else None,
        heat=None if blocked else map_,
        perceptual_hash=scene_hash(subject.composed, subject.small_mask),
    )


def _locate(findings: Sequence[Finding], guards: Mapping[str, Guard], subject: GuardSubject) -> None:
    """Write into each violated finding where it is, if its guard can say so."""
    for finding in findings:
        guard = guards[finding.guard]
        if finding.violated and finding.threshold is not None and isinstance(guard, LocatingGuard):
            regions = guard.locate(subject, finding.measure, finding.threshold)
            finding.regions = [asdict(region) for region in regions]


def _store(request: GenerationRequest, attempt: Attempt, verdicts: Sequence[_Verdict]) -> None:
    blocked = {verdict.candidate.pk for verdict in verdicts if verdict.blocked}
    with transaction.atomic():
        is_anything_left = request.candidates.exclude(state=_C.BLOCKED).exclude(pk__in=blocked).exists()
        if is_anything_left:
            attempt.finish(_R.SCORING)
            outbox.post("request.screened", request.pk)
        else:
            attempt.finish(_R.ALL_BLOCKED, ended_at=Now())
        for verdict in verdicts:
            _store_verdict(verdict)


def _store_verdict(verdict: _Verdict) -> None:
    move(
        verdict.candidate,
        _C.BLOCKED if verdict.blocked else _C.CLEARED,
        composed=save_picture(verdict.composed),
        heat_map=save_picture(verdict.heat) if verdict.heat else None,
        perceptual_hash=to_signed(verdict.perceptual_hash),
    )
    proof = save_picture(verdict.proof) if verdict.proof else None
    for finding in verdict.findings:
        finding.candidate = verdict.candidate
        finding.proof = proof if finding.violated else None
    Finding.objects.bulk_create(verdict.findings)
