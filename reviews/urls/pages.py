from django.urls import include, path

from reviews.views import approved, bulk, decisions, desk, gallery, items, quotas, snapshots, team

routes = [
    path("review/", desk.desk, name="desk"),
    path("quotas/", quotas.quota_list, name="quotas"),
    path("quotas/<str:username>/", quotas.set_quota, name="set_quota"),
    path("datasets/", snapshots.snapshot_list, name="snapshots"),
    path("datasets/freeze/", snapshots.freeze_snapshot, name="freeze_snapshot"),
    path("datasets/<int:pk>/", snapshots.snapshot_detail, name="snapshot"),
    path("datasets/<int:pk>/exports/new/", snapshots.new_export, name="new_export"),
    path("exports/<uuid:handle>/<path:name>", snapshots.export_file, name="export_file"),
    path("approved/<uuid:handle>", approved.approved_image, name="approved_image"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/download/", bulk.preview_download, name="preview_download"),
    path("gallery/download/images.zip", bulk.download, name="download_approved"),
    path("gallery/ask-again/", bulk.preview_asking_again, name="preview_asking_again"),
    path("gallery/ask-again/confirmed/", bulk.ask_again, name="ask_again"),
    path("decisions/", decisions.decision_list, name="decisions"),
    path("decisions/<int:pk>/take-back/", decisions.take_back, name="take_back"),
    path("items/<uuid:handle>/", items.item_history, name="item"),
    path("items/<uuid:handle>/gold/<uuid:candidate>/", items.set_gold, name="set_gold"),
    path("items/<uuid:handle>/gold/<uuid:candidate>/remove/", items.remove_gold, name="remove_gold"),
    path("team/", team.team, name="team"),
]
urlpatterns = [path("", include((routes, "reviews")))]
