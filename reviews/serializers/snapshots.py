"""Datasets and their exports."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from generation.models import DatasetSnapshot
from generation.models.requests import variant_choices
from generation.variants import DEFAULT_VARIANT
from reviews.formats import EXPORT_FORMATS
from reviews.models import SnapshotExport


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
