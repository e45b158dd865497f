"""What the hotline is told of a case: figures in steps, nobody's name, nothing of a few people."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.interactions.privacy import quotable
from cms.interactions.small import at_least, is_small, merge_people
from cms.members.models import Union
from cms.topics.models.cases import Brief, Case, CaseExport
from cms.topics.models.voices import Voice
from cms.topics.selectors.evidence import voices_behind
from cms.topics.selectors.scope import DAY_CHOICES, OWN_WORDS, SPOKEN, Period
from search.text.normalise import normalise

MOST_QUOTES = 20
QUOTE_LENGTH = 200
#: Voices looked through for quotes; some are repetitions.
VOICES_READ = 400
#: Days before a case was opened that belong to it: the longest that the board looks back.
DAYS_BEFORE = max(DAY_CHOICES)


@dataclass(frozen=True)
class Facts:
    """`people`, `voices` and the numbers by source are floors in steps of five, so that two exports
    that follow each other tell of no single person either; 0 people when there are fewer than five.
    `sources`: [(labels joined by 、, voices)], those of few people together."""

    case: Case
    period: Period
    people: int
    voices: int
    sources: list[tuple[str, int]] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    laws: list[str] = field(default_factory=list)

    @property
    def is_small(self) -> bool:
        return not self.people


def facts_of(case: Case, *, unions: QuerySet[Union] | None, today: date | None = None) -> Facts:
    """`unions`: those whose voices may be told of, None for all. Three queries."""
    today = today or timezone.localdate()
    opened = timezone.localdate(case.opened_at)
    period = Period(opened - timedelta(days=DAYS_BEFORE - 1), max(today, opened))
    voices = voices_behind(topic=case.topic, period=period, unions=unions).filter(SPOKEN)
    said: dict[str, list[str]] = defaultdict(list)
    for source, person in voices.values_list("source", "person_key"):
        said[str(Voice.Source(source).label)].append(person)
    everybody = [person for persons in said.values() for person in persons]
    people = len(set(everybody))
    if not people or is_small(people):
        return Facts(case, period, people=0, voices=0, laws=laws_of(case))
    return Facts(
        case,
        period,
        people=at_least(people),
        voices=at_least(len(everybody)),
        sources=[("、".join(labels), at_least(number)) for labels, number in merge_people(said)],
        quotes=list(_quotes(voices)),
        laws=laws_of(case),
    )


def _quotes(voices: QuerySet[Voice]) -> Iterator[str]:
    """The latest words of each person, masked, none twice; neither when nor where they were said.

    Private messages are counted and not quoted; records of the hotline are its own.
    """
    rows = (
        voices.filter(source__in=OWN_WORDS, copy_of="")
        .filter(Q(is_public=True) | Q(source=Voice.Source.HOTLINE))
        .order_by("-said_at", "-pk")
        .values_list("person_key", "text")[:VOICES_READ]
    )
    seen: set[str] = set()
    number = 0
    for person, text in rows:
        words = "".join(filter(str.isalnum, normalise(text)))
        if person in seen or words in seen:
            continue
        seen |= {person, words}
        number += 1
        yield _short(quotable(" ".join(text.split())))
        if number == MOST_QUOTES:
            return


def _short(text: str) -> str:
    return text if len(text) <= QUOTE_LENGTH else f"{text[: QUOTE_LENGTH - 1]}…"


def laws_of(case: Case) -> list[str]:
    """《…》第七条, of the latest brief."""
    brief = Brief.objects.filter(case=case).first()
    return [f"{law['law']}{law.get('articles', '')}" for law in brief.laws] if brief else []


def exports_of(case: Case) -> QuerySet[CaseExport]:
    return case.exports.select_related("made_by", "receipt_by")


def receipt_is_due(export: CaseExport, now: datetime | None = None) -> bool:
    """A week without a receipt: somebody should ask."""
    waited = (now or timezone.now()) - export.made_at
    return not export.receipt and waited > timedelta(days=7)
