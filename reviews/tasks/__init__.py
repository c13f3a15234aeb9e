from reviews.tasks import counts, exports, queue

__all__ = ["counts", "exports", "queue"]
