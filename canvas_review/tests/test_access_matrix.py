"""Who comes to an object by its address: another team never (404), the wrong role never (403).

The table names every route that takes an argument. A new one that is not in it fails here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from canvas_review.tests.house import FORMAT, House
from reviews.models import Pause
from reviews.services import holidays

LIBRARIES = ("admin:", "account_", "mfa_")
"""Their own objects are the signed-in person's; accounts/tests tells which of their routes are open."""


@dataclass(frozen=True)
class Case:
    args: Callable[[House], list[object]]
    refused: str
    """Somebody of the team whose role is the wrong one; empty where every role may."""
    post: bool = False
    form: bool = False
    """A page's form rather than JSON."""
    owner: str = "admin"
    stranger: int = 404
    """409: a lease's token is a secret, and one that is not yours is told like one that is out of time."""
    body: object = None


def _lease(house: House) -> list[object]:
    return [house.lease.lease_token]


def _desk(body: object = None) -> Case:
    return Case(_lease, "operator", post=True, owner="reviewer", stranger=409, body=body)


def _request(state: str) -> Callable[[House], list[object]]:
    return lambda house: [house.requests[state].pk]


def _proposal(house: House) -> list[object]:
    return [house.unmasked.product_id, house.proposal.handle]


def _holiday(house: House) -> list[object]:
    return [holidays.set_holiday(house.cast.team, date(2030, 1, 1), house.cast.admin).pk]


def _queue(house: House) -> list[object]:
    return [house.decided.queue_id]


def _pause(house: House) -> list[object]:
    cast = house.cast
    found = Pause.objects.get_or_create(team=cast.team, reviewer=cast.second_reviewer, begun_by=cast.admin)
    return [found[0].pk]


def _judged_image(house: House) -> list[object]:
    return [house.decided.handle, house.approved.handle]


def _second_reviewer(house: House) -> list[object]:
    return [house.cast.second_reviewer.username]


def _second_reviewer_id(house: House) -> list[object]:
    return [house.cast.second_reviewer.pk]


