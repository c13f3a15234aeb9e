"""Forms check form; what is allowed is decided by the services."""

from contextlib import suppress
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models import BulkImport, DatasetSnapshot, ProductRevision
from generation.models.requests import variant_choices
from generation.models.training import trainer_choices
from generation.services.requests import LARGEST_SEED, LONGEST_PROMPT
from generation.variants import DEFAULT_VARIANT, VARIANTS, Limit

MOST_OFFERED = 200
_PICTURES = "image/png,image/jpeg,image/webp"


class RevisionForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": _PICTURES}),
        help_text=_("PNG, JPEG or WebP, up to 20 MB and 25 megapixels. Without one, the newest photo gets a new mask."),
    )
    mask = forms.FileField(
        label=_("Mask"),
        required=False,
        widget=forms.FileInput(attrs={"accept": _PICTURES}),
        help_text=_(
            "Black and white, the product white, as large as the photo. Without one, its transparency is used."
        ),
    )


class ProductForm(RevisionForm):
    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.FileInput(attrs={"accept": _PICTURES}),
        help_text=_("PNG, JPEG or WebP, up to 20 MB and 25 megapixels."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    category = forms.CharField(
        label=_("Category"), max_length=80, required=False, help_text=_("One word a prompt can use: mug, bottle, lamp.")
    )
    external_id = forms.CharField(label=_("External id"), max_length=120, required=False)

    field_order = ("title", "category", "external_id", "photo", "mask")


class RepairForm(forms.Form):
    mask = forms.FileField(
        label=_("Corrected mask"),
        widget=forms.FileInput(attrs={"accept": _PICTURES}),
        help_text=_("Black and white, the product white, as large as the photo."),
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("ZIP archive"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=_("Pictures, and the table that lists them. Without a table each picture is a product."),
    )
    kind = forms.ChoiceField(label=_("What is in it"), choices=BulkImport.Kind.choices)
    dry_run = forms.BooleanField(
        label=_("Only check"), required=False, help_text=_("Looks at every row and says what would happen.")
    )


class RequestForm(forms.Form):
    """The prompt is free; the builder's choices only write it for you.

    Which choices there are depends on the variant, so it travels along hidden: the page offers the others by address.
    """

    variant = forms.ChoiceField(choices=variant_choices, required=False, widget=forms.HiddenInput)
    revision = forms.ModelChoiceField(label=_("Product"), queryset=ProductRevision.objects.none())
    prompt = forms.CharField(
        label=_("Prompt"), max_length=LONGEST_PROMPT, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Leave it empty to use the choices below."),
    )  # fmt: skip
    candidate_count = forms.IntegerField(label=_("Candidates"), min_value=1)
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=LARGEST_SEED, required=False, help_text=_("Empty: a new one is drawn.")
    )

    def __init__(self, *args: Any, revisions: QuerySet[ProductRevision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_variant = VARIANTS.get(self["variant"].value() or "", VARIANTS[DEFAULT_VARIANT])
        self._offer(revisions)
        self.fields["candidate_count"].initial = self.chosen_variant.default_candidates
        self.fields["candidate_count"].max_value = self.chosen_variant.max_candidates  # type: ignore[attr-defined]
        for parameter in self.chosen_variant.parameters:
            options = [(key, gettext(label)) for key, label in parameter.options.items()]
            self.fields[parameter.key] = forms.ChoiceField(
                label=gettext(parameter.label),
                choices=options,
                help_text=gettext(parameter.help) if parameter.help else "",
            )
        self.part_names = [f"part_{part.key}" for part in self.chosen_variant.prompt_parts]
        for part, name in zip(self.chosen_variant.prompt_parts, self.part_names, strict=True):
            choices = [(key, gettext(words) if words else gettext("nothing")) for key, words in part.phrases.items()]
            self.fields[name] = forms.ChoiceField(label=gettext(part.label), choices=choices, required=False)

    def _offer(self, revisions: QuerySet[ProductRevision]) -> None:
        """Every one may be chosen; a list that people scroll holds the first MOST_OFFERED and the chosen one."""
        field = cast(forms.ModelChoiceField[ProductRevision], self.fields["revision"])
        field.queryset = revisions
        offered = {row.pk: row.product.title for row in revisions[:MOST_OFFERED]}
        if len(offered) == MOST_OFFERED:
            field.help_text = gettext("The newest products. For an older one, begin on its own page.")
        with suppress(forms.ValidationError):
            chosen = field.clean(self["revision"].value())
            offered[chosen.pk] = chosen.product.title
        titles = sorted(offered.items(), key=lambda entry: entry[1].casefold())
        field.choices = [("", gettext("Choose a product")), *titles]

    def parameters(self) -> list[forms.BoundField]:
        return [self[parameter.key] for parameter in self.chosen_variant.parameters]

    def chosen_parameters(self) -> dict[str, str]:
        return {parameter.key: self.cleaned_data[parameter.key] for parameter in self.chosen_variant.parameters}

    def prompt_parts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.part_names]

    def chosen_parts(self) -> dict[str, str]:
        """The builder's choices, part -> phrase key, without the parts that were left open."""
        chosen = {name.removeprefix("part_"): self.cleaned_data[name] for name in self.part_names}
        return {part: phrase for part, phrase in chosen.items() if phrase}


class TrainingForm(forms.Form):
    snapshot = forms.ModelChoiceField(label=_("Dataset"), queryset=DatasetSnapshot.objects.none(), empty_label=None)
    trainer = forms.ChoiceField(label=_("Trainer"), choices=trainer_choices)
    variant = forms.ChoiceField(label=_("Variant"), choices=variant_choices, required=False)

    def __init__(self, *args: Any, snapshots: QuerySet[DatasetSnapshot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = snapshots  # type: ignore[attr-defined]
        if len(VARIANTS) == 1:  # nothing to choose
            self.fields["variant"].widget = forms.HiddenInput()
            self.fields["variant"].initial = DEFAULT_VARIANT

    def clean_variant(self) -> str:
        return self.cleaned_data["variant"] or DEFAULT_VARIANT


class LimitForm(forms.Form):
    """Another limit to try. What range it must have depends on the measure, and the service says so."""

    threshold = forms.FloatField(label=_("Threshold"), widget=forms.NumberInput(attrs={"step": "any"}))
    effect = forms.ChoiceField(
        label=_("When it is broken"), choices=[("blocks", _("block the candidate")), ("reports", _("only report it"))]
    )

    def __init__(self, *args: Any, limit: Limit, **kwargs: Any) -> None:
        kwargs["initial"] = {"threshold": limit.threshold, "effect": "blocks" if limit.blocks else "reports"}
        super().__init__(*args, **kwargs)

    @property
    def blocks(self) -> bool:
        return bool(self.cleaned_data["effect"] == "blocks")
