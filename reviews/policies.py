"""Who may reach which route of this app. A route that is not here is refused to everybody.

An admin may all of it; the roles named are the others. Judging has no token scope: a person does it.
"""

from accounts.models import Role, Scope
from accounts.rules import EVERYONE_SIGNED_IN, Rule

_DESK = Rule(roles=frozenset({Role.REVIEWER}))
_ADMIN = Rule()
_TEAM = Rule(roles=EVERYONE_SIGNED_IN)
_SNAPSHOTS = Rule(roles=frozenset({Role.ML_ENGINEER}), scope=Scope.SNAPSHOTS_READ, write_scope=Scope.SNAPSHOTS_WRITE)
# Others' outcomes are on it, so never for who judges.
_GALLERY = Rule(roles=frozenset({Role.OPERATOR, Role.ML_ENGINEER}))
_MAKERS = Rule(roles=frozenset({Role.OPERATOR}))
_FLOOR_READ = Rule(scope=Scope.FLOOR_READ)
_APPROVED = Rule(roles=frozenset({Role.OPERATOR, Role.ML_ENGINEER}), scope=Scope.REQUESTS_READ)
_FLOOR = Rule(scope=Scope.FLOOR_READ)

_PEOPLE = Rule(scope=Scope.FLOOR_READ, write_scope=Scope.FLOOR_WRITE)

RULES: dict[str, Rule] = {
    "reviews:desk": _DESK,
    "reviews:guidelines": _TEAM,
    "reviews:guideline": _TEAM,
    "reviews:edit_guideline": _ADMIN,
    "reviews:desk_settings": _DESK,
    "reviews:day": _DESK,
    "reviews:own_hours_csv": _DESK,
    "api:review-settings": _DESK,
    "reviews:questions": _ADMIN,
    "reviews:question": _ADMIN,
    "reviews:answer_question": _ADMIN,
    "reviews:decisions": _DESK,
    "reviews:take_back": _DESK,
    "reviews:gallery": _GALLERY,
    "reviews:preview_download": _GALLERY,
    "reviews:download_approved": _GALLERY,
    "reviews:preview_asking_again": _MAKERS,
    "reviews:ask_again": _MAKERS,
    "reviews:item": _ADMIN,
    "reviews:set_gold": _ADMIN,
    "reviews:remove_gold": _ADMIN,
    "reviews:floor": _ADMIN,
    "reviews:floor_queue": _ADMIN,
    "reviews:simulator": _ADMIN,
    "reviews:simulator_csv": _ADMIN,
    "api:workload-floor": _FLOOR,
    "api:workload-queues": _FLOOR,
    "api:workload-forecast": _FLOOR,
    "reviews:team": _ADMIN,
    "reviews:queues": _ADMIN,
    "reviews:new_queue": _ADMIN,
    "reviews:queue": _ADMIN,
    "reviews:reorder_queue": _ADMIN,
    "reviews:switch_queue": _ADMIN,
    "reviews:new_person": _ADMIN,
    "reviews:person": _ADMIN,
    "reviews:invite_again": _ADMIN,
    "reviews:deactivate_person": _ADMIN,
    "reviews:reactivate_person": _ADMIN,
    "reviews:groups": _ADMIN,
    "reviews:group": _ADMIN,
    "reviews:delete_group": _ADMIN,
    "reviews:skills": _ADMIN,
    "reviews:skill": _ADMIN,
    "reviews:delete_skill": _ADMIN,
    "reviews:time_sheets": _ADMIN,
    "reviews:time_sheets_csv": _ADMIN,
    "reviews:quotas": _ADMIN,
    "reviews:set_quota": _ADMIN,
    "reviews:quota_rules": _ADMIN,
    "reviews:edit_quota": _ADMIN,
    "reviews:preview_quotas": _ADMIN,
    "reviews:confirm_quotas": _ADMIN,
    "reviews:quotas_csv": _ADMIN,
    "reviews:import_quotas": _ADMIN,
    "reviews:pause": _ADMIN,
    "reviews:resume": _ADMIN,
    "reviews:holidays": _ADMIN,
    "reviews:remove_holiday": _ADMIN,
    "reviews:snapshots": _SNAPSHOTS,
    "reviews:freeze_snapshot": _SNAPSHOTS,
    "reviews:snapshot": _SNAPSHOTS,
    "reviews:new_export": _SNAPSHOTS,
    "reviews:export_file": _SNAPSHOTS,
    "reviews:approved_image": _APPROVED,
    "reviews:reports": _ADMIN,
    "reviews:report_efficiency": _ADMIN,
    "reviews:report_quality": _ADMIN,
    "reviews:report_csv": _ADMIN,
    "api:report-throughput": _FLOOR_READ,
    "api:report-efficiency": _FLOOR_READ,
    "api:report-quality": _FLOOR_READ,
    "api:review-claim": _DESK,
    "api:review-undo": _DESK,
    "api:review-recent": _DESK,
    "api:review-show": _DESK,
    "api:review-extend": _DESK,
    "api:review-release": _DESK,
    "api:review-skip": _DESK,
    "api:review-aids": _DESK,
    "api:review-snooze": _DESK,
    "api:review-decide": _DESK,
    "api:review-guideline": _TEAM,
    "api:snapshot-list": _SNAPSHOTS,
    "api:snapshot-detail": _SNAPSHOTS,
    "api:snapshot-exports": _SNAPSHOTS,
    "api:request-approved": _APPROVED,
    "api:person-list": _PEOPLE,
    "api:person-detail": _PEOPLE,
    "api:person-deactivate": _PEOPLE,
    "api:person-reactivate": _PEOPLE,
    "api:group-list": _PEOPLE,
    "api:group-detail": _PEOPLE,
    "api:skill-list": _PEOPLE,
    "api:skill-detail": _PEOPLE,
    "api:time-sheets": _PEOPLE,
}
