from django.urls import path
from rest_framework.routers import SimpleRouter

from reviews.api import desk, reports, workload
from reviews.api.approved import ApprovedView
from reviews.api.crews import GroupViewSet, SkillViewSet
from reviews.api.desk_settings import DeskSettingsView
from reviews.api.hours import TimeSheetsView
from reviews.api.pauses import HolidayViewSet, PauseViewSet
from reviews.api.people import PersonViewSet
from reviews.api.queues import QueueViewSet
from reviews.api.quotas import QuotaViewSet
from reviews.api.reworks import ReworkViewSet
from reviews.api.snapshots import SnapshotViewSet

router = SimpleRouter()
router.register("snapshots", SnapshotViewSet, "snapshot")
router.register("reworks", ReworkViewSet, "rework")
router.register("people", PersonViewSet, "person")
router.register("groups", GroupViewSet, "group")
router.register("skills", SkillViewSet, "skill")
router.register("queues", QueueViewSet, "queue")
router.register("quotas", QuotaViewSet, "quota")
router.register("pauses", PauseViewSet, "pause")
router.register("holidays", HolidayViewSet, "holiday")
urlpatterns = [
    path("time-sheets/", TimeSheetsView.as_view(), name="time-sheets"),
    path("review/settings/", DeskSettingsView.as_view(), name="review-settings"),
    path("review/claim/", desk.ClaimView.as_view(), name="review-claim"),
    path("review/undo/", desk.UndoView.as_view(), name="review-undo"),
    path("review/recent/", desk.RecentView.as_view(), name="review-recent"),
    path("review/leases/<uuid:token>/show/", desk.ShowView.as_view(), name="review-show"),
    path("review/leases/<uuid:token>/extend/", desk.ExtendView.as_view(), name="review-extend"),
    path("review/leases/<uuid:token>/release/", desk.ReleaseView.as_view(), name="review-release"),
    path("review/leases/<uuid:token>/skip/", desk.SkipView.as_view(), name="review-skip"),
    path("review/leases/<uuid:token>/aids/", desk.AidsView.as_view(), name="review-aids"),
    path("review/leases/<uuid:token>/snooze/", desk.SnoozeView.as_view(), name="review-snooze"),
    path("review/leases/<uuid:token>/decide/", desk.DecideView.as_view(), name="review-decide"),
    path("review/guidelines/<str:variant>/", desk.GuidelineView.as_view(), name="review-guideline"),
    path("reports/throughput/", reports.ThroughputView.as_view(), name="report-throughput"),
    path("reports/efficiency/", reports.EfficiencyView.as_view(), name="report-efficiency"),
    path("reports/quality/", reports.QualityView.as_view(), name="report-quality"),
    path("requests/<int:pk>/approved/", ApprovedView.as_view(), name="request-approved"),
    path("workload/floor/", workload.FloorView.as_view(), name="workload-floor"),
    path("workload/queues/", workload.QueuesView.as_view(), name="workload-queues"),
    path("workload/queues/<int:pk>/forecast/", workload.ForecastView.as_view(), name="workload-forecast"),
    *router.urls,
]
