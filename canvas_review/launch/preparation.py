"""`python -m canvas_review.launch.preparation`: what must be done before the first request, in one Django process.

Progress goes to the terminal, the commands' own words to the log named as the only argument.
"""

import hashlib
import os
import sys
from pathlib import Path
from typing import TextIO

import django
import pghistory
from django.core.management import call_command

from canvas_review.launch.terminal import step

# What comes with libraries and nobody asks for: the API is shown by Swagger UI, htmx is our own copy. As in Dockerfile.
NOT_COLLECTED = ["redoc*", "django_htmx"]


def main(log: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canvas_review.settings")
    with log.open("a") as words:
        os.dup2(words.fileno(), sys.stderr.fileno())  # a traceback belongs in the log; the launcher shows its end
        with step("Loading the application"):
            django.setup()
        with step("Bringing the database up to date"):
            call_command("migrate", interactive=False, stdout=words, stderr=words)
        _collect_static(words)
        _seed(words)


def _collect_static(words: TextIO) -> None:
    from django.conf import settings

    stamp = settings.DATA_DIR / "run" / "static.stamp"
    fingerprint = _static_fingerprint()
    is_collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    if is_collected and stamp.exists() and stamp.read_text() == fingerprint:
        return
    with step("Collecting static files"):
        call_command(
            "collectstatic", ignore_patterns=NOT_COLLECTED, interactive=False, verbosity=0, stdout=words, stderr=words
        )
    stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    """Changes with every name, size or time of a static file."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _seed(words: TextIO) -> None:
    from django.conf import settings

    if settings.CANVAS_DEMO:
        with step("Preparing the demonstration"), pghistory.context(program="make run"):
            call_command("seed_demo", stdout=words, stderr=words)
            call_command("seed_reviews", stdout=words, stderr=words)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
