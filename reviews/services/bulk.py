"""What is done with many images of the gallery at once. Each act has an effect that can be seen before, and is then
done as it was seen or not at all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.idempotency import Once, remember
from accounts.models import Team, User
from generation.models import Candidate, GenerationRequest, MaskRepair, ProductRevision
from generation.services.requests import RequestRefused, check_parameters, check_revisions, open_request
from generation.variants import VARIANTS
from reviews.gallery import chosen
from reviews.models.items import ItemState
from reviews.models.outcomes import OutcomeState
from reviews.services.refusals import Conflict

MOST_IMAGES = 200
MOST_REQUESTS = 30
"""A request keeps a graphics card busy for a while: more at once is what the API is for."""


class EffectChanged(Conflict):
    """Since it was shown, what the act would do has become another."""

    code = "effect_changed"


@dataclass(frozen=True)
class Effect:
    """`images` are those it concerns, `refused` counts the others by reason; `requests` are what is asked again."""

    images: list[Candidate] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    requests: list[GenerationRequest] = field(default_factory=list)

    @property
    def refused_images(self) -> int:
        return self.refused.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """For templates, which would ask a Counter for the count of the reason "items"."""
        return list(self.refused.items())

    @property
    def chosen(self) -> int:
        return len(self.images) + self.refused_images


def effect_of_download(team: Team, handles: Sequence[UUID]) -> Effect:
    """Which originals may leave: those that are approved now."""
    effect = Effect()
    for candidate in _chosen(team, handles, effect):
        if reason := _cannot_leave(candidate):
            effect.refused[reason] += 1
        else:
            effect.images.append(candidate)
    return effect


def download(team: Team, handles: Sequence[UUID]) -> list[Candidate]:
    """The images of a download that was seen before. Raises EffectChanged when one of them may no longer leave."""
    effect = effect_of_download(team, handles)
    _refuse_if_changed(effect, handles)
    return effect.images


def effect_of_asking_again(team: Team, handles: Sequence[UUID]) -> Effect:
    """Which requests would be opened anew: one for each that the images come from, of its product's newest revision."""
    effect = Effect()
    found = _chosen(team, handles, effect)
    why = _why_not_again(team, [candidate.request for candidate in found])
    for candidate in found:
        request = candidate.request
        if reason := why(request):
            effect.refused[reason] += 1
            continue
        if request not in effect.requests:
            if len(effect.requests) == MOST_REQUESTS:
                effect.refused[_("More than %(most)d requests at once") % {"most": MOST_REQUESTS}] += 1
                continue
            effect.requests.append(request)
        effect.images.append(candidate)
    return effect


def ask_again(team: Team, user: User, handles: Sequence[UUID], *, once: Once) -> list[GenerationRequest]:
    """Open a request like each that these images come from, with a new seed: all of them or none.

    Raises EffectChanged when it would no longer do what was seen, and what idempotency.remember raises.
    """
    with transaction.atomic():
        effect = effect_of_asking_again(team, handles)
        _refuse_if_changed(effect, handles)
        newest = _newest_revisions(team, effect.requests)
        opened = [_open_like(request, newest, user) for request in effect.requests]
        remember(once, opened[0].pk)
    return opened


def _open_like(before: GenerationRequest, newest: dict[int, ProductRevision], user: User) -> GenerationRequest:
    return open_request(
        before.team, user, revisions=_revisions(before, newest), variant=before.variant, prompt=before.prompt,
        candidate_count=before.candidate_count, steps=before.steps, guidance=before.guidance,
        parameters=before.parameters,
    )  # fmt: skip


def _chosen(team: Team, handles: Sequence[UUID], effect: Effect) -> list[Candidate]:
    """At most MOST_IMAGES of them, newest first; what is left out or not to be seen is counted."""
    wanted = list(dict.fromkeys(handles))
    found = list(chosen(team, wanted[:MOST_IMAGES]))
    if len(wanted) > MOST_IMAGES:
        more = _("More than %(most)d images at once") % {"most": MOST_IMAGES}
        effect.refused[more] = len(wanted) - MOST_IMAGES
    if lost := len(wanted[:MOST_IMAGES]) - len(found):
        effect.refused[_("Blocked, or no longer there")] = lost
    return found


def _refuse_if_changed(effect: Effect, handles: Sequence[UUID]) -> None:
    if effect.refused or not effect.images or len(effect.images) != len(set(handles)):
        raise EffectChanged(_("Something has changed since this was shown. Look again; nothing was done."))


def _cannot_leave(candidate: Candidate) -> str:
    """Why its original may not be downloaded; empty when it may."""
    standing = list(candidate.outcomes.all())
    # Of the newest visit that has ended, as Outcome.objects.approved says: a withdrawn one takes an approval back.
    newest = max(standing, key=lambda outcome: outcome.item_id, default=None)
    if newest is not None and newest.state == OutcomeState.APPROVED and newest.item.state == ItemState.RESOLVED:
        return "" if candidate.composed else _("No image of its own was kept")
    return _("Not approved") if standing else _("Not decided yet")


def _why_not_again(team: Team, requests: Sequence[GenerationRequest]) -> Callable[[GenerationRequest], str]:
    """Why a request cannot be opened again, as a function of it; empty when it can."""
    newest = _newest_revisions(team, requests)
    reported = set(MaskRepair.objects.waiting().filter(request__in=requests).values_list("request_id", flat=True))

    def why(request: GenerationRequest) -> str:
        if request.is_made_elsewhere:
            return _("Made elsewhere: it cannot be asked for here")
        if request.pk in reported:
            return _("Its mask waits to be repaired")
        try:
            revisions = _revisions(request, newest)
            check_revisions(team, revisions)
            check_parameters(VARIANTS[request.variant], revisions, request.parameters)
        except RequestRefused as refused:
            return _(refused.message) % refused.params
        return ""

    return why


def _newest_revisions(team: Team, requests: Sequence[GenerationRequest]) -> dict[int, ProductRevision]:
    """The newest revision of every product in these requests, by the product's key."""
    products = {entry.revision.product_id for request in requests for entry in request.request_products.all()}
    rows = ProductRevision.objects.newest(team).filter(product__in=products).select_related("product", "photo")
    return {revision.product_id: revision for revision in rows}


def _revisions(request: GenerationRequest, newest: dict[int, ProductRevision]) -> list[ProductRevision]:
    return [newest[entry.revision.product_id] for entry in request.request_products.all()]
