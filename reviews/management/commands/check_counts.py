from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts.management.night import NightCommand
from reviews.services import counts


class Command(NightCommand):
    help = "Hold everything that is counted while it happens against the rows it counts. Ends with 1 on a difference."
    changes = False

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = counts.check_counts()
        self.table(options["format"], [vars(one) for one in found], "Every count is right.")
        if found:
            raise CommandError(f"{len(found)} counts differ from the rows.")
