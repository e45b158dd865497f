"""Bring the index up to date with the words, in the background and document by document."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone
from modelsearch.backends import get_search_backends_with_name
from modelsearch.index import get_indexed_instance

from search.lexicon import documents, store
from search.models import LexiconReindex

log = logging.getLogger(__name__)

BATCH = 50
#: One run ends after this long, well below the tasks' time limit; the next one goes on.
RUN_SECONDS = 60
#: A job that no run has touched for so long lost its worker or its task.
STALE = timedelta(minutes=3)
MOST_ATTEMPTS = 5
State = LexiconReindex.State


def reindex_run(*, job_id: int, seconds: float = RUN_SECONDS) -> bool:
    """Go on with a job for about ``seconds``; return whether more is left to do.

    May be called at any time and twice: a job that runs elsewhere is left alone, and a document
    indexed twice is indexed once. A failing run is tried again MOST_ATTEMPTS times.
    """
    if not _claim(job_id):
        return False
    job = LexiconReindex.objects.get(pk=job_id)
    store.forget()  # This process may still hold the words from before the change.
    try:
        finished = _work(job, time.monotonic() + seconds)
    except Exception:  # Whatever a document or a database does: the job says so and is retried.
        log.exception("re-index %s stopped", job_id)
        job.attempts += 1
        job.state = State.FAILED if job.attempts >= MOST_ATTEMPTS else State.WAITING
        job.save(update_fields=["attempts", "state"])
        return False
    job.state = State.DONE if finished else State.WAITING
    job.ended_at = timezone.now() if finished else None
    job.save(update_fields=["state", "ended_at"])
    return not finished


def reindex_retry(*, job_id: int) -> None:
    """Let a job that gave up start again where it stopped."""
    LexiconReindex.objects.filter(pk=job_id, state=State.FAILED).update(
        state=State.WAITING, attempts=0, seen_at=None
    )


def reindex_waiting() -> list[int]:
    """Return the jobs that no worker has in hand."""
    before = timezone.now() - STALE
    open_jobs = LexiconReindex.objects.filter(state__in=[State.WAITING, State.RUNNING])
    idle = open_jobs.filter(Q(seen_at=None, created_at__lt=before) | Q(seen_at__lt=before))
    return list(idle.order_by("pk").values_list("pk", flat=True))


def _claim(job_id: int) -> bool:
    now = timezone.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, seen_at__lt=now - STALE)
    taken = LexiconReindex.objects.filter(free, pk=job_id).update(state=State.RUNNING, seen_at=now)
    LexiconReindex.objects.filter(pk=job_id, started_at=None).update(started_at=now)
    return bool(taken)


def _work(job: LexiconReindex, until: float) -> bool:
    """Index what is left, until the clock strikes; return whether everything is done."""
    todo = {model: documents.keys_holding(job.words, model) for model in documents.indexed_roots()}
    job.total = max(job.done, sum(len(keys) for keys in todo.values()))
    job.save(update_fields=["total"])
    for model, keys in todo.items():
        label = model._meta.label
        done = job.cursor.get(label)
        left = [key for key in keys if done is None or _after(key, done)]
        for start in range(0, len(left), BATCH):
            if time.monotonic() > until:
                return False
            batch = left[start : start + BATCH]
            with transaction.atomic():
                _index(model, batch)
                job.cursor[label] = str(batch[-1])
                job.done = F("done") + len(batch)
                job.seen_at = timezone.now()
                job.save(update_fields=["cursor", "done", "seen_at"])
            job.refresh_from_db(fields=["done"])
    return True


def _after(key, done: str) -> bool:
    return documents.in_order(key) > documents.in_order(done)


def _index(model: type[Model], keys: list) -> None:
    by_class: dict[type[Model], list] = {}
    for document in model._default_manager.filter(pk__in=keys):
        if indexed := get_indexed_instance(document):
            by_class.setdefault(type(indexed), []).append(indexed)
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        for indexed_class, indexed in by_class.items():
            backend.get_index_for_model(indexed_class).add_items(indexed_class, indexed)
