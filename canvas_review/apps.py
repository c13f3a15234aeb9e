from contextlib import suppress

from django.apps import AppConfig


class CanvasReviewConfig(AppConfig):
    name = "canvas_review"

    def ready(self) -> None:
        from canvas_review import checks, openapi  # noqa: F401  (registers the system checks, describes our tokens)
        from canvas_review.words.compiling import compile_words

        with suppress(OSError):  # a folder that is read only: the check E004 tells what is missing
            compile_words()
