"""The rows of a file come in: all good ones, or none; and they can be taken back.

A person starts it, a task carries it out. Reading, checking and hiding of names is done before the
transaction, which thus is short: SQLite lets nobody else write meanwhile.
"""

from collections.abc import Iterator

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log as log_action

from cms.interactions.privacy import quotable
from cms.members.models import User
from cms.topics.importing.rows import Checked, Record
from cms.topics.models import ImportBatch, Voice
from cms.topics.services.import_files import import_check
from cms.topics.services.voices import tidy, voice_of, voices_forget, voices_take_in
from cms.topics.tables import TableError, rejected_workbook

State = ImportBatch.State
#: Rows between two signs of life; seconds without one after which a run counts as dead.
BEAT_ROWS = 200
SILENCE = 10 * 60


def import_start(*, batch: ImportBatch, user: User) -> None:
    """From here on the task is to run. Raises ValidationError when there is nothing to be started:
    a second click starts nothing."""
    ready = Q(state__in=[State.WAITING, State.FAILED])
    if import_is_silent(batch):
        ready |= Q(state=State.RUNNING)
    if not (
        ImportBatch.objects.filter(
            ready, pk=batch.pk, layout__isnull=False, file__isnull=False
        ).update(state=State.RUNNING, problem="")
    ):
        raise ValidationError(_("这个文件已经在导入，或已经处理过。"))
    _beat(batch.pk, 0, 0)


def import_run(*, batch_id: int, user_id: int) -> None:
    """Bring the rows in, as `import_start` was told to. Safe to repeat: a second run finds nothing
    to do. Whatever goes wrong, no row is in."""
    running = ImportBatch.objects.filter(pk=batch_id, state=State.RUNNING)
    batch = running.select_related("union", "layout").first()
    if batch is None:
        return
    try:
        _bring_in(batch, User.objects.get(pk=user_id))
    except TableError as refused:
        import_fail(batch=batch, problem=str(refused))
    except Exception:
        import_fail(batch=batch, problem=_("导入中途出错，一条也没有导入。请再试一次。"))
        raise
    finally:
        cache.delete(_beat_key(batch_id))


def _bring_in(batch: ImportBatch, user: User) -> None:
    checked = import_check(batch=batch, user=user)
    voices = list(_voices(batch, checked.records))
    rejected = _rejected(batch, checked)
    with transaction.atomic():
        won = ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING).update(
            state=State.DONE, file=None, rejected=rejected, bad=len(checked.bad)
        )
        if not won:  # Another run of the same task was quicker.
            return
        taken = voices_take_in(voices)
        batch.state = State.DONE
        batch.good, batch.known = taken.new, taken.changed + taken.same
        batch.save(update_fields=["good", "known"])
        figures = {"new": taken.new, "changed": taken.changed, "same": taken.same}
        log_action(batch, "topics.import", user=user, data=figures)


def _voices(batch: ImportBatch, records: list[Record]) -> Iterator[Voice]:
    """As they are stored: nobody's number or name in them. The slow part, with signs of life."""
    for done, record in enumerate(records):
        if done % BEAT_ROWS == 0:
            _beat(batch.pk, done, len(records))
        yield voice_of(
            origin=record.origin,
            source=batch.kind,
            title=quotable(tidy(record.title)),
            text=quotable(tidy(record.text)),
            author_key=record.author,
            said_at=record.said_at,
            union=record.union,
            batch=batch,
        )


def _rejected(batch: ImportBatch, checked: Checked) -> bytes | None:
    if not checked.bad:
        return None
    rows = ((bad.line, bad.cells, bad.reason) for bad in checked.bad)
    return rejected_workbook(checked.header, rows)


def import_fail(*, batch: ImportBatch, problem: str) -> None:
    """Say why nothing came in; one that came in meanwhile is left alone."""
    longest = ImportBatch._meta.get_field("problem").max_length
    ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING).update(
        state=State.FAILED, problem=problem[:longest]
    )


def import_is_silent(batch: ImportBatch) -> bool:
    """Whether a run that should be going on gave no sign of life for SILENCE seconds."""
    return batch.state == State.RUNNING and import_progress(batch) is None


def import_progress(batch: ImportBatch) -> tuple[int, int] | None:
    """(rows done, rows to do); (0, 0) before they are counted, None without a sign of life."""
    return cache.get(_beat_key(batch.pk))


def _beat(pk: int, done: int, total: int) -> None:
    cache.set(_beat_key(pk), (done, total), SILENCE)


def _beat_key(pk: int) -> str:
    return f"topics:import:{pk}"


@transaction.atomic
def import_undo(*, batch: ImportBatch, user: User) -> int:
    """Forget the voices that this file brought in; those it only brought up to date stay. Returns
    how many went. Raises ValidationError when it is not in."""
    if not ImportBatch.objects.filter(pk=batch.pk, state=State.DONE).update(
        state=State.UNDONE, rejected=None
    ):
        raise ValidationError(_("这次导入已经撤销过，或者还没有导入。"))
    gone = voices_forget(batch.voices.all())
    log_action(batch, "topics.import_undo", user=user, data={"gone": gone})
    return gone
