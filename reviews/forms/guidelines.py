"""Guidelines and their examples, as they are written."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.variants import Variant
from generation.variants.defect_codes import DEFECT_CODES
from reviews.services.guidelines import LONGEST_LINE, LONGEST_TEXT


class GuidelineForm(forms.Form):
    """`based_on` is the number of the version that was on the screen when the writing began."""

    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        help_text=_("Markdown: headings, lists, tables, links. An example is shown by ![what it shows](example:1)."),
    )  # fmt: skip
    change_note = forms.CharField(
        label=_("What has changed"), max_length=LONGEST_LINE, required=False,
        help_text=_("One line. Reviewers see it with the new version."),
    )  # fmt: skip


class ExampleForm(forms.Form):
    """One picture that can be shown. `source` says which; only rows with `use` are published."""

    source = forms.CharField(max_length=60, widget=forms.HiddenInput)
    use = forms.BooleanField(label=_("Show it"), required=False)
    is_good = forms.TypedChoiceField(
        label=_("It is"), choices=[("yes", _("Good")), ("no", _("Bad"))], coerce=lambda said: said == "yes"
    )
    code = forms.ChoiceField(label=_("Defect"), required=False)
    caption = forms.CharField(label=_("What it shows"), max_length=LONGEST_LINE, required=False)

    def __init__(self, *args: Any, variant: Variant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [(key, gettext(DEFECT_CODES[key].label)) for key in variant.defect_codes]
        self.fields["code"].choices = [("", gettext("none or several")), *codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("use") and not data.get("caption"):
            self.add_error("caption", gettext("Say under each example what it shows."))
        return data


class UploadedExampleForm(ExampleForm):
    """A picture of one's own. It is used if there is a file."""

    source = None  # type: ignore[assignment]
    use = None  # type: ignore[assignment]
    file = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, up to 20 MB and 25 megapixels."),
    )  # fmt: skip

    field_order = ("file", "is_good", "code", "caption")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("file") and not data.get("caption"):
            self.add_error("caption", gettext("Say under each example what it shows."))
        return data


ExampleFormSet = forms.formset_factory(ExampleForm, extra=0, max_num=100, absolute_max=100)