ASK = {"rectangle": {"left": 0.1, "top": 0.1, "right": 0.9, "bottom": 0.9}}
DRAWN = {"base": {"kind": "nothing"}, "strokes": []}
NIL = "00000000-0000-0000-0000-000000000000"
SHARED = 200  # model versions belong to the installation, and every team has limits of its own at the same address
VARIANT = "background_enhancement"
MATRIX: dict[str, Case] = {
    "generation:picture": Case(lambda house: [house.approved.composed.fit_name if house.approved.composed else ""], ""),
    "generation:product": Case(lambda house: [house.revision.product_id], "reviewer"),
    "generation:new_revision": Case(lambda house: [house.revision.product_id], "ml_engineer"),
    "generation:import": Case(lambda house: [house.checked_import.pk], "ml_engineer"),
    "generation:import_progress": Case(lambda house: [house.checked_import.pk], "reviewer"),
    "generation:import_problems": Case(lambda house: [house.checked_import.pk], "reviewer"),
    "generation:cancel_import": Case(lambda house: [house.running_import.pk], "ml_engineer", post=True, form=True),
    "generation:import_for_real": Case(lambda house: [house.checked_import.pk], "ml_engineer", post=True, form=True),
    "generation:mask_editor": Case(lambda house: [house.revision.product_id], "ml_engineer"),
    "generation:request": Case(_request("ready"), "reviewer"),
    "generation:request_progress": Case(_request("queued"), "reviewer"),
    "generation:cancel_request": Case(_request("queued"), "ml_engineer", post=True, form=True),
    "generation:retry_request": Case(_request("failed"), "ml_engineer", post=True, form=True),
    "generation:variant_limits": Case(lambda house: [VARIANT], "ml_engineer", stranger=SHARED),
    "generation:limit": Case(lambda house: [VARIANT, "seam_energy"], "operator", stranger=SHARED),
    "generation:reset_limit": Case(
        lambda house: [VARIANT, "seam_energy"], "reviewer", post=True, form=True, stranger=SHARED
    ),
    "generation:repair": Case(lambda house: [house.repair.pk], "ml_engineer"),
    "generation:repair_mask": Case(lambda house: [house.repair.pk], "reviewer", post=True, form=True),
    "generation:keep_mask": Case(lambda house: [house.repair.pk], "reviewer", post=True, form=True),
    "generation:activate_version": Case(
        lambda house: [house.version.pk], "operator", post=True, form=True, stranger=SHARED
    ),
    "generation:roll_back": Case(lambda house: [house.active.pk], "operator", post=True, form=True, stranger=SHARED),
    "generation:training_run": Case(lambda house: [house.run.pk], "operator"),
    "generation:training_progress": Case(lambda house: [house.run.pk], "operator"),
    "generation:cancel_training": Case(lambda house: [house.run.pk], "operator", post=True, form=True),
    "reviews:guideline": Case(lambda house: [VARIANT], "", stranger=SHARED),
    "reviews:edit_guideline": Case(lambda house: [VARIANT], "reviewer", stranger=SHARED),
    "reviews:question": Case(lambda house: [house.question.pk], "reviewer"),
    "reviews:answer_question": Case(
        lambda house: [house.question.pk], "operator", post=True, form=True, body={"answer": "It is."}
    ),
    "reviews:queue": Case(lambda house: [house.decided.queue_id], "reviewer"),
    "reviews:reorder_queue": Case(
        lambda house: [house.decided.queue_id], "operator", post=True, form=True, body={"to": "up"}
    ),
    "reviews:switch_queue": Case(
        lambda house: [house.decided.queue_id], "reviewer", post=True, form=True, body={"what": "resume"}
    ),
    "reviews:rework": Case(lambda house: [house.rework.pk], "reviewer"),
    "reviews:undo_rework": Case(lambda house: [house.rework.pk], "reviewer", post=True, form=True),
    "reviews:cancel_rework": Case(lambda house: [house.running_rework.pk], "operator", post=True, form=True),
    "api:rework-detail": Case(lambda house: [house.rework.pk], "operator"),
    "api:rework-undo": Case(lambda house: [house.rework.pk], "reviewer", post=True),
    "api:rework-cancel": Case(lambda house: [house.running_rework.pk], "reviewer", post=True),
    "reviews:set_quota": Case(
        lambda house: [house.cast.reviewer.username], "operator", post=True, form=True, body={"daily_images": 10}
    ),
    "reviews:report_csv": Case(lambda house: ["throughput_by_day"], "ml_engineer", stranger=SHARED),
    "reviews:person": Case(_second_reviewer, "operator"),
    "reviews:invite_again": Case(_second_reviewer, "operator", post=True, form=True),
    "reviews:deactivate_person": Case(_second_reviewer, "ml_engineer", post=True, form=True),
    "reviews:reactivate_person": Case(_second_reviewer, "reviewer", post=True, form=True),
    "reviews:group": Case(lambda house: [house.group.pk], "reviewer"),
    "reviews:delete_group": Case(lambda house: [house.group.pk], "reviewer", post=True, form=True),
    "reviews:skill": Case(lambda house: [house.skill.pk], "reviewer"),
    "reviews:delete_skill": Case(lambda house: [house.skill.pk], "reviewer", post=True, form=True),
    "reviews:remove_holiday": Case(_holiday, "operator", post=True, form=True),
    "reviews:take_back": Case(lambda house: [house.judgement.pk], "operator", post=True, form=True, owner="reviewer"),
    "reviews:item": Case(lambda house: [house.decided.handle], "ml_engineer"),
    "reviews:review_again": Case(
        lambda house: [house.decided.handle], "reviewer", post=True, form=True, body={"reason": "a look"}
    ),
    "reviews:calibrate": Case(lambda house: [house.decided.handle], "reviewer", post=True, form=True),
    "reviews:show_known": Case(
        lambda house: [house.known_queue.pk], "operator", post=True, form=True, body={"count": "1"}
    ),
    "reviews:set_gold": Case(_judged_image, "reviewer", post=True, form=True, body={"approved": "1"}),
    "reviews:remove_gold": Case(_judged_image, "operator", post=True, form=True),
    "reviews:floor_queue": Case(lambda house: [house.lease.queue_id], "ml_engineer"),
    "api:workload-forecast": Case(lambda house: [house.lease.queue_id], "operator"),
    "reviews:snapshot": Case(lambda house: [house.snapshot.pk], "operator"),
    "reviews:new_export": Case(
        lambda house: [house.snapshot.pk], "operator", post=True, form=True, body={"format": FORMAT}
    ),
    "reviews:export_file": Case(lambda house: [house.export.handle, house.export.files[0]["name"]], "operator"),
    "reviews:approved_image": Case(lambda house: [house.approved.handle], "reviewer"),
    "delivery:open_notice": Case(
        lambda house: [house.notices["operator"].pk], "", post=True, form=True, owner="operator"
    ),
    "delivery:webhook": Case(lambda house: [house.webhook.pk], "operator"),
    "delivery:test_webhook": Case(lambda house: [house.webhook.pk], "ml_engineer", post=True, form=True),
    "delivery:rotate_secret": Case(lambda house: [house.webhook.pk], "reviewer", post=True, form=True),
    "delivery:resend": Case(
        lambda house: [house.webhook.pk, house.webhook.messages.latest("pk").pk], "operator", post=True, form=True
    ),
    "api:webhook-detail": Case(lambda house: [house.webhook.pk], "operator"),
    "api:webhook-messages": Case(lambda house: [house.webhook.pk], "reviewer"),
    "api:webhook-test": Case(lambda house: [house.webhook.pk], "operator", post=True),
    "api:webhook-rotate-secret": Case(lambda house: [house.webhook.pk], "ml_engineer", post=True),
    "accounts:revoke_token": Case(lambda house: [house.token.pk], "", post=True, form=True, owner="operator"),
    "api:product-detail": Case(lambda house: [house.revision.product_id], "reviewer"),
    "api:product-revisions": Case(lambda house: [house.revision.product_id], "ml_engineer", post=True, form=True),
    "api:import-detail": Case(lambda house: [house.checked_import.pk], "ml_engineer"),
    "api:import-problems": Case(lambda house: [house.checked_import.pk], "reviewer"),
    "api:import-cancel": Case(lambda house: [house.running_import.pk], "ml_engineer", post=True),
    "api:import-for-real": Case(lambda house: [house.checked_import.pk], "ml_engineer", post=True),
    "api:mask-proposal-list": Case(lambda house: [house.unmasked.product_id], "ml_engineer", post=True, body=ASK),
    "api:mask-proposal-upload": Case(lambda house: [house.unmasked.product_id], "ml_engineer", post=True, form=True),
    "api:mask-proposal-detail": Case(_proposal, "reviewer"),
    "api:mask-proposal-cancel": Case(_proposal, "ml_engineer", post=True),
    "api:drawn-mask-list": Case(lambda house: [house.unmasked.product_id], "ml_engineer", post=True, body=DRAWN),
    "api:drawn-mask-check": Case(lambda house: [house.unmasked.product_id], "ml_engineer", post=True, body=DRAWN),
    "api:request-detail": Case(_request("ready"), "reviewer"),
    "api:request-cancel": Case(_request("queued"), "ml_engineer", post=True),
    "api:request-retry": Case(_request("failed"), "ml_engineer", post=True),
    "api:person-detail": Case(_second_reviewer_id, "operator"),
    "api:person-deactivate": Case(_second_reviewer_id, "reviewer", post=True),
    "api:person-reactivate": Case(_second_reviewer_id, "reviewer", post=True),
    "api:group-detail": Case(lambda house: [house.group.pk], "reviewer"),
    "api:skill-detail": Case(lambda house: [house.skill.pk], "reviewer"),
    "api:queue-detail": Case(_queue, "reviewer"),
    "api:queue-dry-run": Case(_queue, "operator", post=True),
    "api:queue-pause": Case(_queue, "reviewer", post=True),
    "api:queue-resume": Case(_queue, "ml_engineer", post=True),
    "api:queue-close": Case(_queue, "operator", post=True),
    "api:queue-open": Case(_queue, "reviewer", post=True),
    "api:pause-detail": Case(_pause, "reviewer"),
    "api:pause-end": Case(_pause, "operator", post=True),
    "api:holiday-detail": Case(_holiday, "reviewer"),
    "api:request-approved": Case(_request("ready"), "reviewer"),
    "api:mask-repair-detail": Case(lambda house: [house.repair.pk], "reviewer"),
    "api:mask-repair-repair": Case(lambda house: [house.repair.pk], "ml_engineer", post=True, form=True),
    "api:mask-repair-keep": Case(lambda house: [house.repair.pk], "ml_engineer", post=True),
    "api:model-version-detail": Case(lambda house: [house.version.pk], "operator", stranger=SHARED),
    "api:model-version-activate": Case(lambda house: [house.version.pk], "operator", post=True, stranger=SHARED),
    "api:training-run-detail": Case(lambda house: [house.run.pk], "operator"),
    "api:training-run-cancel": Case(lambda house: [house.queued_run.pk], "operator", post=True),
    "api:snapshot-detail": Case(lambda house: [house.snapshot.pk], "operator"),
    "api:snapshot-exports": Case(lambda house: [house.snapshot.pk], "operator", post=True, body={"format": FORMAT}),
    "api:review-aids": Case(_lease, "operator", owner="reviewer", stranger=409),
    "api:review-guideline": Case(lambda house: [VARIANT], "", stranger=SHARED),
    "api:review-show": _desk(),
    "api:review-extend": _desk(),
    "api:review-release": _desk(),
    "api:review-skip": _desk(),
    "api:review-snooze": _desk({"minutes": 5}),
    "api:review-decide": _desk({"idempotency_key": NIL, "cannot_judge": True}),
}


