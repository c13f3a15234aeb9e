from django.urls import include, path

from generation.views import imports, limits, pictures, products, repairs, requests, training

routes = [
    path("pictures/<path:name>", pictures.picture, name="picture"),
    path("products/", products.product_list, name="products"),
    path("products/new/", products.new_product, name="new_product"),
    path("products/<int:pk>/", products.product_detail, name="product"),
    path("products/<int:pk>/revisions/new/", products.new_revision, name="new_revision"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/problems.csv", imports.import_problems, name="import_problems"),
    path("imports/<int:pk>/cancel/", imports.cancel_import, name="cancel_import"),
    path("imports/<int:pk>/for-real/", imports.import_for_real, name="import_for_real"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/new/", requests.new_request, name="new_request"),
    path("requests/<int:pk>/", requests.request_detail, name="request"),
    path("requests/<int:pk>/progress/", requests.request_progress, name="request_progress"),
    path("requests/<int:pk>/cancel/", requests.cancel_request, name="cancel_request"),
    path("requests/<int:pk>/retry/", requests.retry_request, name="retry_request"),
    path("limits/", limits.limit_list, name="limits"),
    path("limits/<slug:variant>/", limits.limit_list, name="variant_limits"),
    path("limits/<slug:variant>/<slug:measure>/", limits.limit_detail, name="limit"),
    path("limits/<slug:variant>/<slug:measure>/reset/", limits.reset_limit, name="reset_limit"),
    path("repairs/", repairs.repair_list, name="repairs"),
    path("repairs/<int:pk>/", repairs.repair_detail, name="repair"),
    path("repairs/<int:pk>/repair/", repairs.repair_mask, name="repair_mask"),
    path("repairs/<int:pk>/keep/", repairs.keep_mask, name="keep_mask"),
    path("models/", training.models, name="models"),
    path("models/<int:pk>/activate/", training.activate_version, name="activate_version"),
    path("models/<int:pk>/roll-back/", training.roll_back, name="roll_back"),
    path("training/new/", training.new_training, name="new_training"),
    path("training/<int:pk>/", training.training_run, name="training_run"),
    path("training/<int:pk>/progress/", training.training_progress, name="training_progress"),
    path("training/<int:pk>/cancel/", training.cancel_training, name="cancel_training"),
]
urlpatterns = [path("", include((routes, "generation")))]
