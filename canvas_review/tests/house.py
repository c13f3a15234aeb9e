"""One furnished house for the tests of pages and routes: something of everything that a team can have."""

import io
import uuid
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import ApiToken
from accounts.tests.factories import Cast, make_token
from delivery.models import Notice, WebhookAttempt, WebhookEndpoint
from delivery.services import endpoints, notices, webhooks
from generation.models import (
    BulkImport,
    Candidate,
    DatasetSnapshot,
    Finding,
    GenerationRequest,
    ImportProblem,
    MaskProposal,
    MaskRepair,
    ModelVersion,
    ProductRevision,
    TrainingRun,
)
from generation.services import limits
from generation.services.derivatives import store_picture
from generation.tests.factories import (
    make_adopted_request,
    make_picture,
    make_request,
    make_revision,
    make_version,
)
from generation.variants import VARIANTS
from reviews.models import (
    Decision,
    Escalation,
    GuidelineVersion,
    Outcome,
    Queue,
    ReviewerGroup,
    ReviewItem,
    Rework,
    ReworkItem,
    Skill,
    Slot,
    SnapshotExport,
    Snooze,
)
from reviews.services import calibration, crews, gold, guidelines, quotas
from reviews.services.bundles import Question, SourceReport
from reviews.services.guidelines import ExampleInput
from reviews.services.verdicts import VerdictInput
from reviews.tests.factories import claimed, decide, make_item, make_queue, report

FORMAT = "pickapic-parquet/1"
VARIANT = "background_enhancement"
TITLE = "Grüne Tasse"
PASSWORD = "a long enough password"
PROMPT = "eine Tasse auf einem Tisch"
WHY = "zu viele Säume"
QUESTION = "Zählt der Henkel?"
MARKS = [{"x": 0.5, "y": 0.25}, {"x": 0.1, "y": 0.1, "width": 0.3, "height": 0.2}]
METRICS = {"pair_accuracy": 0.81, "auc": 0.77, "calibration_error": 0.05, "pairs": 412}


@dataclass
class House:
    cast: Cast
    revision: ProductRevision
    """The second of its product."""
    unmasked: ProductRevision
    """A photo that waits for its mask."""
    proposal: MaskProposal
    """Asked for, of `unmasked`."""
    requests: dict[str, GenerationRequest]
    """One in every state; the ready one has candidates in every state, with findings, scores and outcomes."""
    adopted: GenerationRequest
    """Its candidates were made elsewhere."""
    approved: Candidate
    lease: Slot
    """Held by the reviewer."""
    decided: ReviewItem
    judgement: Decision
    """The reviewer's on `decided`: with a comment, marks, an aid and a best one; a dataset has not taken it."""
    known: ReviewItem
    """A calibration, of an item whose right answer was set, which the reviewer has judged wrongly."""
    known_queue: Queue
    version: ModelVersion
    """Proposed by `run`."""
    active: ModelVersion
    run: TrainingRun
    queued_run: TrainingRun
    snapshot: DatasetSnapshot
    export: SnapshotExport
    token: ApiToken
    repair: MaskRepair
    """Open, with a place shown by the reviewer."""
    photo_report: MaskRepair
    """Open, of an unsuitable photo."""
    question: Escalation
    """Open, asked by the second reviewer."""
    checked_import: BulkImport
    """A dry run that has ended, with a refused row; its archive is kept."""
    running_import: BulkImport
    guideline: GuidelineVersion
    """The second of its variant, with a good and a bad example."""
    group: ReviewerGroup
    """The reviewer is in it."""
    skill: Skill
    """The reviewer has it."""
    rework: Rework
    """Done with one item and passed over another; undoing it changes nothing that other tests count."""
    running_rework: Rework
    webhook: WebhookEndpoint
    """Of two messages one was delivered at the second try, and one waits."""
    notices: dict[str, Notice]
    """Unread, one for each of the cast, by their role."""


