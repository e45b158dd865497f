"""Production as it is, with the search backend that SEARCH_BACKEND names."""

from cms.settings.production import *  # noqa: F403
from cms.settings.production import env

WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": env("SEARCH_BACKEND", default="search.backends.auto")}
}
