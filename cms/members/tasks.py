"""Thin tasks: an id comes in, a service is called."""

from celery import shared_task

from cms.members import services
from cms.members.models import User
from cms.members.selectors import digest_readers


@shared_task(name="members.send_digests")
def send_digests() -> None:
    for pk in digest_readers().values_list("pk", flat=True):
        send_digest.delay(pk)


@shared_task(name="members.send_digest")
def send_digest(pk: int) -> None:
    services.digest_send(user=User.objects.get(pk=pk))


@shared_task(name="members.purge")
def purge() -> None:
    services.personal_data_purge()
