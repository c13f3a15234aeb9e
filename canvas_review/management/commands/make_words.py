from typing import Any

from django.core.management.base import BaseCommand

from canvas_review.words.catalogues import problems, update_catalogue
from canvas_review.words.extraction import DOMAINS
from canvas_review.words.places import translated_languages


class Command(BaseCommand):
    help = "Bring the catalogues in locale/ to what the sources say, and list what is left to translate."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for language in translated_languages():
            for domain in DOMAINS:
                update_catalogue(language, domain)
            left = list(problems(language))
            for line in left:
                self.stdout.write(line)
            self.stdout.write(f"{language}: {len(left) or 'nothing'} left to translate")
