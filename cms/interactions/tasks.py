"""Jobs: thin, the services do the work."""

from celery import shared_task

from cms.interactions import screening


@shared_task(name="interactions.screen_waiting")
def screen_waiting():
    screening.check_waiting()
