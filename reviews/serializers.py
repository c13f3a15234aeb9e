"""What the API of reviews takes and gives. Blind: nothing here tells a score, a model, an age or another's verdict."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from generation.models import Candidate, DatasetSnapshot, Picture
from generation.models.requests import variant_choices
from generation.variants import DEFAULT_VARIANT, VARIANTS
from generation.variants.defect_codes import DEFECT_CODES
from reviews.desk_actions import ACTIONS
from reviews.formats import EXPORT_FORMATS
from reviews.models import Decision, Slot, SnapshotExport
from reviews.services import queue, undoing
from reviews.services.quotas import QuotaState


def _preview(picture: Picture | None, alt: str) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "url": reverse("generation:picture", args=[picture.fit_name]),
        "width": picture.width,
        "height": picture.height,
        "alt": alt,
    }


def quota_answer(state: QuotaState) -> dict[str, int]:
    return {"limit": state.limit, "used": state.used, "left": state.left, "open": state.open_images}


def item_answer(slot: Slot) -> dict[str, Any]:
    """One leased item as the desk shows it: the photo, the siblings in this reviewer's order, and the codes."""
    request = slot.item.request
    revision = request.revisions.select_related("photo", "mask", "product").first()
    photo = revision.photo if revision else None
    siblings: list[Candidate] = queue.display_order(slot)
    return {
        "token": str(slot.lease_token),
        "item": str(slot.item.handle),
        "soft": slot.is_soft,
        "lease_until": slot.lease_until,
        "prompt": request.prompt,
        "product": revision.product.title if revision else "",
        "source": _preview(photo, _("The original photo")),
        "candidates": [
            {
                "handle": str(candidate.handle),
                "picture": _preview(candidate.composed, _("Candidate %(n)d") % {"n": number}),
            }
            for number, candidate in enumerate(siblings, start=1)
        ],
        "codes": codes_answer(request.variant),
        "answers": slot.answers,  # type: ignore[attr-defined] # annotated by queue.fetch
        "before": _sent(decision) if (decision := undoing.before(slot)) else None,
    }


def _sent(decision: Decision) -> dict[str, Any]:
    """A decision in the words in which it was sent."""
    asked = getattr(decision, "escalation", None)
    report = undoing.report_of(decision)
    return {
        "kind": decision.kind,
        "verdicts": [
            {
                "candidate": str(verdict.candidate.handle),
                "approved": verdict.approved,
                "product_right": verdict.product_right,
                "scene_right": verdict.scene_right,
                "codes": verdict.codes,
                "marks": verdict.marks,
                "comment": verdict.comment,
            }
            for verdict in decision.verdicts.select_related("candidate").order_by("pk")
        ],
        "best": str(decision.best.handle) if decision.best else None,
        "question": asked.question if asked else "",
        "report": {"comment": report.note, "marks": report.marks} if report else None,
    }


def recent_answer(decision: Decision) -> dict[str, Any]:
    """One of the reviewer's own decisions, to go back to. The picture is the best one's, or the first one's."""
    item = decision.slot.item
    revision = next(iter(item.request.revisions.all()), None)
    shown = decision.best or next(iter(item.candidates.all()), None)
    picture = shown.composed if shown else None
    return {
        "key": str(decision.idempotency_key),
        "product": revision.product.title if revision else "",
        "kind": decision.kind,
        "decided_at": decision.created_at,
        "thumb": reverse("generation:picture", args=[picture.thumb_name]) if picture else None,
    }


def codes_answer(variant: str) -> list[dict[str, str]]:
    """The defect codes of a variant, in the order of their number keys."""
    codes = (DEFECT_CODES[key] for key in VARIANTS[variant].defect_codes)
    return [{"key": code.key, "label": _(code.label), "help": _(code.help), "axis": code.axis} for code in codes]


class ClaimSerializer(serializers.Serializer[Any]):
    """`soft` asks for an item after this one, unseen until it is shown: one that is not among the tokens `held`.

    With `item`, its handle, that very item is leased softly, to deliver what was decided on it.
    """

    soft = serializers.BooleanField(default=False)
    held = serializers.ListField(child=serializers.UUIDField(), max_length=50, required=False, default=None)
    item = serializers.UUIDField(required=False, default=None, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["item"] is not None and not attrs["soft"]:
            raise serializers.ValidationError({"item": [_("An item is asked for by its handle with soft only.")]})
        return attrs


class SnoozeSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60, default=30)


