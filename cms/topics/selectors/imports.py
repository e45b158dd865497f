"""Files of records and what became of them."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from wagtail.models import ModelLogEntry

from cms.members.models import Union
from cms.topics.importing.columns import shown
from cms.topics.importing.rows import Bad, Checked
from cms.topics.models.imports import ImportBatch, ImportLayout
from cms.topics.models.voices import Voice

FILES_PER_PAGE = 30
BAD_SHOWN = 10
CHUNK = 500


@dataclass(frozen=True)
class BadLine:
    """A row that stays out, as it may be seen on a screen."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Outlook:
    """What would come of a file: so many rows are new, were in before, stay out and why."""

    fresh: int
    known: int
    bad: int
    reasons: list[tuple[str, int]]
    first_bad: list[BadLine]


def imports_for(unions: QuerySet[Union] | None) -> QuerySet[ImportBatch]:
    """Files of these unions, None for all; without what they hold."""
    found = ImportBatch.objects.defer("file", "rejected").select_related(
        "union", "made_by", "layout"
    )
    return found if unions is None else found.filter(union__in=unions)


def imports_page(unions: QuerySet[Union] | None, page: str = "") -> Page:
    """One page of files, newest first. Two queries."""
    return Paginator(imports_for(unions), FILES_PER_PAGE).get_page(page)


def outlook(checked: Checked, layout: ImportLayout) -> Outlook:
    """From the rows of a file with this layout."""
    known = _known([record.origin for record in checked.records])
    reasons = Counter(bad.kind for bad in checked.bad)
    at = layout.header.index(layout.columns["text"])
    return Outlook(
        fresh=len(checked.records) - known,
        known=known,
        bad=len(checked.bad),
        reasons=reasons.most_common(),
        first_bad=[_line(bad, at) for bad in checked.bad[:BAD_SHOWN]],
    )


def _known(origins: list[str]) -> int:
    chunks = (origins[at : at + CHUNK] for at in range(0, len(origins), CHUNK))
    return sum(Voice.objects.filter(origin__in=chunk).count() for chunk in chunks)


def _line(bad: Bad, at: int) -> BadLine:
    reason = f"{bad.said}：“{shown(bad.cell)}”" if bad.cell else bad.said
    return BadLine(bad.line, reason, shown(bad.cells[at]))


def twins_of(batch: ImportBatch, unions: QuerySet[Union] | None) -> QuerySet[ImportBatch]:
    """Earlier imports of the very same file that are in."""
    same = imports_for(unions).filter(digest=batch.digest, state=ImportBatch.State.DONE)
    return same.exclude(pk=batch.pk)


def history_of(batch: ImportBatch) -> QuerySet[ModelLogEntry]:
    """Who did what with it, in order."""
    entries = ModelLogEntry.objects.for_instance(batch).select_related("user")
    return entries.order_by("timestamp")


def has_file(batch: ImportBatch) -> bool:
    return ImportBatch.objects.filter(pk=batch.pk, file__isnull=False).exists()


def outcome(batch: ImportBatch) -> dict:
    """Of a file that is in: how many rows were brought up to date, whether the rows that stayed out
    can still be had, how many of its voices are here."""
    entry = history_of(batch).filter(action="topics.import").last()
    return {
        "changed": entry.data["changed"] if entry else 0,
        "has_rejected": ImportBatch.objects.filter(pk=batch.pk, rejected__isnull=False).exists(),
        "left": batch.voices.count(),
    }
