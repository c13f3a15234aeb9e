"""How I like the desk: the same as at the desk's sheet of keys, as an ordinary page that needs no script."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.rules import signed_in
from reviews.forms.desk_settings import DeskSettingsForm, key_field
from reviews.services import desk_settings


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """POST saves all of it; "reset" puts every key back to the preset."""
    reviewer = signed_in(request)
    settings = desk_settings.settings_of(reviewer)
    form = DeskSettingsForm(request.POST or None, settings=settings)
    if request.method == "POST" and form.is_valid():
        changes = form.changes()
        if "reset" in request.POST or changes["preset"] != settings.preset:
            changes["keys"] = {}  # a preset is taken as a whole
        try:
            desk_settings.change_settings(reviewer, changes)
        except desk_settings.SettingRefused as refused:
            form.add_error(_field_of(refused.field), str(refused))
        else:
            messages.success(request, _("Saved. It holds from the next time the desk is opened."))
            return redirect("reviews:desk_settings")
    return render(request, "reviews/desk_settings.html", {"form": form}, status=400 if form.errors else 200)


def _field_of(refused: str) -> str:
    field, _dot, action = refused.partition(".")
    return key_field(action) if field == "keys" else field
