"""The Celery app. Tasks are thin: an id comes in, a service is called."""

import os

from celery import Celery, Task
from celery.signals import task_prerun
from django.db import close_old_connections
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

TRANSPORT_ALIASES["filesystem"] = "cms.broker:Transport"

app = Celery("cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def start_on_a_connection_that_works(sender: Task, **kwargs: object) -> None:
    """One that is too old or broken is opened anew (with CELERY_DB_REUSE_MAX nothing else does)."""
    if not sender.request.is_eager:
        close_old_connections()


task_prerun.connect(start_on_a_connection_that_works)
