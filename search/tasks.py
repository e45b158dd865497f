"""Thin tasks: an id in, a service called. Safe to run twice, safe to lose: the sweep finds it."""

from celery import shared_task

from search.lexicon.proposals import new_words_find
from search.lexicon.reindex import reindex_run, reindex_waiting
from search.vocabulary import vocabulary_refresh


@shared_task(name="search.reindex")
def reindex(job_id: int) -> None:
    if reindex_run(job_id=job_id):
        reindex.delay(job_id)


@shared_task(name="search.sweep_reindex")
def sweep_reindex() -> None:
    """Take up what lost its task or its worker."""
    for job_id in reindex_waiting():
        reindex.delay(job_id)


@shared_task(name="search.find_new_words")
def find_new_words() -> None:
    new_words_find()


@shared_task(name="search.refresh_vocabulary")
def refresh_vocabulary() -> None:
    vocabulary_refresh()
