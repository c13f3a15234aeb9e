"""The page on which a mask is drawn. What it draws is sent to /api/v1/products/.../drawn-masks/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules import team_of
from generation.imaging.strokes import LARGEST_RADIUS, MOST_POINTS, MOST_STROKES
from generation.models import MaskRepair, Picture, Product, ProductRevision
from generation.registries import BY_RECTANGLE
from generation.services.masks import notes_of_picture
from generation.services.proposals import offered_segmenters


@require_safe
def mask_editor(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the mask of the newest photo, or of `?revision=NUMBER`; afterwards go to `?next=`, a page of this site.

    `?repair=ID` names a reported mask: saving ends the report and asks for candidates again, in one step.
    """
    product = get_object_or_404(Product.objects.of_team(team_of(request)).for_list(), pk=pk)
    revisions = list(product.revisions.all())
    repair = _reported(product, request.GET.get("repair", ""))
    revision = repair.revision if repair else _chosen(revisions, request.GET.get("revision", ""))
    segmenters = offered_segmenters()
    context = {
        "product": product,
        "revision": revision,
        "newest": revisions[0],
        "notes": shown_notes(revision, revision.mask),
        "automatic": [(key, _(label)) for key, label in segmenters.items() if key != BY_RECTANGLE],
        "by_rectangle": BY_RECTANGLE,
        "repair": repair,
        "back": reverse("generation:repair", args=[repair.pk]) if repair else _back(request, product),
        "limits": {"strokes": MOST_STROKES, "points": MOST_POINTS, "radius": LARGEST_RADIUS},
    }
    return render(request, "generation/mask_editor.html", context)


def shown_notes(revision: ProductRevision, mask: Picture | None) -> list[str]:
    """What should be looked at again in a mask, as sentences."""
    return [_(note.message) % note.params for note in notes_of_picture(revision, mask)]


def _chosen(revisions: list[ProductRevision], number: str) -> ProductRevision:
    if not number:
        return revisions[0]
    found = next((revision for revision in revisions if str(revision.number) == number), None)
    if found is None:
        raise Http404
    return found


def _reported(product: Product, number: str) -> MaskRepair | None:
    """The open report of a wrong mask that is to be answered; none where it was settled meanwhile."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    waiting = MaskRepair.objects.waiting().of_masks().for_list().filter(revision__product=product)
    return waiting.filter(pk=int(number)).first()


def _back(request: HttpRequest, product: Product) -> str:
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure()):
        return wanted
    return reverse("generation:product", args=[product.pk])
