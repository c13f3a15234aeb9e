"""How far reviewers agree with each other, and with gold."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import Team
from reviews.models import Verdict
from reviews.models.decisions import DecisionKind
from reviews.reports import sums
from reviews.reports.filters import ReportFilters
from reviews.reports.known import known_images
from reviews.reports.tables import Cell, Column, Table
from reviews.statistics import Votes, agreement, krippendorff_alpha, percent_agreement


def quality(team: Team, filters: ReportFilters) -> list[Table]:
    """Agreement by queue and week, how votes fell, agreement with gold by person, and how known images are judged."""
    counted = filters.agreement(team).values("queue", "day", "votes", "approvals").annotate(n=Sum("candidates"))
    by_queue: dict[Any, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    by_week: dict[Any, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    fell: dict[tuple[int, int], int] = defaultdict(int)
    for row in counted.order_by():
        cell = (row["votes"], row["approvals"])
        for votes in (by_queue[row["queue"]], by_week[row["day"] - timedelta(days=row["day"].weekday())], fell):
            votes[cell] += row["n"]
    names = sums.queues(by_queue)
    return [
        _agreement(
            "agreement_by_queue", _("Agreement by queue"), Column("queue", _("Queue"), "text"),
            {names[key]: by_queue[key] for key in sorted(by_queue, key=lambda key: names[key])},
            note=_("Of images that several people judged, all of them together. Alpha is agreement beyond chance: 1 is "
                   "perfect, 0 is chance. It is low where nearly everything is approved, however well people agree."),
        ),
        _agreement(
            "agreement_by_week", _("Agreement by week"), Column("week", _("Week from"), "day"),
            {week: by_week[week] for week in sorted(by_week, reverse=True)},
        ),
        _split(fell),
        _gold(team, filters),
        *known_images(team, filters),
    ]  # fmt: skip


def _agreement(key: str, title: str, first: Column, groups: Mapping[Any, Votes], note: str = "") -> Table:
    columns = [
        first,
        Column("candidates", _("Images judged by several")),
        Column("agreement", _("Two say the same"), "estimate"),
        Column("alpha", _("Krippendorff's alpha"), "estimate"),
        Column("split", _("Not unanimous"), "rate"),
    ]
    return Table(key, title, columns, [{first.key: name, **_figures(votes)} for name, votes in groups.items()], note)


def _figures(votes: Votes) -> dict[str, Cell]:
    of = sum(votes.values())
    split = sum(candidates for (cast, approvals), candidates in votes.items() if 0 < approvals < cast)
    return {
        "candidates": of, "agreement": percent_agreement(votes), "alpha": krippendorff_alpha(votes),
        "split": agreement(split, of),
    }  # fmt: skip


def _split(fell: Votes) -> Table:
    of: dict[int, int] = defaultdict(int)
    for (votes, _approvals), candidates in fell.items():
        of[votes] += candidates
    rows: list[dict[str, Cell]] = [
        {"votes": votes, "approvals": approvals, "share": agreement(candidates, of[votes])}
        for (votes, approvals), candidates in sorted(fell.items())
        if candidates > 0
    ]
    columns = [
        Column("votes", _("Reviewers"), "text"),
        Column("approvals", _("Of them approved")),
        Column("share", _("Share of the images"), "rate"),
    ]
    return Table("votes", _("How votes fell"), columns, rows)


def _gold(team: Team, filters: ReportFilters) -> Table:
    """Begins at the gold verdicts, of which there are few: the decisions are never walked."""
    zone = ZoneInfo(team.time_zone)
    begin = datetime.combine(filters.since, time(), zone)
    end = datetime.combine(filters.until + timedelta(days=1), time(), zone)
    entry = "candidate__item_candidates"
    held = Verdict.objects.filter(
        decision__slot__queue__team=team, decision__retraction=None, decision__kind=DecisionKind.JUDGED,
        decision__created_at__gte=begin, decision__created_at__lt=end,
        candidate__item_candidates__gold__isnull=False,
        candidate__item_candidates__item=F("decision__slot__item"),
    )  # fmt: skip
    if filters.queue is not None:
        held = held.filter(decision__slot__queue=filters.queue)
    if filters.variant:
        held = held.filter(decision__slot__queue__variant=filters.variant)
    if filters.person is not None:
        held = held.filter(decision__reviewer=filters.person)
    if filters.group is not None:
        held = held.filter(decision__reviewer__in=filters.group.memberships.values("reviewer"))
    same = Q(approved=F(f"{entry}__gold__approved"))
    right = Q(**{f"{entry}__gold__approved": True})
    found = held.values("decision__reviewer").annotate(
        of=Count("pk"), agreed=Count("pk", filter=same), good=Count("pk", filter=right),
        rejected_good=Count("pk", filter=right & Q(approved=False)),
        approved_bad=Count("pk", filter=~right & Q(approved=True)),
    )  # fmt: skip
    return _gold_table([dict(row) for row in found.order_by()])


def _gold_table(found: list[dict[str, Any]]) -> Table:
    names = sums.people(row["decision__reviewer"] for row in found)
    rows: list[dict[str, Cell]] = [
        {
            "person": names.get(row["decision__reviewer"], "?"),
            "gold": agreement(row["agreed"], row["of"]),
            "escaped": agreement(row["approved_bad"], row["of"] - row["good"]),
            "overkill": agreement(row["rejected_good"], row["good"]),
        }
        for row in found
    ]
    columns = [
        Column("person", _("Person"), "text"),
        Column("gold", _("Says what gold says"), "rate"),
        Column("escaped", _("Approved what gold rejects"), "rate"),
        Column("overkill", _("Rejected what gold approves"), "rate"),
    ]
    rows.sort(key=lambda row: str(row["person"]).casefold())
    note = _(
        "Gold is set by an admin after the fact, on images that were judged already. Who was judged is known then: the "
        "tables of known images are the fairer ones."
    )
    return Table("gold_by_person", _("Agreement with gold"), columns, rows, note)
