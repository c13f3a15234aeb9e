"""Pictures that a guideline can show: what the team has judged, and what its admins bring."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team
from generation.imaging.uploads import read_photo
from generation.models import Candidate, Picture
from generation.services.derivatives import store_picture
from reviews.models import GuidelineExample, GuidelineVersion, Outcome, Verdict
from reviews.models.outcomes import OutcomeState
from reviews.services.guidelines import GuidelineRefused

OFFERED_OF_EACH = 8


@dataclass(frozen=True)
class Offer:
    """A picture to choose. `source` names it in a form: an example that was published, or a candidate."""

    source: str
    picture: Picture
    is_good: bool
    code: str = ""
    caption: str = ""


def published(version: GuidelineVersion | None) -> list[Offer]:
    """The examples of a version, to be kept or left out of the next one."""
    if version is None:
        return []
    rows = version.examples.select_related("picture")
    return [Offer(f"example:{row.pk}", row.picture, row.is_good, row.code, row.caption) for row in rows]


def judged(team: Team, variant: str, *, without: Sequence[Offer] = (), handle: str = "") -> list[Offer]:
    """The team's latest approved and rejected candidates of a variant, and the one of `handle`, if it is one.

    Only what is resolved: an image that somebody still has to judge must not be shown with its answer.
    """
    rows = Outcome.objects.filter(item__queue__team=team, item__request__variant=variant, item__state="resolved")
    rows = rows.exclude(candidate__composed=None).select_related("candidate__composed").order_by("-pk")
    found = [
        *_of_handle(rows, handle),
        *rows.filter(state=OutcomeState.APPROVED)[:OFFERED_OF_EACH],
        *rows.filter(state=OutcomeState.REJECTED)[:OFFERED_OF_EACH],
    ]
    shown = {offer.picture.pk for offer in without}
    unique = {row.candidate_id: row for row in found if row.candidate.composed_id not in shown}
    codes = _codes(list(unique.values()))
    return [_offer(row, codes.get(row.candidate_id, "")) for row in unique.values()]


def find(team: Team, variant: str, source: str) -> tuple[Picture, Candidate | None]:
    """The picture that an offer named. Raises GuidelineRefused for what was never offered to this team."""
    kind, _colon, key = source.partition(":")
    if kind == "example" and key.isascii() and key.isdigit() and len(key) < 18:
        rows = GuidelineExample.objects.filter(version__team=team, version__variant=variant, pk=int(key))
        if example := rows.select_related("picture", "candidate").first():
            return example.picture, example.candidate
    if kind == "candidate" and (handle := _handle(key)):
        outcomes = Outcome.objects.filter(item__state="resolved", state__in=_CLEAR)
        candidates = Candidate.objects.filter(request__team=team, request__variant=variant, outcomes__in=outcomes)
        candidate = candidates.select_related("composed").filter(handle=handle).first()
        if candidate and candidate.composed:
            return candidate.composed, candidate
    raise GuidelineRefused("picture", "examples", _("There is no such picture."))


def store_upload(team: Team, data: bytes, declared_type: str | None) -> Picture:
    """Check and store a picture that an admin brings. Raises UploadRejected. Never call it inside a transaction."""
    image, _mask = read_photo(data, declared_type)
    return store_picture(team, image, lossless=True)


_CLEAR = (OutcomeState.APPROVED, OutcomeState.REJECTED)


def _of_handle(rows: QuerySet[Outcome], handle: str) -> list[Outcome]:
    wanted = _handle(handle)
    return list(rows.filter(candidate__handle=wanted, state__in=_CLEAR)[:1]) if wanted else []


def _handle(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _codes(outcomes: Sequence[Outcome]) -> dict[int, str]:
    """The code of each rejected candidate whose reviewers named just one."""
    verdicts = Verdict.objects.filter(
        decision__retraction=None,
        decision__slot__item__in=[row.item_id for row in outcomes],
        candidate__in=[row.candidate_id for row in outcomes if row.state == OutcomeState.REJECTED],
    )
    named: dict[int, set[str]] = {}
    for candidate, codes in verdicts.values_list("candidate_id", "codes"):
        named.setdefault(candidate, set()).update(codes)
    return {candidate: next(iter(codes)) for candidate, codes in named.items() if len(codes) == 1}


def _offer(outcome: Outcome, code: str) -> Offer:
    candidate = outcome.candidate
    assert candidate.composed is not None  # noqa: S101 - only those with one are asked for
    is_good = outcome.state == OutcomeState.APPROVED
    return Offer(f"candidate:{candidate.handle}", candidate.composed, is_good, "" if is_good else code)
