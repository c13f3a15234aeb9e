"""What helps a reviewer to look: the mask's outline, and what the guardian saw and where. Never a value or a limit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from generation.imaging.polygons import Polygon, outline_polygons
from generation.models import Candidate, Finding, Picture, ProductRevision
from generation.registries import GUARDS
from generation.services.derivatives import load_fit_mask
from generation.variants import VARIANTS, Variant
from reviews.models import Slot
from reviews.services import leases, queue


@dataclass(frozen=True)
class Sighting:
    """A limit that was broken without blocking. `regions` are boxes {x, y, width, height} in shares of the image."""

    label: str
    reason: str
    regions: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class CandidateAids:
    candidate: Candidate
    heat_map: Picture | None
    sightings: Sequence[Sighting]


@dataclass(frozen=True)
class Aids:
    """`candidates` are in the order of the reviewer's screen."""

    outline: list[Polygon]
    candidates: Sequence[CandidateAids]


def aids_of(token: uuid.UUID, reviewer: User) -> Aids:
    """The aids of the item that `reviewer` holds under `token`, prefetched or shown.

    Raises LeaseLost, and StorageAway where the mask cannot be read just now.
    """
    slot = leases.held(reviewer).filter(lease_token=token).select_related("item__request__kept").first()
    if slot is None:
        raise leases.lost(token)
    shown = queue.display_order(slot)
    return Aids(outline=_outline(slot), candidates=_candidates(VARIANTS[slot.item.request.variant], shown))


def _outline(slot: Slot) -> list[Polygon]:
    """Of what was kept, from its preview: at 1280 pixels it is exact enough for a line, and quickly read."""
    mask = slot.item.request.kept
    if mask is None:
        revision: ProductRevision | None = slot.item.request.revisions.select_related("mask").first()
        mask = revision.mask if revision else None
    if mask is None:
        return []
    try:
        return outline_polygons(load_fit_mask(mask))
    except FileNotFoundError:
        return []


def _candidates(variant: Variant, shown: Sequence[Candidate]) -> list[CandidateAids]:
    keys = [candidate.pk for candidate in shown]
    # Read anew: what the screen shows of a candidate is not asked for its heat map.
    heat_maps = {row.pk: row.heat_map for row in Candidate.objects.filter(pk__in=keys).select_related("heat_map")}
    broken = Finding.objects.filter(candidate__in=keys, violated=True, blocking=False)
    findings = {(finding.candidate_id, finding.measure): finding for finding in broken}
    order = list(dict.fromkeys([limit.measure for limit in variant.limits] + sorted(m for _key, m in findings)))
    return [
        CandidateAids(
            candidate,
            heat_maps.get(candidate.pk),
            [_sighting(variant, findings[candidate.pk, m]) for m in order if (candidate.pk, m) in findings],
        )
        for candidate in shown
    ]


def _sighting(variant: Variant, finding: Finding) -> Sighting:
    for limit in variant.limits:
        if limit.measure == finding.measure:
            return Sighting(_(limit.label), _(limit.reason), finding.regions)
    label, _path = GUARDS.get(finding.guard, (finding.guard, ""))  # the limit is gone, what was found is not
    return Sighting(_(label), "", finding.regions)
