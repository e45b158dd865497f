"""The figures of 职工关切周报: one week of the board, as plain values that JSON can keep.

Everything is counted by the board's own selectors within the same scope, so that a number of the
report and the words that it opens agree. What was said is not copied: a quotation is the number of
its voice, and is looked up when it is shown (`quotations`); withdrawn words are in no report.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from cms.interactions.privacy import quotable
from cms.members.models import Union
from cms.topics import heat
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice, VoiceTopic
from cms.topics.reading import first_sentence
from cms.topics.selectors.board import Row, board
from cms.topics.selectors.evidence import Totals, totals
from cms.topics.selectors.figures import people_by
from cms.topics.selectors.formula import weights_in_force
from cms.topics.selectors.report_parts import (
    answered_cases,
    calming,
    empty_searches,
    overdue_cases,
    sources,
)
from cms.topics.selectors.report_rows import line, why
from cms.topics.selectors.report_words import (
    asked_in,
    number,
    summary,
    week_of,
)
from cms.topics.selectors.scope import OWN_WORDS, SEARCHED, SPOKEN, Period, by_topic, heard

Source = Voice.Source
TOPICS_SHOWN = 10
NEW_SHOWN = RISING_SHOWN = 5


def report_figures(
    *,
    monday: date,
    unions: QuerySet[Union] | None = None,
    union: Union | None = None,
) -> dict:
    """What the report of the week from `monday` says, of the voices of `unions` (None for all; of
    `union` and those below it). The number of queries does not depend on what was said."""
    week = week_of(monday)
    scope = {"unions": unions, "union": union}
    rows = board(period=week, quotable_only=True, **scope)
    shown = [row for row in rows if row.people and row.topic.state == Topic.State.SHOWN]
    people = people_by(period=week, **scope)
    quotes = _quotes(shown[:TOPICS_SHOWN], week, scope)
    is_whole = unions is None and union is None
    now = totals(heard(period=week, **scope))
    lines = {row.topic.pk: line(row, rows, people, week) for row in rows}
    figures = {
        "monday": monday.isoformat(),
        "whole": is_whole,
        "union": union.pk if union else None,
        **_totals(now, week, scope),
        "sources": sources(period=week, **scope),
        "topics": [
            {**lines[row.topic.pk], "quote": quotes.get(row.topic.pk)}
            for row in shown[:TOPICS_SHOWN]
        ],
        "more": max(0, len(shown) - TOPICS_SHOWN),
        "new": [lines[row.topic.pk] for row in _by_people(rows) if row.is_new][:NEW_SHOWN],
        "rising": [
            {**lines[row.topic.pk], **why(row, is_whole)} for row in _by_people(rows) if row.rise
        ][:RISING_SHOWN],
        "empty": empty_searches(period=week, **scope),
        "answered": answered_cases(period=week, **scope),
        "overdue": overdue_cases(period=week, **scope),
        "calming": calming(period=week, **scope),
        "formula": heat.formula(weights_in_force()),
        "parts": [f"{part.name}：{part.meaning}" for part in heat.PARTS],
        "heard": _heard(week, scope),
    }
    return {**figures, "summary": summary(figures)}


def _by_people(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.people, row.rank))


def _totals(now: Totals, week: Period, scope: dict) -> dict:
    before = totals(heard(period=week.earlier(), **scope))
    return {
        "people": number("people", now.people, label="一共"),
        "voices": number("voices", now.voices, label="一共"),
        "people_before": number(
            "people", before.people, label="上周一共", **asked_in(week.earlier())
        ),
        "searches": number("searches", now.searches, label="搜索", source=Source.SEARCH.value),
    }


def _quotes(rows: list[Row], week: Period, scope: dict) -> dict[int, int]:
    """By topic the voice whose sentence the board has chosen; none where it holds a number that
    had to be hidden. One query."""
    chosen = {row.topic.pk: list(row.sentences) for row in rows}
    voices = by_topic(heard(period=week, **scope)).filter(
        about__in=list(chosen),
        source__in=OWN_WORDS,
        is_public=True,
        copy_of="",
        links__sentence__in=[one for sentences in chosen.values() for one in sentences],
    )
    found: dict[int, tuple[int, int]] = {}
    for topic, sentence, voice in voices.order_by("pk").values_list(
        "about", "links__sentence", "pk"
    ):
        if sentence in chosen[topic]:
            place = chosen[topic].index(sentence)
            found[topic] = min(found.get(topic, (place, voice)), (place, voice))
    return {topic: voice for topic, (_place, voice) in found.items()}


def quotations(figures: Mapping) -> dict[int, str]:
    """By topic its quotation as it may be read by others; "" where the voice is withdrawn or is
    not public any more. Two queries."""
    wanted = {row["topic"]: row["quote"] for row in figures["topics"] if row["quote"]}
    voices = Voice.objects.filter(is_public=True).in_bulk(list(wanted.values()))
    links = {
        (link.voice_id, link.topic_id): link.sentence
        for link in VoiceTopic.objects.filter(voice__in=list(voices), topic__in=list(wanted))
    }
    said = {}
    for topic, pk in wanted.items():
        voice = voices.get(pk)
        sentence = voice and (links.get((pk, topic)) or first_sentence(voice.text))
        said[topic] = quotable(sentence) if sentence else ""
    return said


def _heard(week: Period, scope: dict) -> dict[str, int]:
    """What `voices_since` compares with. One query."""
    spoken = heard(period=week, **scope).filter(SPOKEN).order_by("-pk")
    return {"voices": spoken.count(), "last": spoken.values_list("pk", flat=True).first() or 0}


def voices_since(figures: Mapping) -> int:
    """How many voices of the week came or went since the figures of the whole site were made. A
    voice that came has a higher number than all before. One query."""
    week = week_of(date.fromisoformat(figures["monday"]))
    then = figures["heard"]
    now = (
        Voice.objects.exclude(source__in=SEARCHED)
        .filter(week.q)
        .aggregate(
            kept=Count("pk", filter=Q(pk__lte=then["last"])),
            came=Count("pk", filter=Q(pk__gt=then["last"])),
        )
    )
    return abs(then["voices"] - now["kept"]) + now["came"]
