"""What the API takes and gives of trainings and model versions."""

from typing import Any

from rest_framework import serializers

from accounts.rules import team_of
from generation.models import DatasetSnapshot, ModelVersion, TrainingRun
from generation.models.requests import variant_choices
from generation.models.training import trainer_choices
from generation.variants import DEFAULT_VARIANT


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    """`snapshot` is null where the version was trained on another team's: versions are shared, datasets are not."""

    snapshot = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = (
            "id", "kind", "variant", "engine", "name", "number", "sha256", "is_demonstration", "state", "metrics",
            "snapshot", "created_at", "activated_at",
        )  # fmt: skip

    def get_snapshot(self, version: ModelVersion) -> int | None:
        team = team_of(self.context["request"]._request)
        return version.snapshot_id if version.snapshot and version.snapshot.team_id == team.pk else None


class TrainingRunSerializer(serializers.ModelSerializer[TrainingRun]):
    class Meta:
        model = TrainingRun
        fields = (
            "id", "trainer", "variant", "snapshot", "state", "steps_done", "steps_total", "curve", "note", "failure",
            "version", "created_at", "ended_at",
        )  # fmt: skip


class NewTrainingRunSerializer(serializers.Serializer[Any]):
    snapshot = serializers.PrimaryKeyRelatedField(queryset=DatasetSnapshot.objects.none())
    trainer = serializers.ChoiceField(choices=trainer_choices())
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if team := self.context.get("team"):  # another team's snapshot does not exist for this caller
            self.fields["snapshot"].queryset = DatasetSnapshot.objects.of_team(team)  # type: ignore[attr-defined]
