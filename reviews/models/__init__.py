"""The nouns of reviews: see docs/glossary.md."""

from reviews.models.decisions import Decision, Retraction, Verdict
from reviews.models.exports import SnapshotExport
from reviews.models.outcomes import Outcome
from reviews.models.preferences import PreferencePair, SnapshotDecision
from reviews.models.queue import ItemCandidate, Queue, ReviewItem, Skip, Slot
from reviews.models.quotas import QuotaDay, ReviewerQuota

__all__ = [
    "Decision",
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
    "Verdict",
]
