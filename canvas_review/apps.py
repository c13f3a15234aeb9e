from django.apps import AppConfig


class CanvasReviewConfig(AppConfig):
    name = "canvas_review"

    def ready(self) -> None:
        from canvas_review import checks, openapi  # noqa: F401  (registers the system checks, describes our tokens)
