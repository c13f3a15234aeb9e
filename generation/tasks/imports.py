"""One slice of an import, and the archives that imports leave."""

from celery import shared_task

from generation.models import BulkImport
from generation.services.imports import delete_left_files, run_slice


@shared_task(name="generation.import_slice", time_limit=120, soft_time_limit=100)
def import_slice(import_pk: int) -> None:
    run_slice(BulkImport.objects.select_related("team", "created_by").get(pk=import_pk))


@shared_task(name="generation.prune_imports", time_limit=120, soft_time_limit=100)
def prune_imports() -> None:
    delete_left_files()
