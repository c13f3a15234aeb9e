"""What is told to people and programs about the floor."""

from celery import shared_task

from reviews.services import alarms, announcements, gold_alarms, reward_drift


@shared_task(name="reviews.tell_outcomes", time_limit=120, soft_time_limit=100)
def tell_outcomes(pk: int) -> None:
    announcements.tell_outcomes(pk)


@shared_task(name="reviews.watch_queues", time_limit=120, soft_time_limit=100)
def watch_queues() -> None:
    alarms.watch_queues()


@shared_task(name="reviews.watch_drift", time_limit=120, soft_time_limit=100)
def watch_drift() -> None:
    alarms.watch_drift()
    reward_drift.watch_reward_drift()


@shared_task(name="reviews.watch_known", time_limit=120, soft_time_limit=100)
def watch_known() -> None:
    gold_alarms.watch_known()
