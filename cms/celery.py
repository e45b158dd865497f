"""The Celery app. Tasks are thin: an id comes in, a service is called."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

TRANSPORT_ALIASES["filesystem"] = "cms.broker:Transport"

app = Celery("cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