def picture_bytes(mode: str = "RGB") -> bytes:
    """A small PNG; with the mode RGBA its middle is opaque and its rim is not."""
    pixels = np.full((64, 64, len(mode)), 180, np.uint8)
    pixels[16:48, 16:48] = (200, 40, 40, 255)[: len(mode)]
    if mode == "RGBA":
        pixels[:8, :, 3] = pixels[-8:, :, 3] = pixels[:, :8, 3] = pixels[:, -8:, 3] = 0
        pixels[8:56, 8:56, 3] = 255
    return _png(pixels)


def mask_bytes(side: int = 64) -> bytes:
    pixels = np.zeros((side, side), np.uint8)
    pixels[side // 4 : side * 3 // 4, side // 4 : side * 3 // 4] = 255
    return _png(pixels)


def _png(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def make_house(cast: Cast) -> House:
    make_queue(cast.team)
    cast.admin.set_password(PASSWORD)
    cast.admin.save()
    revision = _product(cast)
    unmasked = make_revision(cast.operator, has_mask=False)
    proposal = MaskProposal.objects.create(revision=unmasked, segmenter="grabcut", created_by=cast.operator)
    requests = {
        state: make_request(cast.operator, revision=revision, state=state, prompt=PROMPT, steps_done=3, steps_total=16)
        for state in GenerationRequest.State.values
        if state != GenerationRequest.State.READY
    }
    requests["failed"].failure = "The engine gave up."
    requests["failed"].save()
    decided, approved, judgement = _decided(cast)
    requests["ready"] = decided.request
    snapshot = _snapshot(cast)  # before: a dataset holds what was said of known items until then
    known = _known(cast)
    make_item(cast.operator, 2)
    lease = claimed(cast.reviewer)
    make_item(cast.operator, 2)
    report(cast.second_reviewer, claimed(cast.second_reviewer), PROMPT, [{"x": 0.5, "y": 0.25}])
    _other_words(cast)
    version = make_version("reward", metrics={"candidate": METRICS, "incumbent": METRICS}, snapshot=snapshot)
    active = make_version("reward")
    ModelVersion.objects.filter(pk=active.pk).update(state="active", activated_at=timezone.now())
    run = _run(snapshot, state="succeeded", note="Done", curve=[[1, 0.7], [2, 0.5], [3, 0.4]], version=version)
    quotas.set_limit(cast.reviewer, 150, by=cast.admin)
    _limits(cast)
    make_token(cast.operator)
    waiting = _run(snapshot, note="Fitting the head", failure="It broke off once.")
    return House(
        cast=cast, revision=revision, unmasked=unmasked, proposal=proposal, requests=requests,
        adopted=make_adopted_request(cast.operator),
        approved=approved, lease=lease, decided=decided, judgement=judgement, known=known, known_queue=known.queue,
        version=version, active=active, run=run, queued_run=waiting, snapshot=snapshot,
        export=_export(snapshot, cast), token=ApiToken.objects.get(user=cast.operator),
        repair=MaskRepair.objects.get(team=cast.team, reason="mask"),
        photo_report=MaskRepair.objects.get(team=cast.team, reason="source"),
        question=Escalation.objects.get(item__queue__team=cast.team),
        checked_import=_checked_import(cast), running_import=_import(cast, state="running", position=3, seconds=1.5),
        guideline=_guideline(cast, approved), group=_group(cast), skill=_skill(cast),
        rework=_rework(cast, lease.item, decided, state="done", items_total=2, items_done=1, items_passed=1),
        running_rework=_rework(cast, state="running", items_total=700, items_done=50),
        webhook=_webhook(cast), notices=_notices(cast),
    )  # fmt: skip


def _group(cast: Cast) -> ReviewerGroup:
    group = crews.create_group(cast.team, cast.admin, "Frühschicht")
    crews.set_members(group, cast.admin, [cast.reviewer])
    return group


def _skill(cast: Cast) -> Skill:
    skill = crews.create_skill(cast.team, cast.admin, "Säume")
    crews.set_skills_of(cast.reviewer, cast.admin, {skill.pk: 4})
    return skill


def _rework(cast: Cast, *items: ReviewItem, **values: object) -> Rework:
    act = {"kind": "prioritise", "to_queue": None, "to_priority": 0, "fresh_eyes": False}
    chosen = {"variant": VARIANT, "reviewer": cast.reviewer.username, "since": "2026-01-01", "handles": ["a"]}
    rework = Rework.objects.create(
        team=cast.team, kind="prioritise", reason=WHY, said={"act": act, "choice": chosen}, done_by=cast.admin, **values
    )
    for item, state, why in zip(items, ("done", "passed"), ("", "not_waiting"), strict=False):
        ReworkItem.objects.create(rework=rework, item=item, state=state, why=why, before={"priority": 0})
    return rework


def _webhook(cast: Cast) -> WebhookEndpoint:
    endpoint, _secret = endpoints.create_endpoint(
        cast.team, cast.admin, url="https://example.com/canvas", topics=["candidate.approved"], description=WHY
    )
    for about in ("1", "2"):
        webhooks.announce(cast.team, "candidate.approved", about, {"outcome": "approved"})
    first = endpoint.messages.earliest("pk")
    for status, error, answer in ((None, "timeout", ""), (200, "", PROMPT)):
        WebhookAttempt.objects.create(message=first, status=status, error=error, answer=answer, duration_ms=12)
    endpoint.messages.filter(pk=first.pk).update(state="delivered", next_try_at=None)
    return endpoint


def _notices(cast: Cast) -> dict[str, Notice]:
    """A notice of every level for everybody; the newest, which is unread, is given back."""
    people = {role: getattr(cast, role) for role in ("operator", "reviewer", "ml_engineer", "admin")}
    for kind in ("quota.reached", "import.finished", "import.failed"):
        notices.tell(people.values(), kind, "1", {"name": TITLE, "limit": 150}, "/guidelines/")
    return {role: Notice.objects.filter(user=user).latest("pk") for role, user in people.items()}


def _guideline(cast: Cast, approved: Candidate) -> GuidelineVersion:
    assert approved.composed is not None
    examples = [
        ExampleInput(approved.composed, True, PROMPT, candidate=approved),
        ExampleInput(approved.composed, False, WHY, "seam"),
    ]
    guidelines.publish_guideline(cast.team, cast.admin, VARIANT, text=f"# {WHY}\n\n{PROMPT}", examples=examples)
    return guidelines.publish_guideline(
        cast.team, cast.admin, VARIANT, text=f"# {WHY}\n\n| {PROMPT} | {TITLE} |\n|--|--:|\n| {WHY} | 2 |",
        change_note=WHY,
    )  # fmt: skip


def _product(cast: Cast) -> ProductRevision:
    first = make_revision(cast.operator)
    first.product.title = TITLE
    first.product.external_id = f"sku-{uuid.uuid4().hex[:6]}"
    first.product.save()
    return make_revision(cast.operator, first.product)


def _decided(cast: Cast) -> tuple[ReviewItem, Candidate, Decision]:
    """A ready request judged by the reviewer: one approved, one rejected, and one that a guard had blocked."""
    item = make_item(cast.operator, 2)
    GenerationRequest.objects.filter(pk=item.request_id).update(prompt=PROMPT)
    first, second = item.candidates.order_by("pk")
    said = [
        VerdictInput(first.handle, approved=True),
        VerdictInput(second.handle, approved=False, codes=["seam"], comment=WHY, marks=MARKS),
    ]
    judgement = decide(
        cast.reviewer, claimed(cast.reviewer), said, best=first.handle, active_ms=75_000,
        shown_order=[second.pk, first.pk],
    )  # fmt: skip
    for bits, candidate in enumerate((first, second)):
        Candidate.objects.filter(pk=candidate.pk).update(perceptual_hash=bits)
    gold.set_gold(item.item_candidates.get(candidate=second), cast.admin, approved=False, codes=["seam", "floating"])
    outcomes = list(Outcome.objects.filter(item=item).order_by("pk"))
    approved = outcomes[0].candidate
    pixels = np.asarray(Pillow.open(io.BytesIO(picture_bytes())), dtype=np.uint8)
    Candidate.objects.filter(pk=approved.pk).update(composed=store_picture(cast.team, pixels, lossless=True))
    blocked = Candidate.objects.create(
        request=item.request, position=5, state="blocked", raw=make_picture(cast.team),
        composed=make_picture(cast.team),
        generator_version=approved.generator_version,
    )  # fmt: skip
    Finding.objects.create(
        candidate=blocked, guard="seam", measure="seam_energy", value=9.0, threshold=4.2, violated=True, blocking=True,
        proof=make_picture(cast.team),
    )  # fmt: skip
    Finding.objects.create(candidate=approved, guard="seam", measure="seam_energy", value=1.0, threshold=4.2)
    item.request.refresh_from_db()
    approved.refresh_from_db()
    return item, approved, judgement


def _known(cast: Cast) -> ReviewItem:
    """The second reviewer has judged an item whose right answer an admin has set since; the reviewer says otherwise."""
    item = make_item(cast.operator, 1)
    decide(cast.second_reviewer, claimed(cast.second_reviewer))
    item.refresh_from_db()
    gold.set_gold(item.item_candidates.get(), cast.admin, approved=True)
    visit = calibration.show_now(item, cast.admin)
    slot = claimed(cast.reviewer)
    said = VerdictInput(item.candidates.get().handle, approved=False, codes=["seam"], comment=WHY)
    decide(cast.reviewer, slot, [said])
    visit.refresh_from_db()
    return visit


def _other_words(cast: Cast) -> None:
    """The second reviewer says of one item that its photo is unsuitable, and asks about another, which the reviewer has
    put off."""
    for said in ({"unsuitable_source": SourceReport(PROMPT)}, {"escalate": Question(QUESTION)}):
        item = make_item(cast.operator, 2)
        decide(cast.second_reviewer, claimed(cast.second_reviewer), [], **said)
    Snooze.objects.create(item=item, reviewer=cast.reviewer, until=timezone.now() + timedelta(hours=2))


def _limits(cast: Cast) -> None:
    """A limit that was changed, and one that was changed and put back."""
    variant = VARIANTS[VARIANT]
    for measure, threshold in (("seam_energy", 3.8), ("unsafe_score", 0.4)):
        limits.change_limit(cast.team, cast.admin, variant, measure, threshold=threshold, blocks=True, reason=WHY)
    limits.reset_limit(cast.team, cast.admin, variant, "unsafe_score", reason=WHY)


def _snapshot(cast: Cast) -> DatasetSnapshot:
    shares = {"train": 30, "validation": 4, "test": 6}
    counts = dict.fromkeys(("sources", "candidates", "pairs", "approved"), shares) | {"decisions": 20, "products": 9}
    return DatasetSnapshot.objects.create(
        team=cast.team, name="becher", version=3, sha256="7" * 64, files={}, counts=counts, created_by=cast.ml_engineer
    )


def _run(snapshot: DatasetSnapshot, **values: object) -> TrainingRun:
    return TrainingRun.objects.create(
        team=snapshot.team, trainer="efficientnet-head", variant="background_enhancement", snapshot=snapshot,
        created_by=snapshot.created_by, **values,
    )  # fmt: skip


def _import(cast: Cast, **values: object) -> BulkImport:
    return BulkImport.objects.create(
        team=cast.team, kind="products", name="2026.zip", total=700, created_by=cast.operator, **values
    )


def _checked_import(cast: Cast) -> BulkImport:
    stored = default_storage.save(f"imports/{uuid.uuid4().hex}.zip", ContentFile(b"PK"))
    checked = _import(
        cast, dry_run=True, state="succeeded", stored=stored, position=700, added=699, refused=1,
        ended_at=timezone.now(), failure="The storage was away.",
    )  # fmt: skip
    ImportProblem.objects.create(
        bulk_import=checked, line=12, name="88-1", field="mask", code="mask_empty",
        message="The mask marks no product. Paint the product white.",
    )  # fmt: skip
    return checked


def _export(snapshot: DatasetSnapshot, cast: Cast) -> SnapshotExport:
    stored = default_storage.save("exports/manifest.json", ContentFile(b"{}"))
    entry = {"name": "train/manifest.json", "storage": stored, "bytes": 2, "sha256": "1" * 64}
    return SnapshotExport.objects.create(
        snapshot=snapshot, format=FORMAT, state="ready", files=[entry], created_by=cast.ml_engineer
    )
