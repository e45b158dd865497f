"""Glue: changed rows tell every process; a job that a change made is given to a worker."""

import logging

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from search.lexicon import store
from search.models import Apart, LexiconReindex, Term
from search.tasks import reindex

log = logging.getLogger(__name__)


@receiver([post_save, post_delete], sender=Term, dispatch_uid="search_lexicon_stamp")
@receiver([post_save, post_delete], sender=Apart, dispatch_uid="search_lexicon_stamp_apart")
def term_changed(**kwargs):
    """Whoever writes a row past the service (a fixture, a shell) is noticed as well."""
    store.stamp()


@receiver(post_save, sender=LexiconReindex, dispatch_uid="search_lexicon_reindex")
def job_made(instance, created, **kwargs):
    if created:
        transaction.on_commit(lambda: _dispatch(instance.pk))


def _dispatch(job_id: int) -> None:
    try:
        reindex.delay(job_id)
    except Exception:  # The broker is away: the job stands in its table, the sweep will find it.
        log.exception("re-index %s not dispatched", job_id)
