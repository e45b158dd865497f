"""Whether an utterance is content or not, and the words that say so. No Django here.

By words with weights (`data/mood.tsv`), turned by a negation before them and raised by a degree,
and by turns of phrase in which workers complain without any such word (`data/mood_turns.tsv`; of
several at one place the first counts): 三个月没发工资, 一直没人管, 什么时候能解决. What follows
但是 counts more. A request for information that names a grievance (工伤认定要多久) is neither.
Words of weight 0 hide shorter ones within them. All patterns match folded text, in which commas
and question marks are half width. The same text always has the same mood.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from search.text.normalise import fold

DATA = Path(__file__).parent / "data"
#: The three values, as they are called on screens.
LABELS = {-1: "不满", 0: "中性", 1: "满意"}

#: The sum of weights from which an utterance is one or the other.
ENOUGH = 0.8
#: What a negation makes of a word's weight; a degree raises or lowers it.
TURNED, RAISED, LOWERED = -0.8, 1.4, 0.6
#: What contrast makes of all that stands before it, and after it.
BEFORE_BUT, AFTER_BUT = 0.5, 1.5
#: What is left of a grievance in a request for information.
ASKED = 0.4
#: Characters before a word in which a negation or degree is looked for.
LOOK_BACK = 8
#: Characters of a text that are looked at: a complaint has said it by then.
LIMIT = 2_000

#: What <数> and <事> stand for in the turns of phrase: a number; what is owed and may not be done.
PARTS = {
    "<数>": "[0-9一二两三四五六七八九十百半几多数]",
    "<事>": (
        "(?:发|给|交|缴|签|付|结|批|修|管|理|接|赔|认|还|报|回|补|涨|装|配|改|算|让|敢|允许|做到|执行"
        "|落实|兑现|解决|处理|到账|安排|公布|通知|休息|放假|保障|说法|答复|回复|回应|回音|结果|动静|消息)"
    ),
}
#: 算不算, 有没有: a choice, in which nothing is negated.
CHOICE = re.compile(r"(\w)[不没]\1")
#: A rhetorical question is no request for information.
RHETORICAL = re.compile(
    r"凭什么|难道|谁来?管|气不气人|能不能管|有没有人管|管管|说好的|到底"
    r"|怎么(?:还|又|老|总)|为什么(?:还|又|老|总|不|没|只)"
)
ASKING = re.compile(
    r"请问|咨询|想问|问一?下|了解一下|如何|多少|多久|多长时间|哪里|在哪|哪些|行不行|[吗么]\s*[?]?\s*$"
    r"|怎么(?:算|办|弄|用|分|认定|证明|申请|加入|参加|报名|赔|补|走|领|转)|算[^,。]{0,6}吗"
    r"|几(?:点|天|岁|个月|年|号)|什么(?:条件|材料|手续|标准|流程|意思)"
    r"|(?:可以|能|是否|会不会|有没有|算不算|合不合法)[^,。]{0,12}[吗么]"
)
NEGATION = re.compile(r"(?:不|没有?|未|无|别|非|不够|谈不上|算不上|不抱|缺乏|缺少|少有)$")
#: Words between a negation and what it turns: 不是很满意.
BETWEEN = re.compile(
    r"(?:很|太|那么|这么|怎么|特别|非常|十分|再|够|是|能|有|得|到|感到|觉得|被|什么|任何|大|会|让人)+$"
)
RAISING = re.compile(
    r"(?:很|太|非常|特别|十分|极其?|超级?|真|最|相当|实在|严重|强烈|完全|根本|格外|万分|衷心|由衷)的?$"
)
LOWERING = re.compile(r"(?:有点儿?|有些|稍微?|略|比较|还算|勉强)$")
BUT = re.compile(
    r"但是?|可是|然而|不过|偏偏|没想到|谁知道?|却"
    r"|(?:^|[,。.!? ])(?:结果,?(?!很|不|是)|可(?!以|能|口|靠|怜|爱))"
)
#: 不过 and 但 in words that turn nothing.
NO_BUT = re.compile(r"不过(?:来|去|问|关|分)|(?:忙|赶|看|说|比|熬)不过|不但|非但|但愿|只不过")


@dataclass(frozen=True)
class Mood:
    """`value`: -1 不满, 0 中性, +1 满意. `words`: those of the text that decided, in its order."""

    value: int
    words: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.value]


@dataclass(frozen=True, slots=True)
class Sign:
    """`text[start:end]` speaks for content (weight above 0) or against it."""

    start: int
    end: int
    weight: float


def mood(text: str) -> Mood:
    """The mood of one utterance; what nobody says anything about is 0."""
    shown = text[:LIMIT]
    folded, places = fold(shown)
    signs = _signs(folded)
    if not signs:
        return Mood(0)
    total = sum(sign.weight for sign in signs)
    if abs(total) < ENOUGH:
        return Mood(0)
    value = 1 if total > 0 else -1
    deciding = [sign for sign in signs if sign.weight * value > 0]
    words = [shown[places[sign.start] : places[sign.end - 1] + 1] for sign in deciding]
    return Mood(value, tuple(dict.fromkeys(words)))


def _signs(text: str) -> list[Sign]:
    """All signs in `text`, from left to right, with the weight they have where they stand."""
    choices = {
        at for match in CHOICE.finditer(text) for at in range(match.start() + 1, match.end())
    }
    pattern, weights = _turns()
    turns = [
        Sign(*match.span(), weights[match.lastgroup])
        for match in pattern.finditer(text)
        if match.start() not in choices
    ]
    signs = sorted((*turns, *_words(text, turns, choices)), key=lambda sign: sign.start)
    if not signs:
        return signs
    if (choices or ASKING.search(text)) and not RHETORICAL.search(text):
        signs = [_weighed(sign, ASKED if sign.weight < 0 else 1) for sign in signs]
    return list(_contrasted(text, signs))


def _words(text: str, turns: list[Sign], choices: set[int]) -> Iterator[Sign]:
    finder, weights = _lexicon()
    taken = {place for turn in turns for place in range(turn.start, turn.end)}
    for number, start, end in finder.find_matches_as_indexes(text):
        if not taken.isdisjoint(range(start, end)):
            continue
        first = max(start - LOOK_BACK, 0)
        before = text[first:start]
        weight = weights[number] * _degree(before)
        negation = NEGATION.search(BETWEEN.sub("", before))
        if negation and choices.isdisjoint((start - 1, start)):
            yield Sign(first + negation.start(), end, weight * TURNED)
        else:
            yield Sign(start, end, weight)


def _degree(before: str) -> float:
    if RAISING.search(before):
        return RAISED
    return LOWERED if LOWERING.search(before) else 1


def _contrasted(text: str, signs: list[Sign]) -> Iterator[Sign]:
    kept = [match.span() for match in NO_BUT.finditer(text)]
    turn = max(
        (
            match.end()
            for match in BUT.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in kept)
        ),
        default=0,
    )
    for sign in signs:
        yield _weighed(sign, 1 if not turn else BEFORE_BUT if sign.start < turn else AFTER_BUT)


def _weighed(sign: Sign, factor: float) -> Sign:
    return sign if factor == 1 else Sign(sign.start, sign.end, sign.weight * factor)


@cache
def _lexicon() -> tuple[AhoCorasick, list[float]]:
    weights = {word: float(row["weight"]) for row in _rows("mood") for word in row["words"].split()}
    return AhoCorasick(list(weights), MatchKind.LeftmostLongest), list(weights.values())


@cache
def _turns() -> tuple[re.Pattern, dict[str, float]]:
    """All turns of phrase as one pattern, and the weight of each by the name of its group."""
    turns: list[str] = []
    weights: dict[str, float] = {}
    for number, row in enumerate(_rows("mood_turns")):
        turn = row["pattern"]
        for part, meant in PARTS.items():
            turn = turn.replace(part, meant)
        turns.append(f"(?P<t{number}>{turn})")
        weights[f"t{number}"] = float(row["weight"])
    return re.compile("|".join(turns)), weights


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
