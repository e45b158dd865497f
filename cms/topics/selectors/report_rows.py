"""One topic as a line of 职工关切周报: a row of the board as plain values, each number with what
may be told of it outside the house (cms.topics.selectors.report_words)."""

from collections.abc import Mapping

from cms.interactions.privacy import quotable
from cms.interactions.small import LEAST, hidden_cells, is_small
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.selectors.board import Row
from cms.topics.selectors.figures import PeopleBy
from cms.topics.selectors.report_words import (
    NOT_TOLD,
    asked_in,
    change_in_words,
    number,
    told_cells,
)
from cms.topics.selectors.scope import Period

Source = Voice.Source


def line(row: Row, rows: list[Row], people: Mapping[int, PeopleBy], week: Period) -> dict:
    """One topic. `heat` is rounded as on the board."""
    topic = row.topic
    by = people.get(topic.pk, PeopleBy())
    may_tell = _may_tell(row, rows)
    return {
        "topic": topic.pk,
        "slug": topic.slug,
        "name": _name(topic),
        "is_issue": topic.kind == Topic.Kind.EMERGENT,
        "is_proposed": topic.state == Topic.State.PROPOSED,
        "theme": topic.parent.name if topic.parent else topic.concern,
        "rank": row.rank,
        "heat": row.heat,
        "is_new": row.is_new,
        "may_tell": may_tell,
        "case": str(row.case.get_state_display()) if row.case else "",
        "people": number("people", row.people, **_out(row.people, may_tell), topic=topic.slug),
        "change": _change(row, may_tell, week),
        "unhappy": _unhappy(row, by, may_tell),
        "sources": _sources(row, by, may_tell),
        "unions": _unions(row, may_tell),
    }


def _name(topic: Topic) -> str:
    """Nobody has looked at the name of a proposal yet: it may hold somebody's."""
    return quotable(topic.name) if topic.state == Topic.State.PROPOSED else topic.name


def _may_tell(row: Row, rows: list[Row]) -> bool:
    """Whether its numbers may leave the house: it is of LEAST people, and its theme, which may
    stand beside it, has not just a few more."""
    theme = next((one for one in rows if one.topic.pk == row.topic.parent_id), None)
    outside = theme.people - row.people if theme else 0
    return row.people >= LEAST and not is_small(outside)


def _out(n: int, may_tell: bool) -> dict:
    """The keyword `out` of `number`: that of few people says so anyway."""
    return {} if may_tell or is_small(n) else {"out": NOT_TOLD}


def _change(row: Row, may_tell: bool, week: Period) -> dict:
    shown = change_in_words(row.people, row.people_before)
    is_open = may_tell and not is_small(row.people_before)
    return number(
        "people",
        row.people_before,
        text=shown,
        out=shown if is_open else NOT_TOLD,
        label="上周",
        topic=row.topic.slug,
        **asked_in(week.earlier()),
    )


def _unhappy(row: Row, by: PeopleBy, may_tell: bool) -> dict | None:
    """The share of what was written that is 不满; outside only where those who are, and those who
    are not, are LEAST people."""
    if not row.written:
        return None
    hidden = hidden_cells({mood: by.mood.get(mood, 0) for mood in Voice.Mood}, row.people)
    is_open = may_tell and Voice.Mood.BAD not in hidden
    return number(
        "unhappy",
        row.unhappy,
        text=row.unhappy_text,
        out=row.unhappy_text if is_open else NOT_TOLD,
        label="不满",
        topic=row.topic.slug,
        mood=int(Voice.Mood.BAD),
    )


def _sources(row: Row, by: PeopleBy, may_tell: bool) -> list[dict]:
    """Where its people spoke, those of most first; and how often it was searched."""
    cells = {source: n for source, n in by.source.items() if n}
    out = told_cells(cells, row.people)
    found = [
        number(
            "people",
            n,
            out=out[source] if may_tell else NOT_TOLD,
            label=str(Source(source).label),
            topic=row.topic.slug,
            source=source,
        )
        for source, n in sorted(cells.items(), key=lambda cell: (-cell[1], cell[0]))
    ]
    for source, kind in ((Source.SEARCH, "searches"), (Source.EMPTY, "empty")):
        if times := row.sources.get(source.value, 0):
            label = str(source.label)
            found.append(
                number(kind, times, label=label, topic=row.topic.slug, source=source.value)
            )
    return found


def _unions(row: Row, may_tell: bool) -> list[dict]:
    """The unions of most of its people. The rest of the people is a cell like these."""
    cells = {part.key: part.people for part in row.unions}
    rest = max(0, row.people - sum(cells.values()))
    out = told_cells({**cells, "": rest}, row.people)
    return [
        number(
            "people",
            part.people,
            out=out[part.key] if may_tell else NOT_TOLD,
            label=part.name,
            topic=row.topic.slug,
            at=part.key,
        )
        for part in row.unions
    ]


def why(row: Row, is_whole: bool) -> dict:
    """Why an alarm was given. It counts the whole site: of a part of it, it says nothing."""
    rise = row.rise
    return {"why": rise.why if is_whole else "", "why_out": is_whole and rise.people >= LEAST}
