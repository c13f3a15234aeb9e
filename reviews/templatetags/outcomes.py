"""What people decided, for templates that show candidates."""

from django import template

from generation.models import GenerationRequest
from reviews.models import Outcome

register = template.Library()


@register.simple_tag
def outcomes_of(request: GenerationRequest) -> dict[int, Outcome]:
    """Candidate id -> its outcome in the latest item of the request that is resolved or withdrawn."""
    rows = Outcome.objects.filter(item__request=request).exclude(item__state="open")
    return {outcome.candidate_id: outcome for outcome in rows.select_related("item").order_by("item_id")}


@register.filter
def lookup(mapping: dict[int, Outcome], key: int) -> Outcome | None:
    return mapping.get(key)
