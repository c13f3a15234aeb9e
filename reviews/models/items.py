"""Items, slots and leases. One item is one visit of a request's selected candidates to a queue."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from generation.models import Candidate, GenerationRequest
from reviews.models.counts import COUNT_SLOTS
from reviews.models.queues import Queue
from reviews.models.quotas import QuotaDay


class ItemState(models.TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReviewItem(models.Model):
    """`handle` is random: it tells a reviewer neither the age of the item nor how many there are.

    `entered_because` tells admins which rule of the queue let it in and with which values (reviews.routing.Entry).
    `first` is the request's first visit, of which this is a later one: a second look, an adjudication, rework.
    """

    State = ItemState
    MOVES = {
        ItemState.OPEN: frozenset({ItemState.RESOLVED, ItemState.WITHDRAWN}),
        ItemState.RESOLVED: frozenset({ItemState.OPEN, ItemState.WITHDRAWN}),
        ItemState.WITHDRAWN: frozenset({ItemState.OPEN, ItemState.RESOLVED}),
    }

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="items")
    request = models.ForeignKey(GenerationRequest, on_delete=models.PROTECT, related_name="review_items")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.OPEN)
    candidates = models.ManyToManyField(Candidate, through="ItemCandidate", related_name="review_items")
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    entered_because = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
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

    `images` and `queue` are copied from the item so that the claim reads one table. `turn_at` says whose turn it is,
    the earliest first (reviews.ordering). With `fresh_eyes` it is not for who has judged another visit of its `family`,
    the request's first item. `quota_day` is the day that was
    charged for the lease, so that giving it back credits the same day. A soft lease is off the screen: prefetched, or
    seen before and set aside. `seen_at` is when its reviewer first had it on the screen; a prefetched one has none.
    A closed slot is nobody's and cannot be claimed: its item is withdrawn. It keeps the token of the lease that the
    closing ended, so that the holder, sending late, is told why.
    Written by services only, in single statements.
    """

    State = SlotState

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="slots")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="slots")
    number = models.PositiveSmallIntegerField()
    images = models.PositiveSmallIntegerField()
    turn_at = models.DateTimeField(db_default=Now())
    family = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="+")
    fresh_eyes = models.BooleanField(default=False)
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
            models.Index("queue", "turn_at", "id", condition=Q(state__in=["ready", "leased"]), name="slot_claimable"),
            models.Index(fields=["queue", "id"], condition=Q(state="ready"), name="slot_by_age"),
            models.Index(fields=["family", "reviewer"], condition=Q(reviewer__isnull=False), name="slot_of_family"),
            models.Index(fields=["reviewer"], condition=Q(state="leased"), name="slot_leased_by"),
            models.Index(fields=["lease_token"], condition=Q(state="closed"), name="slot_closed_by_token"),
        ]
        triggers = COUNT_SLOTS

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
