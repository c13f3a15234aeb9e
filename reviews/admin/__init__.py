"""The back office of the review floor: what an operator settles can be changed, everything that was judged cannot."""

from reviews.admin import counts, crews, data, items, judged, queues, quotas

__all__ = ["counts", "crews", "data", "items", "judged", "queues", "quotas"]
