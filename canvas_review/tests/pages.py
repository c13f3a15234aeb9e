"""Every page that somebody of a team can open, and what a rendered page consists of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from canvas_review.tests.house import TITLE, VARIANT, House

Where = Callable[[House], str]


def _at(name: str, *args: str) -> Where:
    """The address of a route whose arguments are attributes of the house."""

    def where(house: House) -> str:
        values = []
        for path in args:
            value: object = house
            for step in path.split("."):
                value = getattr(value, step)
            values.append(value)
        return reverse(name, args=values)

    return where


def _of_request(name: str, state: str) -> Where:
    return lambda house: reverse(name, args=[house.requests[state].pk])


STATES = (
    "queued", "generating", "screening", "scoring", "ready", "ineligible", "all_blocked", "failed", "cancelled",
)  # fmt: skip
OPERATORS: dict[str, Where] = {
    "products": _at("generation:products"),
    "product": _at("generation:product", "revision.product_id"),
    "new product": _at("generation:new_product"),
    "new revision": _at("generation:new_revision", "revision.product_id"),
    "imports": _at("generation:imports"),
    "import that was only checked": _at("generation:import", "checked_import.pk"),
    "import that runs": _at("generation:import", "running_import.pk"),
    "import progress": _at("generation:import_progress", "running_import.pk"),
    "products that need a mask": lambda house: reverse("generation:products") + "?mask=missing",
    "product that needs a mask": _at("generation:product", "unmasked.product_id"),
    "mask editor": _at("generation:mask_editor", "revision.product_id"),
    "mask editor without a mask": _at("generation:mask_editor", "unmasked.product_id"),
    "requests": _at("generation:requests"),
    "requests of one state": lambda house: reverse("generation:requests") + "?state=failed",
    "requests of no such state": lambda house: reverse("generation:requests") + "?state=scoring&page=7",
    "new request": _at("generation:new_request"),
    **{f"request {state}": _of_request("generation:request", state) for state in STATES},
    "request made elsewhere": _at("generation:request", "adopted.pk"),
    "masks to repair": _at("generation:repairs"),
    "masks of one state": lambda house: reverse("generation:repairs") + "?state=kept&page=7",
    "mask to repair": _at("generation:repair", "repair.pk"),
    "photo to replace": _at("generation:repair", "photo_report.pk"),
    "progress": _of_request("generation:request_progress", "generating"),
}
REVIEWERS: dict[str, Where] = {
    "desk": _at("reviews:desk"),
    "settings of the desk": _at("reviews:desk_settings"),
    "my day": _at("reviews:day"),
    "own decisions": _at("reviews:decisions"),
    "own decisions, narrowed": lambda house: reverse("reviews:decisions") + f"?words={TITLE}&standing=standing",
    "own decisions, the last page": lambda house: reverse("reviews:decisions") + "?before=1",
}
ENGINEERS: dict[str, Where] = {
    "models": _at("generation:models"),
    "training that has ended": _at("generation:training_run", "run.pk"),
    "training that waits": _at("generation:training_run", "queued_run.pk"),
    "training progress": _at("generation:training_progress", "run.pk"),
    "datasets": _at("reviews:snapshots"),
    "dataset": _at("reviews:snapshot", "snapshot.pk"),
}
GALLERY: dict[str, Where] = {
    "gallery": _at("reviews:gallery"),
    "gallery, narrowed": lambda house: reverse("reviews:gallery") + f"?product={TITLE}&outcome=approved",
    "gallery, nothing fits": lambda house: reverse("reviews:gallery") + "?outcome=split",
    "gallery, the last page": lambda house: reverse("reviews:gallery") + "?before=1",
    "what resembles an image": lambda house: reverse("reviews:gallery") + f"?like={house.approved.handle}",
}
_SEAM = "/limits/background_enhancement/seam_energy/"
ADMINS: dict[str, Where] = {
    "questions": _at("reviews:questions"),
    "questions of one state": lambda house: reverse("reviews:questions") + "?state=answered&page=7",
    "question": _at("reviews:question", "question.pk"),
    "queues": _at("reviews:queues"),
    "new queue": _at("reviews:new_queue"),
    "queue": _at("reviews:queue", "decided.queue_id"),
    "queue of known items": _at("reviews:queue", "known_queue.pk"),
    "history of a known item": _at("reviews:item", "known.handle"),
    "reworks": _at("reviews:reworks"),
    "new rework": lambda house: reverse("reviews:new_rework") + f"?queue={house.decided.queue_id}&act=move&handles=x",
    "rework": _at("reviews:rework", "rework.pk"),
    "rework, what was passed over": lambda house: reverse("reviews:rework", args=[house.rework.pk]) + "?state=passed",
    "rework that is at work": _at("reviews:rework", "running_rework.pk"),
    "quotas": _at("reviews:quotas"),
    "rules of quotas": _at("reviews:quota_rules"),
    "quotas from a table": _at("reviews:import_quotas"),
    "holidays": _at("reviews:holidays"),
    "guidelines to write": _at("reviews:edit_guideline", "guideline.variant"),
    "guidelines no longer in force": lambda house: reverse("reviews:guideline", args=[VARIANT]) + "?version=1",
    "team": _at("reviews:team"),
    "reports": _at("reviews:reports"),
    "report of a span in which nothing happened": lambda house: reverse("reviews:reports") + "?until=2020-01-31",
    "efficiency": _at("reviews:report_efficiency"),
    "quality": _at("reviews:report_quality"),
    "team, narrowed": lambda house: reverse("reviews:team") + "?state=active&words=re&role=reviewer",
    "team, nobody fits": lambda house: reverse("reviews:team") + "?state=off",
    "new person": _at("reviews:new_person"),
    "person": _at("reviews:person", "cast.reviewer.username"),
    "oneself": _at("reviews:person", "cast.admin.username"),
    "groups": _at("reviews:groups"),
    "group": _at("reviews:group", "group.pk"),
    "skills": _at("reviews:skills"),
    "skill": _at("reviews:skill", "skill.pk"),
    "time sheets": _at("reviews:time_sheets"),
    "time sheet of one person": lambda house: (
        reverse("reviews:time_sheets") + f"?person={house.cast.reviewer.username}"
    ),
    "time sheets of no work": lambda house: reverse("reviews:time_sheets") + "?since=2020-01-01&until=2020-01-31",
    "audit": _at("reviews:audit"),
    "audit of one object": lambda house: reverse("reviews:audit") + f"?object=accounts.user-{house.cast.reviewer.pk}",
    "audit, nothing fits": lambda house: reverse("reviews:audit") + "?until=2020-01-31&person=-&words=x",
    "floor": _at("reviews:floor"),
    "simulator": _at("reviews:simulator"),
    "simulator with results": lambda house: (
        reverse("reviews:simulator") + f"?queue={house.lease.queue_id}&weeks=2&quota=300&overlap=1.5&score_floor=0.5"
    ),
    "floor of a queue": _at("reviews:floor_queue", "lease.queue_id"),
    "history of an item": _at("reviews:item", "decided.handle"),
    "history of an item nobody has judged": _at("reviews:item", "lease.item.handle"),
    "gallery, what was blocked": lambda house: reverse("reviews:gallery") + "?blocked=on",
    "design": _at("design"),
    "webhooks": _at("delivery:webhooks"),
    "new webhook": _at("delivery:new_webhook"),
    "webhook": _at("delivery:webhook", "webhook.pk"),
    "webhook, what waits": lambda house: (
        reverse("delivery:webhook", args=[house.webhook.pk]) + "?state=waiting&before=1"
    ),
    "limits": _at("generation:limits"),
    "limits of a variant": lambda house: reverse("generation:variant_limits", args=["background_enhancement"]),
    "limit that was changed": lambda house: _SEAM,
    "limit that is locked": lambda house: "/limits/background_enhancement/changed_bytes/",
    "dry run": lambda house: _SEAM + "?threshold=0.5&effect=blocks",
    "dry run that lets pass": lambda house: _SEAM + "?threshold=50&effect=blocks",
}
EVERYBODY: dict[str, Where] = {
    "guidelines": _at("reviews:guidelines"),
    "guidelines of a variant": _at("reviews:guideline", "guideline.variant"),
    "home": _at("home"),
    "profile": _at("accounts:profile"),
    "notices": _at("delivery:notices"),
    "notices, the last page": lambda house: reverse("delivery:notices") + "?before=1",
    "notices by e-mail": _at("delivery:notice_choices"),
    "tokens": _at("accounts:tokens"),
    "two-step sign-in": _at("mfa_index"),
    "sign out": _at("account_logout"),
}
PAGES: dict[tuple[str, str], Where] = {
    **{("operator", name): where for name, where in (OPERATORS | GALLERY | EVERYBODY).items()},
    **{("reviewer", name): where for name, where in (REVIEWERS | EVERYBODY).items()},
    **{("ml_engineer", name): where for name, where in (ENGINEERS | GALLERY | EVERYBODY).items()},
    **{("admin", name): where for name, where in (OPERATORS | REVIEWERS | ENGINEERS | GALLERY | EVERYBODY).items()},
    **{("admin", name): where for name, where in ADMINS.items()},
    ("admin", "change password"): _at("account_change_password"),
    ("operator", "set password"): _at("account_set_password"),
    ("operator", "description of the API"): _at("api:docs"),
    ("", "sign in"): _at("account_login"),
    ("", "forgotten password"): _at("account_reset_password"),
}
"""(role, page) -> address; the role is empty for who is not signed in."""


def visitor(house: House, role: str) -> Client:
    client = Client()
    if role:
        client.force_login(getattr(house.cast, role))
    return client


@dataclass
class Parsed(HTMLParser):
    """`texts` are (element, text); `attributes` are (element, name, value)."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    scripts: list[dict[str, str]] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        found = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in found.items()]
        if tag == "script":
            self.scripts.append(found)
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", " ".join(data.split())))


_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}


def parse(html: str) -> Parsed:
    parsed = Parsed()
    parsed.feed(html)
    return parsed


def visible(parsed: Parsed) -> Iterator[str]:
    """Whatever a page says: its texts, and the attributes that are read out or put on the screen."""
    for element, text in parsed.texts:
        if element not in ("script", "style"):
            yield text
    for _element, name, value in parsed.attributes:
        if name in ("title", "aria-label", "placeholder", "alt", "aria-description") and value:
            yield value
