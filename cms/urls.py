"""The composition root: every public address and the admin."""

from django.conf import settings
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v3.urls import api
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("api/v3/", api.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms.members.urls")),
    path("accounts/", include("allauth.urls")),
    path("search/", include("search.urls")),
    path("", include("cms.matrix.urls")),
    path("", include("cms.interactions.urls")),
    path("", include("cms.topics.urls")),
    path("", include("cms.analytics.urls")),
    *(
        [path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT})]
        if settings.SERVE_MEDIA
        else []
    ),
    path("", include(wagtail_urls)),
]
