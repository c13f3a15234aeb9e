from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import Team
from generation.variants import VARIANTS
from reviews.services.demo_guidelines import seed_guidelines
from reviews.services.enqueueing import ensure_queue


class Command(BaseCommand):
    help = "Give every team a review queue for each variant, and the demonstration its guidelines. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for team in Team.objects.order_by("pk"):
            for variant in VARIANTS:
                ensure_queue(team, variant)
        demo = Team.objects.filter(slug="demo").first()
        if demo and settings.CANVAS_DEMO and not settings.PRODUCTION:
            seed_guidelines(demo)
