"""Jobs: thin, the services do the work."""

from celery import shared_task

from cms.interactions import screening, services
from cms.interactions.services import retention


@shared_task(name="interactions.screen_waiting")
def screen_waiting():
    screening.check_waiting()


@shared_task(name="interactions.purge_records")
def purge_records():
    retention.records_purge()


@shared_task(name="interactions.release_answers")
def release_answers() -> None:
    services.answers_release_due()
