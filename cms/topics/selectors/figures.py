"""What is counted of each topic, for the board and for the heat."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

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
    """Who spoke of a topic in words of his own. `people`: how many; `times` counts each once a day
    and on heat.INSISTENCE days at most; `early`: by day those for whom it is one of their first
    heat.COMING_BACK days."""

    people: int = 0
    times: int = 0
    early: dict[date, int] = field(default_factory=dict)

    @property
    def gathered(self) -> int:
        """As `heat.gathered`."""
        days = [day.toordinal() for day in sorted(self.early) for _one in range(self.early[day])]
        return heat.gathered(days)


def independents(voices: QuerySet[Voice]) -> dict[int, Independent]:
    """By topic; `voices` by topic. One query: people are counted up in the database, for there may
    be many more of them than days. Each day of a person has its number among his days."""
    spoken = voices.filter(INDEPENDENT).values("about", "person_key", "day").distinct()
    inner, values = spoken.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about, day, SUM(CASE WHEN number = 1 THEN 1 ELSE 0 END), "
            "SUM(CASE WHEN number <= %s THEN 1 ELSE 0 END), "
            "SUM(CASE WHEN number <= %s THEN 1 ELSE 0 END) FROM (SELECT about, day, "
            "ROW_NUMBER() OVER (PARTITION BY about, person_key ORDER BY day) AS number "
            f"FROM ({inner}) AS spoken) AS numbered GROUP BY about, day",
            [heat.COMING_BACK, heat.INSISTENCE, *values],
        )
        rows = cursor.fetchall()
    found: dict[int, Independent] = defaultdict(Independent)
    for about, day, first, early, times in rows:
        one = found[about]
        one.people += int(first)
        one.times += int(times)
        one.early[_as_date(day)] = int(early)
    return found


def _as_date(value) -> date:
    """SQLite hands days out as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
