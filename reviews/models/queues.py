"""Queues: who sees what, when and how often, as data."""

from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Team
from generation.models.requests import variant_choices
from reviews.models.crews import ReviewerGroup, Skill

_SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class QueuePurpose(models.TextChoices):
    FIRST_REVIEW = "first_review", _("First review")
    SECOND_LOOK = "second_look", _("Second look")
    ADJUDICATION = "adjudication", _("Adjudication")
    CALIBRATION = "calibration", _("Gold calibration")
    COMPARISON = "comparison", _("Model comparison")


ROUTED = (QueuePurpose.FIRST_REVIEW, QueuePurpose.COMPARISON)
"""What scored requests enter by rule; the others are entered by items that were judged before."""
FRESH_EYES = (QueuePurpose.SECOND_LOOK, QueuePurpose.ADJUDICATION, QueuePurpose.CALIBRATION)
"""Where nobody judges what they have judged on an earlier visit."""
JUDGING = (Role.REVIEWER, Role.ADMIN)
"""The roles that judge (reviews.policies)."""


class DecisionPolicy(models.TextChoices):
    """How the decisions of several reviewers become an outcome."""

    ANY_REJECT_FAILS = "any_reject_fails", _("Any reject fails")
    MAJORITY = "majority", _("Majority")
    UNANIMOUS = "unanimous", _("Unanimous, else split")
    ADJUDICATE = "adjudicate", _("Unanimous, else adjudication")


class QueueQuerySet(models.QuerySet["Queue"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def in_order(self) -> Self:
        """As they are asked whether an item is theirs: the first that matches has it."""
        return self.order_by("position", "pk")

    def with_numbers(self) -> "models.QuerySet[Queue]":
        """`place`: the how-manieth of its variant that is asked; and the seats and images that wait and are in hand."""
        before = Q(position__lt=OuterRef("position")) | Q(position=OuterRef("position"), pk__lt=OuterRef("pk"))
        same = Queue.objects.filter(before, team=OuterRef("team"), variant=OuterRef("variant")).order_by()
        count = same.values("team").annotate(number=Count("pk")).values("number")
        return self.annotate(
            place=Coalesce(Subquery(count), 0) + 1,
            waiting_slots=_tallied("slots", "ready"),
            waiting_images=_tallied("images", "ready"),
            leased_slots=_tallied("slots", "leased"),
            leased_images=_tallied("images", "leased"),
        )


def _tallied(what: str, state: str) -> Coalesce:
    """The sum of a queue's tallies (reviews.models.counts)."""
    rows = Queue.objects.filter(pk=OuterRef("pk"), tallies__state=state).order_by()
    total = rows.values("pk").annotate(number=Sum(F(f"tallies__{what}"))).values("number")
    return Coalesce(Subquery(total), 0, output_field=models.BigIntegerField())


@pghistory.track()
class Queue(models.Model):
    """A queue's rules.

    `conditions` (reviews.routing) say which requests are its own, `audience` who judges them; without rows everybody
    does. An item needs `overlap` reviewers, and `overlap_more` of them with the probability `overlap_share`.
    `score_weight` and `uncertainty_weight` mix what comes sooner, by at most `reach_hours`; without weights the oldest
    comes first (reviews.ordering). A closed queue takes in nothing new; a paused one gives out nothing.
    """

    Policy = DecisionPolicy
    Purpose = QueuePurpose

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(_("name"), max_length=80)
    variant = models.CharField(_("variant"), max_length=40, choices=variant_choices)
    purpose = models.CharField(_("purpose"), max_length=20, choices=QueuePurpose, default=QueuePurpose.FIRST_REVIEW)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("Queues are asked in this order; the first that matches takes the item."),
    )
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    overlap = models.PositiveSmallIntegerField(
        _("reviewers an item"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    overlap_more = models.PositiveSmallIntegerField(
        _("reviewers of some items"), null=True, blank=True, validators=[MinValueValidator(2), MaxValueValidator(9)]
    )
    overlap_share = models.FloatField(_("share of those items"), default=0.0, validators=_SHARE)
    policy = models.CharField(
        _("decision policy"), max_length=20, choices=DecisionPolicy, default=DecisionPolicy.ANY_REJECT_FAILS
    )
    second_look_share = models.FloatField(
        _("share looked at again"),
        default=0.0,
        validators=_SHARE,
        help_text=_("Of what is resolved here, this share goes to the second-look queue of the variant, blind."),
    )
    gold_share = models.FloatField(
        _("share of known items"),
        default=0.0,
        validators=_SHARE,
    )
    top_ranks = models.PositiveSmallIntegerField(_("top ranks shown"), default=3, validators=[MinValueValidator(1)])
    score_floor = models.FloatField(
        _("score floor"),
        default=0.1,
        help_text=_("Below it a candidate is shown only by exploration."),
        validators=_SHARE,
    )
    exploration_share = models.FloatField(
        _("exploration share"),
        default=0.1,
        help_text=_("Probability that a candidate outside the top is shown too."),
        validators=_SHARE,
    )
    score_weight = models.FloatField(_("weight of the score"), default=0.0, validators=_SHARE)
    uncertainty_weight = models.FloatField(_("weight of uncertainty"), default=0.0, validators=_SHARE)
    reach_hours = models.PositiveSmallIntegerField(
        _("hours gained by it"),
        default=4,
        validators=[MaxValueValidator(168)],
        help_text=_("So much older an item must be to come before the one that scores best."),
    )
    due_hours = models.PositiveSmallIntegerField(
        _("due after, hours"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2160)]
    )
    backlog_limit = models.PositiveIntegerField(
        _("tell admins above"), null=True, blank=True, help_text=_("Waiting items; admins get a notice above it.")
    )
    lease_seconds = models.PositiveIntegerField(_("lease, seconds"), default=600, validators=[MinValueValidator(30)])
    soft_lease_seconds = models.PositiveIntegerField(
        _("prefetch lease, seconds"), default=120, validators=[MinValueValidator(10)]
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    is_closed = models.BooleanField(_("closed"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Queue"]] = QueueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="queue_name_once"),
            models.CheckConstraint(
                condition=Q(overlap_more=None) | Q(overlap_more__gt=models.F("overlap")), name="more_is_more"
            ),
        ]
        indexes = [models.Index(fields=["team", "variant", "position"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_calibration(self) -> bool:
        """Whether it shows what is known already: what is said there counts for the reviewer, never for the image."""
        return self.purpose == QueuePurpose.CALIBRATION


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class QueueAudience(models.Model):
    """One of those who judge a queue: a person, a group, or who has a skill at a level at least."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="audience")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    group = models.ForeignKey(ReviewerGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    min_level = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audience_is_one_thing",
                condition=Q(reviewer__isnull=False, group=None, skill=None)
                | Q(reviewer=None, group__isnull=False, skill=None)
                | Q(reviewer=None, group=None, skill__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["queue", "reviewer", "group", "skill"], nulls_distinct=False, name="audience_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.reviewer or self.group or f"{self.skill} ≥ {self.min_level}")
