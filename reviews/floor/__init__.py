"""The review floor as it is now, read only: who is at what, and what waits in each queue.

Sums of what is counted while it happens (reviews.models.counts), look-ups by index, and at most MOST_READ of a queue's
oldest seats: no query grows with the backlog, and their number does not grow with people or queues.
"""

from reviews.floor.attendance import ACTIVE_MINUTES, PersonFigures, people
from reviews.floor.backlog import (
    LISTED_DAYS,
    MOST_READ,
    DayFigures,
    QueueFigures,
    backlog_of,
    backlogs,
    days_of,
    queues,
    today_of,
)
from reviews.floor.summing import summary, totals

__all__ = [
    "ACTIVE_MINUTES",
    "LISTED_DAYS",
    "MOST_READ",
    "DayFigures",
    "PersonFigures",
    "QueueFigures",
    "backlog_of",
    "backlogs",
    "days_of",
    "people",
    "queues",
    "summary",
    "today_of",
    "totals",
]