def _with_arguments(resolver: URLResolver, namespaces: tuple[str, ...] = (), above: bool = False) -> Iterator[str]:
    for entry in resolver.url_patterns:
        takes = above or bool(entry.pattern.regex.groups)
        if isinstance(entry, URLResolver):
            yield from _with_arguments(entry, (*namespaces, *filter(None, [entry.namespace])), takes)
        elif isinstance(entry, URLPattern) and takes:
            yield ":".join([*namespaces, entry.name or "unnamed"])


ROUTES = {name for name in _with_arguments(get_resolver()) if not name.startswith(LIBRARIES)}


def ask(house: House, name: str, who: str) -> int:
    case = MATRIX[name]
    client = Client()
    client.force_login(getattr(house.cast, who))
    url = reverse(name, args=case.args(house))
    if not case.post:
        return client.get(url).status_code
    if case.form:
        return client.post(url, case.body or {}).status_code
    return client.post(url, case.body or {}, content_type="application/json").status_code


def test_the_table_names_every_route_with_an_argument() -> None:
    assert set(MATRIX) == ROUTES


@pytest.mark.parametrize("name", MATRIX)
def test_another_teams_admin_and_the_wrong_role_are_refused_and_the_right_one_is_not(house: House, name: str) -> None:
    case = MATRIX[name]
    if case.stranger != SHARED:
        assert ask(house, name, "stranger") == case.stranger
    if case.refused:
        assert ask(house, name, case.refused) == 403
    # Asked last, and of the same address: what was refused above is there.
    assert ask(house, name, case.owner) not in (403, 404, 409)


@pytest.mark.parametrize("name", [name for name, case in MATRIX.items() if case.post])
def test_nothing_is_changed_by_looking(house: House, name: str) -> None:
    client = Client()
    client.force_login(getattr(house.cast, MATRIX[name].owner))
    assert client.get(reverse(name, args=MATRIX[name].args(house))).status_code == 405
