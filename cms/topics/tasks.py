"""Thin tasks: the clock calls, a service does the work."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from cms.members.models import User
from cms.topics import selectors
from cms.topics.models import ImportBatch, LearnedModel
from cms.topics.services import (
    followers_tell,
    follows_gather,
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


@shared_task(name="topics.tell_followers")
def tell_followers(case_id: int) -> None:
    """In batches, so that none holds the database for long."""
    while followers_tell(case_id=case_id):
        pass


@shared_task(name="topics.tend_cases", expires=240)
def tend_cases() -> None:
    """Who asked to be told meanwhile is taken in; who was not told because a task was lost is."""
    for case in selectors.cases_to_tend():
        follows_gather(case=case)
        if case.answered_at:
            tell_followers.delay(case.pk)


def dispatch_telling(case_id: int) -> None:
    """Have those who asked told, after the commit. Never raises: `tend_cases` finds the rest."""
    transaction.on_commit(lambda: _send_off(case_id))


def _send_off(case_id: int) -> None:
    try:
        tell_followers.delay(case_id)
    except Exception:
        # The broker is away, in whatever way it fails: the answer itself is public.
        log.exception("followers of case %s not dispatched", case_id)
