from reviews.tasks import counts, exports, queue, telling

__all__ = ["counts", "exports", "queue", "telling"]
