"""融媒工会 (Rongmei): the project package. Importing it makes the Celery app known to Django."""

from cms.celery import app as celery_app

__all__ = ["celery_app"]
