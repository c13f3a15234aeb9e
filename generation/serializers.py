"""What the API takes and gives. Checks of form only: what is allowed is decided by the services."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rules import team_of
from generation.imaging.maskchecks import MaskNote
from generation.imaging.strokes import BRUSH, ERASER, LARGEST_RADIUS
from generation.models import (
    BulkImport,
    Candidate,
    DatasetSnapshot,
    Finding,
    GenerationRequest,
    ImportProblem,
    LimitChange,
    MaskProposal,
    MaskRepair,
    ModelVersion,
    Picture,
    Product,
    ProductRevision,
    TrainingRun,
)
from generation.models.requests import variant_choices
from generation.models.training import trainer_choices
from generation.registries import BY_RECTANGLE
from generation.services.elsewhere import LONGEST_MODEL_NAME
from generation.services.limits import LimitInForce
from generation.services.masks import NOTHING, PRESENT, PROPOSAL, notes_of_picture
from generation.services.requests import (
    LARGEST_SEED,
    LONGEST_PROMPT,
    MOST_CANDIDATES,
    MOST_GUIDANCE,
    MOST_STEPS,
)
from generation.variants import DEFAULT_VARIANT, VARIANTS

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


class PictureSerializer(serializers.ModelSerializer[Picture]):
    thumb_url = serializers.SerializerMethodField()
    fit_url = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = ("sha256", "width", "height", "thumb_url", "fit_url")

    def get_thumb_url(self, picture: Picture) -> str:
        return reverse("generation:picture", args=[picture.thumb_name])

    def get_fit_url(self, picture: Picture) -> str:
        return reverse("generation:picture", args=[picture.fit_name])


class RevisionSerializer(serializers.ModelSerializer[ProductRevision]):
    photo = PictureSerializer()
    mask = PictureSerializer(allow_null=True)

    class Meta:
        model = ProductRevision
        fields = ("id", "number", "photo", "mask", "mask_coverage", "created_at")


class ProductSerializer(serializers.ModelSerializer[Product]):
    revisions = RevisionSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = ("id", "title", "category", "external_id", "created_at", "revisions")


class NewProductSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`. Without a mask file the photo's own alpha channel is taken; a photo with neither waits
    for a revision that brings a mask."""

    title = serializers.CharField(max_length=200)
    category = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    photo = serializers.FileField()
    mask = serializers.FileField(required=False, default=None)


class NewRevisionSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: a better photo, or a better mask for the newest photo, of a product already here."""

    photo = serializers.FileField(required=False, default=None)
    mask = serializers.FileField(required=False, default=None)


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


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """`reason` says why there is a limit; empty for a measure without one."""

    reason = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = ("guard", "measure", "value", "threshold", "violated", "blocking", "reason")

    def get_reason(self, finding: Finding) -> str:
        limits = VARIANTS[finding.candidate.request.variant].limits
        return next((_(limit.reason) for limit in limits if limit.measure == finding.measure), "")


class CandidateSerializer(serializers.ModelSerializer[Candidate]):
    picture = PictureSerializer(source="composed")
    findings = FindingSerializer(many=True)
    score = serializers.SerializerMethodField()
    rank = serializers.SerializerMethodField()

    class Meta:
        model = Candidate
        fields = ("handle", "position", "state", "picture", "findings", "score", "rank", "recipe", "created_at")

    def get_score(self, candidate: Candidate) -> float | None:
        score = self._score_in_use(candidate)
        return score.value if score else None

    def get_rank(self, candidate: Candidate) -> int | None:
        score = self._score_in_use(candidate)
        return score.rank if score else None

    def _score_in_use(self, candidate: Candidate) -> Any:
        version = candidate.request.reward_version_id
        return next((score for score in candidate.scores.all() if score.version_id == version), None)


class RequestSerializer(serializers.ModelSerializer[GenerationRequest]):
    """`made_elsewhere_by` names the model of candidates made elsewhere; seed, steps and guidance are null then."""

    products = serializers.SerializerMethodField()
    made_elsewhere_by = serializers.SerializerMethodField()

    class Meta:
        model = GenerationRequest
        fields = (
            "id", "variant", "prompt", "products", "candidate_count", "seed", "steps", "guidance", "made_elsewhere_by",
            "state", "steps_done", "steps_total", "failure", "created_at", "ended_at",
        )  # fmt: skip

    def get_products(self, request: GenerationRequest) -> list[int]:
        return [entry.revision.product_id for entry in request.request_products.all()]

    def get_made_elsewhere_by(self, request: GenerationRequest) -> str | None:
        return str(request.generator_version) if request.is_made_elsewhere else None


class RequestDetailSerializer(RequestSerializer):
    """One request with what was made for it."""

    candidates = CandidateSerializer(many=True, read_only=True)

    class Meta:
        model = GenerationRequest
        fields = (*RequestSerializer.Meta.fields, "candidates")


class NewRequestSerializer(serializers.Serializer[Any]):
    """`product` takes its newest revision, or the one named by `revision`."""

    product = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    prompt = serializers.CharField(max_length=LONGEST_PROMPT)
    candidates = serializers.IntegerField(min_value=1, max_value=MOST_CANDIDATES, allow_null=True, default=None)
    seed = serializers.IntegerField(min_value=0, max_value=LARGEST_SEED, allow_null=True, default=None)
    steps = serializers.IntegerField(min_value=1, max_value=MOST_STEPS, allow_null=True, default=None)
    guidance = serializers.FloatField(min_value=0, max_value=MOST_GUIDANCE, allow_null=True, default=None)


class AdoptedRequestSerializer(serializers.Serializer[Any]):
    """`multipart/form-data`: candidates that `model` made elsewhere, one file each, all in the photo's proportions."""

    product = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    model = serializers.CharField(max_length=LONGEST_MODEL_NAME)
    prompt = serializers.CharField(max_length=LONGEST_PROMPT)
    images = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=MOST_CANDIDATES)


