"""What the API takes and gives of bulk imports."""

from typing import Any

from rest_framework import serializers

from generation.models import BulkImport, ImportProblem


class ImportSerializer(serializers.ModelSerializer[BulkImport]):
    class Meta:
        model = BulkImport
        fields = (
            "id", "kind", "name", "dry_run", "state", "total", "position", "added", "changed", "unchanged", "refused",
            "without_mask", "byte_size", "sha256", "failure", "seconds", "created_at", "ended_at",
        )  # fmt: skip


class NewImportSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: a ZIP archive of pictures, with or without the table that lists them."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=BulkImport.Kind.choices, default=BulkImport.Kind.PRODUCTS)
    dry_run = serializers.BooleanField(default=False)


class ImportProblemSerializer(serializers.ModelSerializer[ImportProblem]):
    """`line` is that of the table, or the row's number where there is none; 0 speaks of the whole file."""

    detail = serializers.CharField(source="sentence")
    note = serializers.BooleanField(source="is_note")

    class Meta:
        model = ImportProblem
        fields = ("line", "name", "field", "code", "detail", "note")
