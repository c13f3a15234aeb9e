"""manage.py register_shipped_models: puts the models that come with the program to use where nothing else is."""

from typing import Any

from django.core.management.base import BaseCommand

from generation.services.releases import ensure_shipped_versions


class Command(BaseCommand):
    help = "Register the models that come with Canvas Review; each is activated where no other version is in use."

    def handle(self, *args: Any, **options: Any) -> None:
        new = ensure_shipped_versions()
        for version in new:
            self.stdout.write(f"{version}: {version.get_state_display()}")
        if not new:
            self.stdout.write("Nothing new.")
