"""The Celery application. Tasks are found in each app's `tasks` module and addressed by name."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canvas_review.settings")

app = Celery("canvas_review")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**_: Any) -> None:
    """Connecting here keeps Celery from installing a second logging set-up over Django's."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect
def limit_threads(**_: Any) -> None:
    """OpenCV's own thread pool does not survive a fork; one worker process uses one core for it."""
    import cv2

    cv2.setNumThreads(1)
