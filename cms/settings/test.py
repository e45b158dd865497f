"""Tests: real parts, quick hashing, nothing written outside a folder that is thrown away."""

import os
import tempfile

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="rongmei-test-"))

from cms.settings.base import *
from cms.settings.base import CACHES, REDIS_URL, VAR_DIR

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
ALLOWED_HOSTS = ["*"]
ALLOW_PRIVATE_ADDRESSES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
if REDIS_URL:
    # Each parallel worker its own database on the server: a test empties the whole cache.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for cache in CACHES.values():
        cache["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{int(worker) + 1}"
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "visits": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "visits",
        },
        "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
# Lexicon rows are looked up now and then: a query that tests of query counts must not meet.
SEARCH_LEXICON_FROM_DATABASE = False
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_BACKEND = "cms.members.sms.outbox"
UNION_CONTACT = "职工热线 12351"
MEDIA_ROOT = VAR_DIR / "media"
