"""`make run`: one machine, plain HTTP, the sandbox beside it. Everything else as in production."""

from cms.settings.base import *
from cms.settings.base import STATIC_ROOT, env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = ["*"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_PROXY_SSL_HEADER = None
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
ALLOW_PRIVATE_ADDRESSES = True
SERVE_MEDIA = True
# No text message leaves this machine; the page that asks for the code says what it would say.
SMS_BACKEND = env("SMS_BACKEND", default="cms.members.sms.outbox")
SMS_OUTBOX_SHOWN = SMS_BACKEND == "cms.members.sms.outbox"
UNION_CONTACT = env("UNION_CONTACT", default="职工热线 12351")
SANDBOX_URL = env("SANDBOX_URL", default="http://127.0.0.1:8100")

# Static files straight from their folders: no collecting step between an edit and a reload.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
