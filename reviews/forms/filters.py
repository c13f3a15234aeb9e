"""What narrows the gallery and a reviewer's own decisions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Team
from generation.models import ModelVersion
from generation.models.requests import RequestState, variant_choices
from generation.models.training import EngineKind
from generation.variants import VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.gallery import UNDECIDED, GalleryFilters
from reviews.journal import APPROVED, REJECTED, STANDING, TAKEN_BACK, JournalFilters
from reviews.models.decisions import DecisionKind
from reviews.models.outcomes import OutcomeState

Choices = list[tuple[str, StrOrPromise]]


def _all_and(choices: Callable[[], Choices]) -> Callable[[], Choices]:
    """The choices behind "all", which is empty."""
    return lambda: [("", _("All")), *choices()]


def _codes() -> Choices:
    used = {key for variant in VARIANTS.values() for key in variant.defect_codes}
    return [(key, _(code.label)) for key, code in DEFECT_CODES.items() if key in used]


def day_field(label: StrOrPromise) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _choice(label: StrOrPromise, choices: Callable[[], Choices]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=_all_and(choices))


class _Filters(forms.Form):
    """Filters in the address: what cannot be understood asks for nothing, and is said beside its field."""

    def understood(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def asks_for_something(self) -> bool:
        return bool(self.understood())


class GalleryForm(_Filters):
    product = forms.CharField(
        label=_("Product"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    outcome = _choice(_("Decided"), lambda: [*OutcomeState.choices, (UNDECIDED, _("Not decided yet"))])
    code = _choice(_("Defect"), _codes)
    variant = _choice(_("Variant"), lambda: list(variant_choices()))
    request_state = _choice(_("Request"), lambda: list(RequestState.choices))
    version = forms.ModelChoiceField(
        label=_("Model"), required=False, queryset=ModelVersion.objects.none(), empty_label=_("All")
    )
    since = day_field(_("From"))
    until = day_field(_("To"))
    blocked = forms.BooleanField(label=_("What the guardian blocked"), required=False)

    def __init__(self, *args: Any, team: Team, sees_versions: bool, sees_blocked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        painters = ModelVersion.objects.visible_to(team).filter(kind__in=[EngineKind.GENERATOR, EngineKind.EXTERNAL])
        version = self.fields["version"]
        assert isinstance(version, forms.ModelChoiceField)  # noqa: S101 - declared above
        version.queryset = painters.order_by("-pk")
        if not sees_versions:
            del self.fields["version"]
        if not sees_blocked:
            del self.fields["blocked"]

    def filters(self) -> GalleryFilters:
        return GalleryFilters(**self.understood())


class JournalForm(_Filters):
    words = forms.CharField(
        label=_("Find"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Product, prompt, comment or defect")}),
    )  # fmt: skip
    kind = _choice(_("Kind"), lambda: list(DecisionKind.choices))
    verdict = _choice(_("Verdict"), lambda: [(APPROVED, _("Approved one")), (REJECTED, _("Rejected one"))])
    standing = _choice(_("State"), lambda: [(STANDING, _("Standing")), (TAKEN_BACK, _("Taken back"))])
    since = day_field(_("From"))
    until = day_field(_("To"))

    def filters(self) -> JournalFilters:
        return JournalFilters(**self.understood())
