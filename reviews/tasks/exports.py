from celery import shared_task
from django.utils.module_loading import import_string

from delivery.queues import idle_queues
from generation.services.sweeping import restart_silent_work
from reviews.exports.rendering import Renderer
from reviews.formats import EXPORT_FORMATS
from reviews.models import SnapshotExport
from reviews.services import exports, reworks


# Longer than other tasks, because an export is one piece of work; still well below the broker's visibility timeout.
@shared_task(name="reviews.render_export", time_limit=1500, soft_time_limit=1440)
def render_export(pk: int) -> None:
    export = SnapshotExport.objects.select_related("snapshot").get(pk=pk)
    exports.render_export(export, load_renderer(export.format))


@shared_task(name="reviews.sweep_exports", time_limit=120, soft_time_limit=100)
def sweep_exports() -> None:
    restart_silent_work(idle_queues(), stages=(exports.RENDERING, reworks.DOING, reworks.UNDOING))


def load_renderer(format_key: str) -> Renderer:
    renderer: Renderer = import_string(EXPORT_FORMATS[format_key][1])()
    return renderer
