"""The nouns of reviews: see docs/glossary.md."""

from reviews.models.counts import AgreementDay, ArrivalDay, QueueTally, WorkDay
from reviews.models.crews import GroupMember, ReviewerGroup, ReviewerSkill, Skill
from reviews.models.decisions import Decision, Retraction, Verdict
from reviews.models.desk import DeskSettings
from reviews.models.escalations import Escalation
from reviews.models.exports import SnapshotExport
from reviews.models.gold import GoldVerdict
from reviews.models.guidelines import GuidelineExample, GuidelineVersion
from reviews.models.items import ItemCandidate, ReviewItem, Skip, Slot, Snooze
from reviews.models.outcomes import Outcome
from reviews.models.preferences import PreferencePair, SnapshotDecision
from reviews.models.queues import Queue, QueueAudience
from reviews.models.quotas import Holiday, Pause, Quota, QuotaDay
from reviews.models.rework import FloorSettings, Rework, ReworkItem

__all__ = [
    "AgreementDay",
    "ArrivalDay",
    "Decision",
    "DeskSettings",
    "Escalation",
    "FloorSettings",
    "GoldVerdict",
    "GroupMember",
    "GuidelineExample",
    "GuidelineVersion",
    "Holiday",
    "ItemCandidate",
    "Outcome",
    "Pause",
    "PreferencePair",
    "Queue",
    "QueueAudience",
    "QueueTally",
    "Quota",
    "QuotaDay",
    "Retraction",
    "ReviewItem",
    "ReviewerGroup",
    "ReviewerSkill",
    "Rework",
    "ReworkItem",
    "Skill",
    "Skip",
    "Slot",
    "SnapshotDecision",
    "SnapshotExport",
    "Snooze",
    "Verdict",
    "WorkDay",
]
