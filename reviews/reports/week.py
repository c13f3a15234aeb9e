"""The last seven days whole: a row for each person, queue and day."""

from django.utils.translation import gettext as _

from accounts.models import Team
from reviews.reports.filters import ReportFilters
from reviews.reports.sums import Work
from reviews.reports.tables import Cell, Column, Table


def week(team: Team, filters: ReportFilters) -> Table:
    rows: list[dict[str, Cell]] = []
    days = filters.work(team).select_related("reviewer", "queue").order_by("day", "reviewer__username", "queue__name")
    for row in days:
        work = Work(active_ms=row.active_ms, images=row.images)
        rows.append(
            {
                "day": row.day,
                "person": row.reviewer.get_full_name() or row.reviewer.username,
                "queue": row.queue.name,
                "variant": row.queue.get_variant_display(),
                "decisions": row.decisions,
                "undone": row.undone,
                "unjudged": row.unjudged,
                "images": row.images,
                "approved": row.approved,
                "rejected": row.rejected,
                "active_minutes": work.active,
                "seconds_an_image": work.seconds_an_image,
            }
        )
    columns = [
        Column("day", _("Day"), "day"), Column("person", _("Person"), "text"), Column("queue", _("Queue"), "text"),
        Column("variant", _("Variant"), "text"), Column("decisions", _("Decisions")), Column("undone", _("Taken back")),
        Column("unjudged", _("Not judged")), Column("images", _("Images judged")), Column("approved", _("Approved")),
        Column("rejected", _("Rejected")), Column("active_minutes", _("Active time"), "time"),
        Column("seconds_an_image", _("Active seconds an image"), "seconds"),
    ]  # fmt: skip
    return Table("week", _("The week"), columns, rows)