class UndoSerializer(serializers.Serializer[Any]):
    """`decision` is the idempotency key of the decision that is meant; without it the latest is."""

    decision = serializers.UUIDField(required=False, default=None, allow_null=True)


class MarkSerializer(serializers.Serializer[Any]):
    """A point (x, y) or a box (with width and height) in shares of the image's sides, 0..1."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1, required=False)
    height = serializers.FloatField(min_value=0, max_value=1, required=False)


class VerdictSerializer(serializers.Serializer[Any]):
    candidate = serializers.UUIDField()
    approved = serializers.BooleanField()
    product_right = serializers.BooleanField(required=False, default=None, allow_null=True)
    scene_right = serializers.BooleanField(required=False, default=None, allow_null=True)
    codes = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, default=list)
    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")
    marks = MarkSerializer(many=True, default=list)


class MaskReportSerializer(serializers.Serializer[Any]):
    """The mask of the original is wrong. `marks` are on the original."""

    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")
    marks = MarkSerializer(many=True, default=list)


class SourceReportSerializer(serializers.Serializer[Any]):
    """The photo itself is of no use."""

    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")


class QuestionSerializer(serializers.Serializer[Any]):
    """What the admins are asked about the item."""

    question = serializers.CharField(max_length=1000)


class DecisionSerializer(serializers.Serializer[Any]):
    """One bundle: a verdict for every sibling, or exactly one of `cannot_judge`, `mask_wrong`, `unsuitable_source` and
    `escalate`. `aids` were looked at before deciding; `guideline` is the number of the version on the screen."""

    idempotency_key = serializers.UUIDField()
    verdicts = VerdictSerializer(many=True, default=list)
    best = serializers.UUIDField(required=False, default=None, allow_null=True)
    cannot_judge = serializers.BooleanField(default=False)
    mask_wrong = MaskReportSerializer(required=False, default=None, allow_null=True)
    unsuitable_source = SourceReportSerializer(required=False, default=None, allow_null=True)
    escalate = QuestionSerializer(required=False, default=None, allow_null=True)
    aids = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, default=list)
    guideline = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, default=None, allow_null=True
    )
    shown_order = serializers.ListField(child=serializers.UUIDField(), max_length=20, default=list)
    active_ms = serializers.IntegerField(min_value=0, max_value=24 * 60 * 60 * 1000, default=0)


class DeskSettingsSerializer(serializers.Serializer[Any]):
    """Fields that are not named stay as they are. What the values may be is reviews.services.desk_settings' to say."""

    preset = serializers.CharField(max_length=20)
    keys = serializers.DictField(child=serializers.CharField(max_length=20, allow_blank=True, trim_whitespace=False))
    keys_on = serializers.BooleanField()
    send_on = serializers.CharField(max_length=10)
    rest_minutes = serializers.IntegerField(min_value=0, max_value=240)
    shows_pace = serializers.BooleanField()

    def validate_keys(self, keys: dict[str, str]) -> dict[str, str]:
        if len(keys) > len(ACTIONS):
            raise serializers.ValidationError(_("There are not so many actions."))
        return keys


class SnapshotSerializer(serializers.ModelSerializer[DatasetSnapshot]):
    exports = serializers.SerializerMethodField()

    class Meta:
        model = DatasetSnapshot
        fields = ("id", "name", "version", "sha256", "filters", "counts", "created_at", "exports")

    def get_exports(self, snapshot: DatasetSnapshot) -> list[dict[str, Any]]:
        return [ExportSerializer(export).data for export in snapshot.exports.all()]


class ExportSerializer(serializers.ModelSerializer[SnapshotExport]):
    files = serializers.SerializerMethodField()

    class Meta:
        model = SnapshotExport
        fields = ("id", "format", "state", "steps_done", "steps_total", "failure", "files", "created_at")

    def get_files(self, export: SnapshotExport) -> list[dict[str, Any]]:
        return [
            {
                "name": entry["name"],
                "bytes": entry["bytes"],
                "sha256": entry["sha256"],
                "url": reverse("reviews:export_file", args=[export.handle, entry["name"]]),
            }
            for entry in export.files
        ]


class NewSnapshotSerializer(serializers.Serializer[Any]):
    name = serializers.SlugField(max_length=80)
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    include_exploration = serializers.BooleanField(default=True)


class NewExportSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=list(EXPORT_FORMATS))
