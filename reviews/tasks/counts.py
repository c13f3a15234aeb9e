from celery import shared_task

from reviews.services import counts


@shared_task(name="reviews.merge_tallies", time_limit=120, soft_time_limit=100)
def merge_tallies() -> None:
    counts.merge_tallies()
