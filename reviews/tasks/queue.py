from celery import shared_task

from generation.models import GenerationRequest, MaskRepair
from reviews.models import Rework
from reviews.services import calibration, enqueueing, later_visits, reworks, withdrawals


@shared_task(name="reviews.enqueue_request", time_limit=120, soft_time_limit=100)
def enqueue_request(pk: int) -> None:
    request = GenerationRequest.objects.filter(pk=pk).first()
    if request is not None:
        enqueueing.enqueue_request(request)


@shared_task(name="reviews.pull_scored", time_limit=120, soft_time_limit=100)
def pull_scored() -> None:
    enqueueing.pull_scored()


@shared_task(name="reviews.reopen_kept", time_limit=120, soft_time_limit=100)
def reopen_kept(pk: int) -> None:
    repair = MaskRepair.objects.filter(pk=pk).first()
    if repair is not None:
        withdrawals.reopen_kept(repair)


@shared_task(name="reviews.pull_kept", time_limit=120, soft_time_limit=100)
def pull_kept() -> None:
    withdrawals.pull_kept()


@shared_task(name="reviews.open_later_visits", time_limit=120, soft_time_limit=100)
def open_later_visits(pk: int) -> None:
    later_visits.open_due(pk)
    calibration.open_drawn(pk)


@shared_task(name="reviews.pull_later_visits", time_limit=120, soft_time_limit=100)
def pull_later_visits() -> None:
    later_visits.pull_due()
    calibration.pull_due()
    calibration.withdraw_stale()


@shared_task(name="reviews.rework_slice", time_limit=120, soft_time_limit=100)
def rework_slice(pk: int) -> None:
    rework = Rework.objects.filter(pk=pk).first()
    if rework is not None:
        reworks.run_slice(rework)
