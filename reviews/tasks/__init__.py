from reviews.tasks import exports, queue, telling

__all__ = ["exports", "queue", "telling"]
