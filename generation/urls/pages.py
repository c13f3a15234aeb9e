from django.urls import include, path

from generation.views import masks, pictures, products, requests, training

routes = [
    path("pictures/<path:name>", pictures.picture, name="picture"),
    path("products/", products.product_list, name="products"),
    path("products/new/", products.new_product, name="new_product"),
    path("products/<int:pk>/", products.product_detail, name="product"),
    path("products/<int:pk>/revisions/new/", products.new_revision, name="new_revision"),
    path("products/<int:pk>/mask/", masks.mask_editor, name="mask_editor"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/new/", requests.new_request, name="new_request"),
    path("requests/<int:pk>/", requests.request_detail, name="request"),
    path("requests/<int:pk>/progress/", requests.request_progress, name="request_progress"),
    path("requests/<int:pk>/cancel/", requests.cancel_request, name="cancel_request"),
    path("requests/<int:pk>/retry/", requests.retry_request, name="retry_request"),
    path("models/", training.models, name="models"),
    path("models/<int:pk>/activate/", training.activate_version, name="activate_version"),
    path("models/<int:pk>/roll-back/", training.roll_back, name="roll_back"),
    path("training/new/", training.new_training, name="new_training"),
    path("training/<int:pk>/", training.training_run, name="training_run"),
    path("training/<int:pk>/progress/", training.training_progress, name="training_progress"),
    path("training/<int:pk>/cancel/", training.cancel_training, name="cancel_training"),
]
urlpatterns = [path("", include((routes, "generation")))]
