"""Parts of 职工关切周报 beside its topics: sources, searches, cases. Each in a constant number of
queries; `scope` everywhere as for `heard`, without the source."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from cms.interactions.privacy import quotable
from cms.members.models import Union
from cms.topics.models.cases import Case
from cms.topics.models.voices import Voice
from cms.topics.selectors.cases import cases_for
from cms.topics.selectors.report_words import NOT_TOLD, asked_in, number, told_cells
from cms.topics.selectors.scope import SPOKEN, Period, by_topic, heard, people_of

Source = Voice.Source
EMPTY_SHOWN = 8
#: A longer search is a text that somebody pasted.
TERM_LENGTH = 40
CASES_SHOWN = 8
#: Answers looked at, the latest.
CASES_READ = 40
#: An answer is looked at for so long.
AFTER_ANSWER = timedelta(weeks=8)
WEEK = timedelta(days=7)


def sources(*, period: Period, **scope) -> list[dict]:
    """Where people spoke: [{"label", "people", "voices"}], that of most people first. Somebody may
    be in several. Two queries."""
    spoken = heard(period=period, **scope).filter(SPOKEN)
    rows = {
        source: (people, voices)
        for source, people, voices in spoken.values_list("source").annotate(
            people=people_of(Q()), voices=Count("pk")
        )
    }
    everybody = spoken.aggregate(people=people_of(Q()))["people"]
    out = told_cells({source: people for source, (people, _voices) in rows.items()}, everybody)
    found = []
    for source, (people, voices) in sorted(rows.items(), key=lambda row: (-row[1][0], row[0])):
        label = str(Source(source).label)
        said = str(voices) if out[source] == str(people) else NOT_TOLD
        found.append(
            {
                "label": label,
                "people": number("people", people, out=out[source], label=label, source=source),
                "voices": number("voices", voices, out=said, label=label, source=source),
            }
        )
    return found


def empty_searches(*, period: Period, **scope) -> list[dict]:
    """What was searched and not found: [{"term", "times"}], the most frequent first. Terms that
    hold a number or a name are left out. One query."""
    rows = (
        heard(period=period, source=Source.EMPTY.value, **scope)
        .values_list("text")
        .annotate(n=Sum("weight"))
        .order_by("-n", "text")
    )
    found: list[dict] = []
    for term, times in rows.iterator():
        if len(term) <= TERM_LENGTH and quotable(term) == term:
            same = f"{Source.EMPTY.value}:{term}"
            ask = {"source": Source.EMPTY.value, "same": same}
            found.append({"term": term, "times": number("empty", times, label=term, **ask)})
        if len(found) == EMPTY_SHOWN:
            break
    return found


# --- Cases ---------------------------------------------------------------------------------------


def answered_cases(*, period: Period, **scope) -> list[dict]:
    """Cases that were answered in the period: [{"case", "slug", "name", "answer", "on"}]. One
    query."""
    cases = _cases(**scope).filter(answered_at__date__range=(period.first, period.last))
    return [
        {**_case(case), "answer": case.answer, "on": _day(case.answered_at).isoformat()}
        for case in cases.order_by("answered_at", "pk")
    ]


def overdue_cases(*, period: Period, **scope) -> list[dict]:
    """Cases whose day was over when the period ended and that had no answer by then, the oldest
    first: [{"case", "slug", "name", "due_on", "days", "owner"}]. One query.

    Of a period long gone: those closed without an answer since are not told.
    """
    late = _cases(**scope).filter(
        Q(state__in=Case.OPEN_STATES) | Q(answered_at__date__gt=period.last),
        due_on__lte=period.last,
        opened_at__date__lte=period.last,
    )
    return [
        {
            **_case(case),
            "due_on": case.due_on.isoformat(),
            "days": (period.last - case.due_on).days + 1,
            "owner": case.owner.real_name if case.owner else "",
        }
        for case in late.order_by("due_on", "pk")
    ]


def calming(*, period: Period, **scope) -> list[dict]:
    """What became of topics after their answer: [{"case", "slug", "name", "on", "before" (people
    in the week before it), "now" (people of the period)}], what calmed down most first. Two
    queries."""
    cases = list(
        _cases(**scope)
        .filter(
            answered_at__date__lt=period.first,
            answered_at__date__gte=period.first - AFTER_ANSWER,
        )
        .order_by("-answered_at", "-pk")[:CASES_READ]
    )
    if not cases:
        return []
    weeks = {case.pk: _week_before(_day(case.answered_at)) for case in cases}
    whole = Period(min(week.first for week in weeks.values()), period.last)
    counted = by_topic(heard(period=whole, **scope)).aggregate(
        **{f"then_{case.pk}": _people_in(case, weeks[case.pk]) for case in cases},
        **{f"now_{case.pk}": _people_in(case, period) for case in cases},
    )
    found = [
        {
            **_case(case),
            "on": _day(case.answered_at).isoformat(),
            "before": number(
                "people",
                counted[f"then_{case.pk}"],
                label="答复前一周",
                topic=case.topic.slug,
                **asked_in(weeks[case.pk]),
            ),
            "now": number("people", counted[f"now_{case.pk}"], label="本周", topic=case.topic.slug),
        }
        for case in cases
        if counted[f"then_{case.pk}"] or counted[f"now_{case.pk}"]
    ]
    found.sort(key=lambda one: one["now"]["n"] - one["before"]["n"])
    return found[:CASES_SHOWN]


def _people_in(case: Case, period: Period):
    return people_of(Q(about=case.topic_id) & period.q & SPOKEN)


def _week_before(day: date) -> Period:
    return Period(day - WEEK, day - timedelta(days=1))


def _cases(*, unions: QuerySet[Union] | None = None, union: Union | None = None) -> QuerySet[Case]:
    found = cases_for(unions)
    return found if union is None else found.filter(union__path__startswith=union.path)


def _case(case: Case) -> dict:
    return {"case": case.pk, "slug": case.topic.slug, "name": case.topic.name}


def _day(moment) -> date:
    return timezone.localdate(moment)
