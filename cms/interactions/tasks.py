"""Thin tasks: the clock calls, a service does the work."""

from celery import shared_task

from cms.interactions import services


@shared_task(name="interactions.release_answers")
def release_answers() -> None:
    services.answers_release_due()
