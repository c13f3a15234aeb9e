"""The composition: settings, routes, task app and health. No word of the domain lives here."""

from canvas_review.celery import app as celery_app

__all__ = ["celery_app"]
