"""Hundreds of thousands of waiting items, made inside the database."""

from django.db import connection
from django.db.models import Model

from accounts.models import User
from benchmarks.stage import settle_tables
from generation.models import GenerationRequest
from reviews.models import Queue, ReviewItem, Slot
from reviews.tests.factories import fill_queue

_BATCH = 20_000


def grow_backlog(in_queue: Queue, user: User, count: int) -> None:
    """Let `count` more items wait in `in_queue`, each with one seat and a request of its own.

    One item is made as a whole; the others are copies of its request, item and slot. Their pictures are left out: a
    claim does not read them.
    """
    item = fill_queue(in_queue, user, 1)[0]
    request_columns, request_values = _copied(GenerationRequest, handle="gen_random_uuid()")
    item_columns, item_values = _copied(ReviewItem, handle="gen_random_uuid()", request_id="made.id")
    slot_columns, slot_values = _copied(Slot, item_id="made.id")
    statement = f"""
        WITH requests AS (
            INSERT INTO generation_generationrequest ({request_columns})
            SELECT {request_values} FROM generation_generationrequest t, generate_series(1, %(count)s)
             WHERE t.id = %(request)s RETURNING id),
        items AS (
            INSERT INTO reviews_reviewitem ({item_columns})
            SELECT {item_values} FROM reviews_reviewitem t, requests made WHERE t.id = %(item)s RETURNING id)
        INSERT INTO reviews_slot ({slot_columns})
        SELECT {slot_values} FROM reviews_slot t, items made WHERE t.item_id = %(item)s
    """  # noqa: S608 - made of column names
    with connection.cursor() as cursor:
        for start in range(0, count - 1, _BATCH):
            values = {"count": min(_BATCH, count - 1 - start), "request": item.request_id, "item": item.pk}
            cursor.execute(statement, values)
    settle_tables("generation_generationrequest", "reviews_reviewitem", "reviews_slot")


def _copied(model: type[Model], **given: str) -> tuple[str, str]:
    """Return the columns of `model` but its key, and for each the copy of row `t` or the expression `given`."""
    columns = [field.column for field in model._meta.concrete_fields if field.column and not field.primary_key]
    return ", ".join(columns), ", ".join(given.get(column, f"t.{column}") for column in columns)
