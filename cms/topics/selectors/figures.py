"""What is counted of each topic, for the board and for the heat."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum

from cms.topics import heat
from cms.topics.models.voices import Voice
from cms.topics.selectors.scope import (
    OWN_WORDS,
    SPEAKING,
    SPOKEN,
    Period,
    Source,
    by_topic,
    heard,
    people_of,
)

#: Said in words of one's own: of near-copies only the first.
INDEPENDENT = Q(source__in=OWN_WORDS, copy_of="")
COUNTED = (
    *("people", "own_people", "voices", "copies", "cares", "written", "unhappy"),
    *("searches", "empty"),
)


def figures(period: Period, scope: dict) -> list[dict]:
    """By topic (`about`): all of COUNTED and `from_<source>` for the period, `people_before`,
    `earlier` (independent people of the periods before, the latest first) and `independent`, which
    the heat is made of. `scope` as for `heard`, without the period. Two queries."""
    earlier = [period.earlier(n) for n in range(1, heat.EARLIER_WINDOWS + 1)]
    whole = Period(earlier[-1].first, period.last)
    rows = (
        by_topic(heard(period=whole, **scope))
        .values("about")
        .annotate(
            people_before=people_of(earlier[0].q & SPOKEN),
            **{
                f"earlier_{n}": people_of(before.q & INDEPENDENT)
                for n, before in enumerate(earlier)
            },
            **counts(period.q),
        )
    )
    independent = independents(by_topic(heard(period=period, **scope)))
    return [
        {
            **row,
            "earlier": tuple(row[f"earlier_{n}"] for n in range(len(earlier))),
            "independent": independent.get(row["about"], Independent()),
        }
        for row in rows
    ]


def counts(when: Q) -> dict:
    """Aggregates of all that is told in numbers, for the voices of `when`."""
    now = when & SPOKEN
    own = when & Q(source__in=OWN_WORDS)
    return {
        "people": people_of(now),
        "own_people": people_of(when & INDEPENDENT),
        "voices": Count("pk", filter=now),
        "copies": Count("pk", filter=now & ~Q(copy_of="")),
        "cares": Count("pk", filter=when & Q(source=Source.CARE)),
        "written": Count("pk", filter=own),
        "unhappy": Count("pk", filter=own & Q(mood=Voice.Mood.BAD)),
        "searches": Sum("weight", filter=when & Q(source=Source.SEARCH), default=0),
        "empty": Sum("weight", filter=when & Q(source=Source.EMPTY), default=0),
        **{f"from_{source}": Count("pk", filter=when & Q(source=source)) for source in SPEAKING},
    }


def sources_of(row: dict) -> dict[str, int]:
    """Voices of each source in which people speak, and how often was searched."""
    return {
        **{source: row[f"from_{source}"] for source in SPEAKING},
        Source.SEARCH.value: row["searches"],
        Source.EMPTY.value: row["empty"],
    }


@dataclass(frozen=True)
class PeopleBy:
    """The people of one topic by source and by mood; somebody may be in several."""

    source: dict[str, int] = field(default_factory=dict)
    mood: dict[int, int] = field(default_factory=dict)


def people_by(**scope) -> dict[int, PeopleBy]:
    """By topic. `scope` as for `heard`. Two queries."""
    spoken = by_topic(heard(**scope)).filter(SPOKEN)
    found: dict[int, PeopleBy] = defaultdict(PeopleBy)
    for about, source, number in spoken.values_list("about", "source").annotate(n=people_of(Q())):
        found[about].source[source] = number
    own = spoken.filter(source__in=OWN_WORDS)
    for about, mood, number in own.values_list("about", "mood").annotate(n=people_of(Q())):
        found[about].mood[mood] = number
    return found


@dataclass
class Independent:
    """Who spoke of a topic in words of his own: `firsts` has the people by the day on which they
    first did; `times` counts each person once a day and on heat.INSISTENCE days at most."""

    firsts: dict[date, int] = field(default_factory=dict)
    times: int = 0

    @property
    def people(self) -> int:
        return sum(self.firsts.values())

    @property
    def gathered(self) -> int:
        """As `heat.gathered`."""
        days = [day.toordinal() for day in sorted(self.firsts) for _one in range(self.firsts[day])]
        return heat.gathered(days)


def independents(voices: QuerySet[Voice]) -> dict[int, Independent]:
    """By topic; `voices` by topic. One query: people are counted up in the database, for there may
    be many more of them than days."""
    people = (
        voices.filter(INDEPENDENT)
        .values("about", "person_key")
        .annotate(first=Min("day"), days=Count("day", distinct=True))
    )
    inner, values = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about, first, COUNT(*), SUM(CASE WHEN days > %s THEN %s ELSE days END) "
            f"FROM ({inner}) AS person GROUP BY about, first",
            [heat.INSISTENCE, heat.INSISTENCE, *values],
        )
        rows = cursor.fetchall()
    found: dict[int, Independent] = defaultdict(Independent)
    for about, first, number, times in rows:
        found[about].firsts[_as_date(first)] = number
        found[about].times += int(times)
    return found


def _as_date(value) -> date:
    """SQLite hands days out as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
