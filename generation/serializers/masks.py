"""What the API takes and gives of masks that are proposed and drawn."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generation.imaging.maskchecks import MaskNote
from generation.imaging.strokes import BRUSH, ERASER, LARGEST_RADIUS
from generation.models import MaskProposal
from generation.registries import BY_RECTANGLE
from generation.serializers.products import PictureSerializer
from generation.services.masks import NOTHING, PRESENT, PROPOSAL, notes_of_picture

LARGEST_NUMBER = 2**31 - 1


class RectangleShape(serializers.Serializer[Any]):
    """In shares of the photo, 0 to 1."""

    left = serializers.FloatField(min_value=0, max_value=1)
    top = serializers.FloatField(min_value=0, max_value=1)
    right = serializers.FloatField(min_value=0, max_value=1)
    bottom = serializers.FloatField(min_value=0, max_value=1)


class StrokeShape(serializers.Serializer[Any]):
    """Points are (x, y) in shares of width and height, the radius of the longest side."""

    tool = serializers.ChoiceField(choices=[BRUSH, ERASER])
    radius = serializers.FloatField(min_value=0, max_value=LARGEST_RADIUS)
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2), min_length=1
    )


class MaskNoteSerializer(serializers.Serializer[MaskNote]):
    """Something a person should look at again. It warns; nothing is refused for it."""

    code = serializers.CharField()
    message = serializers.SerializerMethodField()

    def get_message(self, note: MaskNote) -> str:
        return _(note.message) % note.params


class MaskProposalSerializer(serializers.ModelSerializer[MaskProposal]):
    """`mask` and `notes` come when it is ready; `failure` says why there is none."""

    revision = serializers.IntegerField(source="revision.number")
    mask = PictureSerializer(allow_null=True)
    notes = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()

    class Meta:
        model = MaskProposal
        fields = (
            "handle", "revision", "segmenter", "rectangle", "state", "mask", "notes", "failure", "created_at",
            "ended_at",
        )  # fmt: skip

    @extend_schema_field(MaskNoteSerializer(many=True))
    def get_notes(self, proposal: MaskProposal) -> Any:
        return [MaskNoteSerializer(note).data for note in notes_of_picture(proposal.revision, proposal.mask)]

    def get_failure(self, proposal: MaskProposal) -> str:
        return _(proposal.failure) if proposal.failure else ""


@extend_schema_field(RectangleShape)
class RectangleField(serializers.JSONField):
    """Checked by `imaging.strokes.read_rectangle`, whose sentences say what to do."""


@extend_schema_field(StrokeShape(many=True))
class StrokesField(serializers.JSONField):
    """Checked by `imaging.strokes.read_strokes`: nested serializers would take a second for a long session."""


class NewMaskProposalSerializer(serializers.Serializer[Any]):
    """`grabcut` needs the rectangle. `hints` show what is product for certain, or is not."""

    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, allow_null=True, default=None)
    segmenter = serializers.CharField(max_length=40, default=BY_RECTANGLE)
    rectangle = RectangleField(allow_null=True, default=None)
    hints = StrokesField(default=list)  # type: ignore[arg-type]


class UploadedMaskSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, allow_null=True, default=None)
    mask = serializers.FileField()


class BaseShape(serializers.Serializer[Any]):
    """What the strokes are drawn on; `handle` names the proposal where `kind` is proposal."""

    kind = serializers.ChoiceField(choices=[NOTHING, PRESENT, PROPOSAL])
    handle = serializers.UUIDField(default=None, allow_null=True)


class DrawnMaskSerializer(serializers.Serializer[Any]):
    """`seen` is the newest revision the sender knows of: one that came later is not covered up unnoticed.

    `repair` is a reported mask that this one corrects: saving it ends the report and asks for candidates again.
    """

    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, allow_null=True, default=None)
    seen = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, allow_null=True, default=None)
    repair = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, allow_null=True, default=None)
    base = BaseShape()
    strokes = StrokesField(default=list)  # type: ignore[arg-type]
