from django.urls import include, path

from reviews.views import approved, day, desk, desk_settings, guidelines, questions, quotas, snapshots

routes = [
    path("review/", desk.desk, name="desk"),
    path("review/settings/", desk_settings.settings_page, name="desk_settings"),
    path("day/", day.day, name="day"),
    path("guidelines/", guidelines.guideline_list, name="guidelines"),
    path("guidelines/<str:variant>/", guidelines.guideline_detail, name="guideline"),
    path("guidelines/<str:variant>/edit/", guidelines.edit_guideline, name="edit_guideline"),
    path("questions/", questions.question_list, name="questions"),
    path("questions/<int:pk>/", questions.question_detail, name="question"),
    path("questions/<int:pk>/answer/", questions.answer_question, name="answer_question"),
    path("quotas/", quotas.quota_list, name="quotas"),
    path("quotas/<str:username>/", quotas.set_quota, name="set_quota"),
    path("datasets/", snapshots.snapshot_list, name="snapshots"),
    path("datasets/freeze/", snapshots.freeze_snapshot, name="freeze_snapshot"),
    path("datasets/<int:pk>/", snapshots.snapshot_detail, name="snapshot"),
    path("datasets/<int:pk>/exports/new/", snapshots.new_export, name="new_export"),
    path("exports/<uuid:handle>/<path:name>", snapshots.export_file, name="export_file"),
    path("approved/<uuid:handle>", approved.approved_image, name="approved_image"),
]
urlpatterns = [path("", include((routes, "reviews")))]