class MaskRepairSerializer(serializers.ModelSerializer[MaskRepair]):
    """`revision` is the one whose mask was reported; `marks` are points and boxes in shares of its photo's sides."""

    product = serializers.IntegerField(source="revision.product_id")
    revision = RevisionSerializer()
    new_revision = serializers.IntegerField(source="new_revision.number", default=None, allow_null=True)

    class Meta:
        model = MaskRepair
        fields = (
            "id", "state", "request", "product", "revision", "note", "marks", "created_at", "closed_at",
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


class LimitChangeSerializer(serializers.ModelSerializer[LimitChange]):
    """Without a threshold, the variant's own limit was put in force again."""

    changed_by = serializers.CharField(source="changed_by.username")

    class Meta:
        model = LimitChange
        fields = ("threshold", "blocks", "reason", "changed_by", "created_at")


class LimitSerializer(serializers.Serializer[Any]):
    """`reason` says why there is a limit at all, `change` who set another one, when and why."""

    measure = serializers.CharField(source="limit.measure")
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field here, not the word for one
    reason = serializers.SerializerMethodField()
    bound = serializers.ChoiceField(choices=["at_most", "at_least"], source="limit.bound")
    threshold = serializers.FloatField(source="limit.threshold")
    blocks = serializers.BooleanField(source="limit.blocks")
    default_threshold = serializers.FloatField(source="default.threshold")
    default_blocks = serializers.BooleanField(source="default.blocks")
    lowest = serializers.FloatField(source="default.lowest")
    highest = serializers.FloatField(source="default.highest")
    locked = serializers.BooleanField(source="default.locked")
    change = LimitChangeSerializer(allow_null=True)

    def get_label(self, entry: LimitInForce) -> str:
        return _(entry.limit.label)

    def get_reason(self, entry: LimitInForce) -> str:
        return _(entry.limit.reason)


class TriedLimitSerializer(serializers.Serializer[Any]):
    variant = serializers.ChoiceField(choices=variant_choices(), default=DEFAULT_VARIANT)
    measure = serializers.CharField(max_length=40)
    threshold = serializers.FloatField()
    blocks = serializers.BooleanField()


class ShareSerializer(serializers.Serializer[Any]):
    """A part of `n` candidates, with the 95 % interval of its rate."""

    count = serializers.IntegerField()
    n = serializers.IntegerField()
    rate = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class TriedCandidateSerializer(serializers.ModelSerializer[Candidate]):
    picture = PictureSerializer(source="composed")

    class Meta:
        model = Candidate
        fields = ("handle", "request", "position", "picture")


class DryRunSerializer(serializers.Serializer[Any]):
    """The lists hold the newest twelve of each kind."""

    newly_blocked = ShareSerializer()
    newly_passed = ShareSerializer()
    blocked_now = ShareSerializer()
    blocked_then = ShareSerializer()
    blocked_candidates = TriedCandidateSerializer(many=True)
    passed_candidates = TriedCandidateSerializer(many=True)
