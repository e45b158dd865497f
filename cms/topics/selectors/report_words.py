"""职工关切周报 in words: its week, its numbers, its three sentences. Asks no database.

A number is a dict that JSON can keep: {"kind" (what it counts, as `figure` of the board), "n",
"text" (what is shown), "out" (what may be shown outside the house), "label", "ask" (which voices it
counted, as the address of the words is asked for them; besides the week)}. Rule of "out":
cms/interactions/small.py, nothing about fewer than LEAST people; a mail and a sheet of paper go
from hand to hand.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from cms.interactions.small import LEAST, hidden_cells, is_small
from cms.topics.selectors.scope import Period

FEW = f"<{LEAST}"
NOT_TOLD = "—"
#: How the sentences speak of few people, of what they said, and of people who are not told.
FEW_PEOPLE, FEW_VOICES, SOME_PEOPLE = f"不到 {LEAST} 人", "几句话", "若干人"
OTHERS_NAMED = 2
#: A space between two Chinese characters: where a number stood inside the house.
LOOSE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def week_of(monday: date) -> Period:
    return Period(monday, monday + timedelta(days=6))


def latest_monday(today: date) -> date:
    """The Monday of the latest week that is over."""
    return today - timedelta(days=today.weekday() + 7)


def days_in_words(week: Period) -> str:
    """2026年11月16日—22日; the month and the year again where they change."""
    first, last = week.first, week.last
    end = f"{last.day}日"
    if last.month != first.month:
        end = f"{last.month}月{end}"
    if last.year != first.year:
        end = f"{last.year}年{end}"
    return f"{first.year}年{first.month}月{first.day}日—{end}"


def number(
    kind: str, n: int, *, text: str = "", out: str | None = None, label: str = "", **ask
) -> dict:
    """See above. `out`: what may be shown outside; by the number itself if not given."""
    return {
        "kind": kind,
        "n": n,
        "text": text or str(n),
        "out": told(n) if out is None else out,
        "label": label,
        "ask": ask,
    }


def told(n: int) -> str:
    return FEW if is_small(n) else str(n)


def told_cells(cells: Mapping, people: int) -> dict:
    """By key what may be told of parts of what `people` said."""
    hidden = hidden_cells(cells, people)
    return {
        key: str(n) if key not in hidden else FEW if is_small(n) else NOT_TOLD
        for key, n in cells.items()
    }


def change_in_words(now: int, before: int) -> str:
    """+12, -3, or 0."""
    return f"{now - before:+d}" if now != before else "0"


def asked_in(period: Period) -> dict[str, str]:
    """A time other than the week of the report, as the address is asked for it."""
    return {"since": period.first.isoformat(), "until": period.last.isoformat()}


def summary(figures: Mapping) -> list[list]:
    """Three sentences, each a list of texts and numbers. Topics of fewer than LEAST people are not
    named in it: the same sentences stand in the mail."""
    return [_how_many(figures), _what(figures), _what_came_of_it(figures)]


def _how_many(figures: Mapping) -> list:
    people, voices = figures["people"], figures["voices"]
    if not people["n"]:
        return ["本周没有声音。"]
    said = f"{voices['n']} 句话"
    return [
        "本周 ",
        _people(people),
        "说了 ",
        {**voices, "text": said, "out": FEW_VOICES if is_small(people["n"]) else said},
        *_against_before(people["n"], figures["people_before"]),
        "。",
    ]


def _against_before(people: int, before: Mapping) -> list:
    """Nothing when one of the weeks is of a few people: the other would tell how many."""
    if not before["n"]:
        return ["，上周没有人说话"]
    if is_small(people) or is_small(before["n"]):
        return []
    change = people - before["n"]
    if not change:
        return ["，和上周一样多"]
    shown = {**before, "text": str(abs(change)), "out": str(abs(change))}
    return [f"，比上周{'多' if change > 0 else '少'} ", shown, " 人"]


def _what(figures: Mapping) -> list:
    rows = [row for row in figures["topics"] if row["people"]["n"] >= LEAST]
    if not rows:
        return [f"没有一件事有 {LEAST} 个人以上说到。"]
    most = _most(rows)
    named = [most["topic"]]
    sentence = ["说得最多的是", *_named(most)]
    issues = [row for row in rows if row["is_issue"]]
    if issues and not most["is_issue"]:
        # A theme is the sum of its issues: the issue says what it was about.
        issue = _most(issues)
        named.append(issue["topic"])
        sentence += ["，具体的事里是", *_named(issue)]
    new = _others(figures["new"], named)
    rising = _others(figures["rising"], named)
    if new:
        sentence += ["；新冒出来的是", *_list(new)]
    elif rising:
        sentence += ["；明显多起来的是", *_list(rising)]
    return [*sentence, "。"]


def _most(rows: Sequence[Mapping]) -> Mapping:
    return max(rows, key=lambda row: row["people"]["n"])


def _others(rows: Sequence[Mapping], named: Sequence[int]) -> list[Mapping]:
    """The first few of LEAST people that the sentence does not name yet."""
    found = [row for row in rows if row["people"]["n"] >= LEAST and row["topic"] not in named]
    return found[:OTHERS_NAMED]


def _list(rows: Sequence[Mapping]) -> list:
    pieces: list = []
    for row in rows:
        pieces += [*(["、"] if pieces else []), *_named(row)]
    return pieces


def _named(row: Mapping) -> list:
    return [f"“{row['name']}”（", _people(row["people"]), "）"]


def _people(number: Mapping) -> dict:
    """A number of people, with the word for them."""
    text = f"{number['n']} 人"
    out = FEW_PEOPLE if number["out"] == FEW else SOME_PEOPLE if number["out"] == NOT_TOLD else text
    return {**number, "text": text, "out": out}


def _what_came_of_it(figures: Mapping) -> list:
    answered, overdue = len(figures["answered"]), len(figures["overdue"])
    if not answered and not overdue:
        return ["没有新的答复，也没有逾期的事。"]
    said = f"{answered} 件事有了答复" if answered else "没有新的答复"
    return [f"{said}，{overdue} 件逾期。" if overdue else f"{said}，没有逾期。"]


def outside(sentence: Sequence) -> str:
    """A sentence as it may leave the house."""
    said = "".join(piece if isinstance(piece, str) else piece["out"] for piece in sentence)
    return LOOSE.sub("", said)
