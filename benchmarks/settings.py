"""Production as it is, over plain HTTP on this machine, with the marks of `benchmarks.middleware`.

Static names come from a manifest as in production; only the compressed copies are left out, for
which no page here asks.
"""

from cms.settings.production import *  # noqa: F403
from cms.settings.production import MIDDLEWARE, STORAGES

ALLOWED_HOSTS = ["127.0.0.1"]
SECURE_SSL_REDIRECT = False
ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.middleware.Marks", *MIDDLEWARE]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
