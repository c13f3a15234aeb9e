from celery import shared_task

from delivery import outbox


@shared_task(name="delivery.prune", time_limit=120, soft_time_limit=100)
def prune() -> None:
    outbox.prune()
