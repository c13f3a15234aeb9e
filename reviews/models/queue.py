"""Queues, items, slots and leases. One item is one visit of a request's selected candidates to a queue."""

import uuid
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generation.models import Candidate, GenerationRequest
from generation.models.requests import variant_choices
from reviews.models.quotas import QuotaDay


class DecisionPolicy(models.TextChoices):
    """How the decisions of several reviewers become an outcome."""

    ANY_REJECT_FAILS = "any_reject_fails", _("Any reject fails")
    MAJORITY = "majority", _("Majority")


class QueueQuerySet(models.QuerySet["Queue"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)


@pghistory.track()
class Queue(models.Model):
    """Who sees what: the rules by which scored candidates become review items, as data."""

    Policy = DecisionPolicy

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(_("name"), max_length=80)
    variant = models.CharField(_("variant"), max_length=40, choices=variant_choices)
    overlap = models.PositiveSmallIntegerField(
        _("reviewers an item"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    policy = models.CharField(
        _("decision policy"), max_length=20, choices=DecisionPolicy, default=DecisionPolicy.ANY_REJECT_FAILS
    )
    top_ranks = models.PositiveSmallIntegerField(_("top ranks shown"), default=3, validators=[MinValueValidator(1)])
    score_floor = models.FloatField(
        _("score floor"),
        default=0.1,
        help_text=_("Below it a candidate is shown only by exploration."),
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    exploration_share = models.FloatField(
        _("exploration share"),
        default=0.1,
        help_text=_("Probability that a candidate outside the top is shown too."),
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    lease_seconds = models.PositiveIntegerField(_("lease, seconds"), default=600, validators=[MinValueValidator(30)])
    soft_lease_seconds = models.PositiveIntegerField(
        _("prefetch lease, seconds"), default=120, validators=[MinValueValidator(10)]
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Queue"]] = QueueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="queue_name_once")]

    def __str__(self) -> str:
        return self.name


class ItemState(models.TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReviewItem(models.Model):
    """`handle` is random: it tells a reviewer neither the age of the item nor how many there are."""

    State = ItemState
    MOVES = {
        ItemState.OPEN: frozenset({ItemState.RESOLVED, ItemState.WITHDRAWN}),
        ItemState.RESOLVED: frozenset({ItemState.OPEN}),
        ItemState.WITHDRAWN: frozenset({ItemState.OPEN}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="items")
    request = models.ForeignKey(GenerationRequest, on_delete=models.PROTECT, related_name="review_items")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.OPEN)
    candidates = models.ManyToManyField(Candidate, through="ItemCandidate", related_name="review_items")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "request"], condition=Q(state="open"), name="one_open_item"),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.request}"


class SelectionReason(models.TextChoices):
    TOP_RANK = "top_rank", _("Top rank")
    EXPLORATION = "exploration", _("Exploration")


class ItemCandidate(models.Model):
    """A candidate in an item, why it is there and with what probability it was to be shown (its propensity)."""

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="item_candidates")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="item_candidates")
    reason = models.CharField(max_length=12, choices=SelectionReason)
    propensity = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "candidate"], name="candidate_once_per_item")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.candidate_id}"


class SlotState(models.TextChoices):
    READY = "ready", _("Ready")
    LEASED = "leased", _("Leased")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("Closed")


class Slot(models.Model):
    """The seat of one reviewer at one item, made beforehand: the overlap cannot be exceeded because no seat is left.

    `images` and `queue` are copied from the item so that the claim reads one table. `quota_day` is the day that was
    charged for the lease, so that giving it back credits the same day. A soft lease is off the screen: prefetched, or
    seen before and set aside. `seen_at` is when its reviewer first had it on the screen; a prefetched one has none.
    A closed slot is nobody's and cannot be claimed: its item is withdrawn. It keeps the token of the lease that the
    closing ended, so that the holder, sending late, is told why.
    Written by reviews.services.queue and reviews.services.decisions only, in single statements.
    """

    State = SlotState

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="slots")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="slots")
    number = models.PositiveSmallIntegerField()
    images = models.PositiveSmallIntegerField()
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=SlotState, default=SlotState.READY)
    attempt = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="slots")
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    is_soft = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    quota_day = models.ForeignKey(QuotaDay, null=True, on_delete=models.PROTECT, related_name="slots")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="slot_number_once"),
            models.UniqueConstraint(
                fields=["item", "reviewer"], condition=Q(reviewer__isnull=False), name="no_reviewer_twice"
            ),
            models.CheckConstraint(
                name="slot_in_exactly_one_state",
                condition=Q(state="ready", reviewer=None, lease_token=None, lease_until=None, quota_day=None)
                | Q(
                    state="leased",
                    reviewer__isnull=False,
                    lease_token__isnull=False,
                    lease_until__isnull=False,
                    quota_day__isnull=False,
                )
                | Q(
                    state="decided", reviewer__isnull=False, lease_token=None, lease_until=None, quota_day__isnull=False
                )
                | Q(state="closed", reviewer=None, lease_until=None, quota_day=None),
            ),
        ]
        indexes = [
            models.Index(
                "queue", F("priority").desc(), "id", condition=Q(state__in=["ready", "leased"]), name="slot_claimable"
            ),
            models.Index(fields=["reviewer"], condition=Q(state="leased"), name="slot_leased_by"),
            models.Index(fields=["lease_token"], condition=Q(state="closed"), name="slot_closed_by_token"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


class Snooze(models.Model):
    """A reviewer put an item off: until then it is not offered to them; to everybody else it is as before."""

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="snoozes")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["item", "reviewer"])]

    def __str__(self) -> str:
        return f"{self.reviewer_id} put off {self.item_id}"


class Skip(models.Model):
    """A reviewer passed an item by: it is not offered to them again; to everybody else it is as before."""

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="skips")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skips")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "reviewer"], name="skip_once")]

    def __str__(self) -> str:
        return f"{self.reviewer_id} skipped {self.item_id}"
