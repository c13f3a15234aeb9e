from reviews.tasks import exports, queue

__all__ = ["exports", "queue"]
