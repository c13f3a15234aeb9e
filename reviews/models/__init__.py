"""The nouns of reviews: see docs/glossary.md."""

from reviews.models.decisions import Decision, Retraction, Verdict
from reviews.models.desk import DeskSettings
from reviews.models.escalations import Escalation
from reviews.models.exports import SnapshotExport
from reviews.models.gold import GoldVerdict
from reviews.models.guidelines import GuidelineExample, GuidelineVersion
from reviews.models.outcomes import Outcome
from reviews.models.preferences import PreferencePair, SnapshotDecision
from reviews.models.queue import ItemCandidate, Queue, ReviewItem, Skip, Slot, Snooze
from reviews.models.quotas import QuotaDay, ReviewerQuota

__all__ = [
    "Decision",
    "DeskSettings",
    "Escalation",
    "GoldVerdict",
    "GuidelineExample",
    "GuidelineVersion",
    "ItemCandidate",
    "Outcome",
    "PreferencePair",
    "Queue",
    "QuotaDay",
    "Retraction",
    "ReviewItem",
    "ReviewerQuota",
    "Skip",
    "Slot",
    "SnapshotDecision",
    "SnapshotExport",
    "Snooze",
    "Verdict",
]
