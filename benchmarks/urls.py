"""The site, and beside it the smallest view there can be: the measure for all pages."""

from django.http import HttpResponse
from django.urls import path

from cms.urls import urlpatterns as site

BARE = "-/bare/"


def bare(request):
    return HttpResponse("好")


urlpatterns = [path(BARE, bare), *site]
