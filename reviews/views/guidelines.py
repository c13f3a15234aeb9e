"""Guidelines: what is asked of the reviewers of a variant, for all to read and for admins to publish."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import signed_in, team_of
from generation.imaging.uploads import UploadRejected
from generation.models import Picture
from generation.variants import VARIANTS, Variant
from reviews.differences import compare
from reviews.forms.guidelines import ExampleFormSet, GuidelineForm, UploadedExampleForm
from reviews.models import GuidelineVersion
from reviews.serializers.guidelines import guideline_html
from reviews.services import guideline_examples, guidelines
from reviews.services.guideline_examples import Offer
from reviews.services.guidelines import ExampleInput, GuidelineRefused

_MOST_ROWS = 100


@require_safe
def guideline_list(request: HttpRequest) -> HttpResponse:
    team = team_of(request)
    rows = [(variant, guidelines.in_force(team, variant.key)) for variant in VARIANTS.values()]
    return render(request, "reviews/guidelines.html", {"rows": rows})


@require_safe
def guideline_detail(request: HttpRequest, variant: str) -> HttpResponse:
    """The version in force, or the one that `?version=` names, with what it changed."""
    chosen = _variant(variant)
    versions = GuidelineVersion.objects.of_team(team_of(request)).filter(variant=chosen.key).order_by("-number")
    history = list(versions.select_related("created_by").defer("text"))
    shown = _shown(versions, request.GET.get("version"))
    context: dict[str, Any] = {"variant": chosen, "version": shown, "history": history}
    if shown:
        before = versions.filter(number=shown.number - 1).first()
        examples = list(shown.examples.select_related("picture"))
        context |= {
            "html": guideline_html(shown.text, [example.picture for example in examples]),
            "examples": examples,
            "before": before,
            "changes": compare(before.text, shown.text) if before else [],
            "is_old": shown.number != history[0].number,
        }
    return render(request, "reviews/guideline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_guideline(request: HttpRequest, variant: str) -> HttpResponse:
    """Write the next version. "Preview" draws it below and publishes nothing."""
    chosen, team = _variant(variant), team_of(request)
    before = guidelines.in_force(team, chosen.key)
    kept = guideline_examples.published(before)
    offered = guideline_examples.judged(team, chosen.key, without=kept, handle=request.GET.get("candidate", ""))
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = GuidelineForm(data[0], initial=_initial(before))
    rows = ExampleFormSet(
        data[0], prefix="examples", form_kwargs={"variant": chosen}, initial=_rows(kept, offered, request)
    )
    upload = UploadedExampleForm(*data, prefix="upload", variant=chosen)
    pictures = _pictures(request, chosen, [*kept, *offered])
    context: dict[str, Any] = {
        "variant": chosen, "version": before, "form": form, "rows": rows, "upload": upload, "pictures": pictures,
    }  # fmt: skip
    if request.method == "POST" and all([form.is_valid(), rows.is_valid(), upload.is_valid()]):
        if "preview" in request.POST:
            used = [row.cleaned_data["source"] for row in rows if row.cleaned_data.get("use")]
            shown = [pictures[source] for source in used if source in pictures]
            context["preview"] = guideline_html(form.cleaned_data["text"], shown)
        elif version := _publish(request, chosen, form, rows, upload):
            messages.success(request, _("Version %(number)d is in force.") % {"number": version.number})
            return redirect("reviews:guideline", chosen.key)
    status = 400 if form.errors or rows.total_error_count() or upload.errors else 200
    return render(request, "reviews/guideline_form.html", context, status=status)


def _publish(
    request: HttpRequest, variant: Variant, form: GuidelineForm, rows: Any, upload: UploadedExampleForm
) -> GuidelineVersion | None:
    """Publish what the forms hold; a refusal becomes an error of one of them."""
    team, data = team_of(request), form.cleaned_data
    try:
        examples = [_example(request, variant, row.cleaned_data) for row in rows if row.cleaned_data.get("use")]
        if upload.cleaned_data["file"]:
            examples.append(_uploaded(request, upload.cleaned_data))
        return guidelines.publish_guideline(
            team, signed_in(request), variant.key, text=data["text"], change_note=data["change_note"],
            examples=examples, based_on=data["based_on"],
        )  # fmt: skip
    except UploadRejected as refused:
        upload.add_error("file", _(refused.message) % refused.params)
    except GuidelineRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return None


def _example(request: HttpRequest, variant: Variant, data: dict[str, Any]) -> ExampleInput:
    picture, candidate = guideline_examples.find(team_of(request), variant.key, data["source"])
    return ExampleInput(picture, data["is_good"], data["caption"], data["code"], candidate)


def _uploaded(request: HttpRequest, data: dict[str, Any]) -> ExampleInput:
    file = data["file"]
    picture = guideline_examples.store_upload(team_of(request), file.read(), file.content_type)
    return ExampleInput(picture, data["is_good"], data["caption"], data["code"])


def _pictures(request: HttpRequest, variant: Variant, offers: list[Offer]) -> dict[str, Picture]:
    """What the page draws, by source: what is offered now, and what was when the page that came back was made."""
    pictures = {offer.source: offer.picture for offer in offers}
    posted = [value for name, value in request.POST.items() if name.endswith("-source")]
    for source in {str(value) for value in posted[:_MOST_ROWS]} - pictures.keys():
        with suppress(GuidelineRefused):
            pictures[source] = guideline_examples.find(team_of(request), variant.key, source)[0]
    return pictures


def _initial(before: GuidelineVersion | None) -> dict[str, Any]:
    return {"text": before.text if before else "", "based_on": before.number if before else 0}


def _rows(kept: list[Offer], offered: list[Offer], request: HttpRequest) -> list[dict[str, Any]]:
    wanted = f"candidate:{request.GET.get('candidate', '')}"
    return [
        {
            "source": offer.source,
            "use": offer in kept or offer.source == wanted,
            "is_good": "yes" if offer.is_good else "no",
            "code": offer.code,
            "caption": offer.caption,
        }
        for offer in (*kept, *offered)
    ]


def _shown(versions: Any, number: str | None) -> GuidelineVersion | None:
    if number is None:
        return versions.first()  # type: ignore[no-any-return]
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    return get_object_or_404(versions, number=int(number))  # type: ignore[no-any-return]


def _variant(key: str) -> Variant:
    if key not in VARIANTS:
        raise Http404
    return VARIANTS[key]
