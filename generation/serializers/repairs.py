"""What the API takes and gives of masks that were reported as wrong, and of photos as unsuitable."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from generation.models import MaskRepair
from generation.serializers.products import RevisionSerializer


class MaskRepairSerializer(serializers.ModelSerializer[MaskRepair]):
    """`revision` is the one whose mask or photo (`reason`) was reported; `marks` are points and boxes in shares of the
    photo's sides."""

    product = serializers.IntegerField(source="revision.product_id")
    revision = RevisionSerializer()
    new_revision = serializers.IntegerField(source="new_revision.number", default=None, allow_null=True)

    class Meta:
        model = MaskRepair
        fields = (
            "id", "reason", "state", "request", "product", "revision", "note", "marks", "created_at", "closed_at",
            "new_revision", "new_request",
        )  # fmt: skip


class RepairSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: a corrected mask, or the number of a later revision that has one. Exactly one of them."""

    mask = serializers.FileField(required=False, default=None)
    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["mask"] is None) == (attrs["revision"] is None):
            raise serializers.ValidationError(_("Send a corrected mask, or the number of a later revision."))
        return attrs
