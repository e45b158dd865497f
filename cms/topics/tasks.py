"""Thin tasks: the clock calls, a service does the work."""

import logging

from celery import shared_task
from django.utils.translation import gettext as _

from cms.members.models import User
from cms.topics.models import ImportBatch, LearnedModel
from cms.topics.services import (
    import_fail,
    import_run,
    imports_purge,
    model_train,
    voices_group,
)

log = logging.getLogger(__name__)
#: 50,000 rows of a few hundred characters take minutes: names are looked for in each.
IMPORT_SECONDS = 30 * 60


@shared_task(name="topics.group_voices")
def group_voices() -> None:
    voices_group()


@shared_task(name="topics.learn_model")
def learn_model(pk: int) -> None:
    model_train(model=LearnedModel.objects.get(pk=pk))


@shared_task(name="topics.run_import", time_limit=IMPORT_SECONDS)
def run_import(batch_id: int, user_id: int) -> None:
    import_run(batch_id=batch_id, user_id=user_id)


def import_send_off(batch: ImportBatch, user: User) -> None:
    """Give a started import to the workers. Never raises."""
    try:
        run_import.delay(batch.pk, user.pk)
    except Exception:
        # The broker is away, in whatever way it fails: the file waits for another try.
        log.exception("import %s not sent off", batch.pk)
        import_fail(batch=batch, problem=_("后台任务没有启动，一条也没有导入。请稍后再试一次。"))


@shared_task(name="topics.purge_imports")
def purge_imports() -> None:
    imports_purge()
