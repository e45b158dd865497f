"""Thin tasks: the clock calls, a service does the work."""

import logging

from celery import shared_task
from django.db import transaction

from cms.topics import selectors
from cms.topics.services import followers_tell, follows_gather, voices_group

log = logging.getLogger(__name__)


@shared_task(name="topics.group_voices")
def group_voices() -> None:
    voices_group()


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
