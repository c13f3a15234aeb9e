"""Every route of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from canvas_review import health
from canvas_review.design import design
from reviews.views.home import home

_DOCS = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api_docs.html")

api_v1: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", _DOCS, name="docs"),
    path("", include("delivery.urls.api")),
    path("", include("generation.urls.api")),
    path("", include("reviews.urls.api")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("design/", design, name="design"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api_v1, "api"))),
    path("", include("accounts.urls")),
    path("", include("delivery.urls.pages")),
    path("", include("generation.urls.pages")),
    path("", include("reviews.urls.pages")),
]

handler400 = "canvas_review.api.bad_request"
handler403 = "canvas_review.api.forbidden"
handler404 = "canvas_review.api.not_found"
handler500 = "canvas_review.api.server_error"
