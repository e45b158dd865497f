"""The board as a table that leaves the house: nothing in it is about fewer than five people.

Rule: cms/interactions/small.py. Hidden are a cell of a few people and what would give it away: the
cells beside it, the change from or to it, an issue that all but a few of its theme speak of. What
is told moves in steps of five, heat too: files of nearly the same days, laid beside each other,
tell of no fewer either.
"""

from collections.abc import Iterable, Mapping

from cms.interactions.small import LEAST, at_least, hidden_cells, is_small
from cms.topics.models import Topic, Voice
from cms.topics.selectors import SPEAKING, PeopleBy, Row

FEW = f"<{LEAST}"
NOT_TOLD = "—"
NOTES = (
    f"“{FEW}”表示不到 {LEAST} 人或 {LEAST} 次。",
    f"“{NOT_TOLD}”表示不显示，以免推算出不到 {LEAST} 人的数字。",
    f"热度和人数、条数、次数都按 {LEAST} 一档向下取整；准确的数字在看板上。",
    "各来源、各情绪的人数可能有重复：同一个人可以在几处说话。",
)
MOODS = tuple(Voice.Mood)


def heads() -> list[str]:
    return [
        *("排名", "话题", "类别", "主题", "热度", "人数", "上期人数", "比上期", "声音"),
        *(f"{Voice.Source(source).label}人数" for source in SPEAKING),
        *("搜索次数", "搜不到次数"),
        *(f"{mood.label}人数" for mood in MOODS),
    ]


def board_table(rows: Iterable[Row], people: Mapping[int, PeopleBy]) -> list[list]:
    """One line for each topic, under `heads()`. `people`: by topic those by source and by mood."""
    rows = list(rows)
    themes = {row.topic.pk: row.people for row in rows}
    return [_line(row, people.get(row.topic.pk, PeopleBy()), _is_open(row, themes)) for row in rows]


def _is_open(row: Row, themes: Mapping[int, int]) -> bool:
    """Whether the figures of a topic may be told at all."""
    outside = themes.get(row.topic.parent_id, 0) - row.people
    return row.people >= LEAST and not is_small(outside)


def _line(row: Row, by: PeopleBy, is_open: bool) -> list:
    parent = row.topic.parent.name if row.topic.parent else row.topic.concern
    names = [row.rank, row.topic.name, Topic.Kind(row.topic.kind).label, parent]
    searches = [_told(row.searches), _told(row.empty)]
    if not is_open:
        nothing = [NOT_TOLD] * (len(SPEAKING))
        people = _told(row.people) if row.people < LEAST else NOT_TOLD
        moods = [NOT_TOLD] * len(MOODS)
        return [*names, NOT_TOLD, people, *[NOT_TOLD] * 3, *nothing, *searches, *moods]
    change = at_least(row.people) - at_least(row.people_before)
    return [
        *names,
        *(at_least(int(row.heat)), at_least(row.people), _told(row.people_before)),
        *(NOT_TOLD if is_small(row.people_before) else change, at_least(row.voices)),
        *_cells({source: by.source.get(source, 0) for source in SPEAKING}, row.people),
        *searches,
        *_cells({mood: by.mood.get(mood, 0) for mood in MOODS}, row.people),
    ]


def _cells(cells: dict, people: int) -> list:
    """Parts of what `people` said, as they may be told."""
    hidden = hidden_cells(cells, people)
    return [
        (FEW if is_small(number) else NOT_TOLD) if key in hidden else at_least(number)
        for key, number in cells.items()
    ]


def _told(number: int):
    return FEW if is_small(number) else at_least(number)
