from celery import shared_task

from delivery.services import notices, pruning, sending


@shared_task(name="delivery.prune", time_limit=120, soft_time_limit=100)
def prune() -> None:
    pruning.prune()


@shared_task(name="delivery.mail_notice", time_limit=120, soft_time_limit=100)
def mail_notice(pk: int) -> None:
    notices.mail_notice(pk)


@shared_task(name="delivery.send_webhook", time_limit=120, soft_time_limit=100)
def send_webhook(pk: int) -> None:
    sending.send(pk)


@shared_task(name="delivery.sweep_webhooks", time_limit=120, soft_time_limit=100)
def sweep_webhooks() -> None:
    sending.post_overdue()
