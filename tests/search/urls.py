from django.urls import include, path

from cms.urls import urlpatterns as site

urlpatterns = [path("search/", include("search.urls")), *site]
