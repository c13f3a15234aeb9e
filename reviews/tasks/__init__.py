from reviews.tasks import queue

__all__ = ["queue"]
