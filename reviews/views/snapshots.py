"""Datasets: freezing what was judged, and the files a trainer reads."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files import ranged_response
from accounts.rules import signed_in, team_of
from generation.models import DatasetSnapshot
from reviews.formats import EXPORT_FORMATS
from reviews.forms.snapshots import FreezeForm
from reviews.models import SnapshotExport
from reviews.services import exports, snapshots


def _listed(request: HttpRequest, form: FreezeForm, status: int = 200) -> HttpResponse:
    rows = DatasetSnapshot.objects.of_team(team_of(request)).select_related("created_by").order_by("-pk")[:100]
    return render(request, "reviews/snapshots.html", {"snapshots": rows, "form": form}, status=status)


@require_safe
def snapshot_list(request: HttpRequest) -> HttpResponse:
    return _listed(request, FreezeForm())


@require_POST
def freeze_snapshot(request: HttpRequest) -> HttpResponse:
    form = FreezeForm(request.POST)
    if form.is_valid():
        try:
            snapshot = snapshots.freeze_snapshot(
                team_of(request), signed_in(request), name=form.cleaned_data["name"], filters=form.filters()
            )
        except (snapshots.NothingToFreeze, snapshots.SnapshotUnsettled) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("reviews:snapshot", snapshot.pk)
    return _listed(request, form, status=400)


@require_safe
def snapshot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = DatasetSnapshot.objects.of_team(team_of(request)).prefetch_related("exports", "runs", "versions")
    context = {"snapshot": get_object_or_404(rows, pk=pk), "formats": EXPORT_FORMATS}
    return render(request, "reviews/snapshot.html", context)


@require_POST
def new_export(request: HttpRequest, pk: int) -> HttpResponse:
    snapshot = get_object_or_404(DatasetSnapshot.objects.of_team(team_of(request)), pk=pk)
    format_key = request.POST.get("format", "")
    if format_key not in EXPORT_FORMATS:
        raise Http404(_("There is no such format."))
    exports.request_export(snapshot, format_key, signed_in(request))
    return redirect("reviews:snapshot", pk)


@require_safe
def export_file(request: HttpRequest, handle: UUID, name: str) -> HttpResponseBase:
    """One file of a finished export, streamed under the name the trainer expects."""
    exported = get_object_or_404(
        SnapshotExport, handle=handle, snapshot__team=team_of(request), state=SnapshotExport.State.READY
    )
    entry = next((entry for entry in exported.files if entry["name"] == name), None)
    if entry is None:
        raise Http404
    return ranged_response(request, entry["storage"], etag=entry["sha256"], filename=name.rpartition("/")[2])
