"""What a group is called: a phrase its own members wrote, and the sentence nearest to its centre.

A name is a run of whole words that stands in the words of several people. A candidate's score is
the share of people who wrote it, times the weight its words have in the group's centre. Names of
persons, numbers and ways to reach somebody are no part of a name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cms.topics.detection.centre import centre_of
from cms.topics.detection.features import Vector
from cms.topics.detection.model import Said
from search import lexicon
from search.text import segment
from search.text.newwords import SMALL, hide
from search.text.normalise import clean
from search.text.phrases import JOINING, SPOKEN, kind_of

#: Characters of a name.
SHORTEST, LONGEST = 4, 14
#: A phrase must be written by so many people, if there are so many.
WRITERS = 2
#: How much it tells that many wrote it; phrases tried, the best first.
SHARE, TRIED = 0.12, 60
#: From this share of its places on a letter beside a phrase belongs to it.
FIXED = 0.6
#: Texts read, the earliest; characters of each.
TEXTS, READ = 60, 400
#: Words that are returned as related, and characters of a subtitle.
RELATED, SUBTITLE = 8, 80

SENTENCE = re.compile(r"[^。！？!?；;\n\r]+")
CLAUSE = re.compile(r"[^，,、:：()（）“”\"\s]+")
#: Latin letters with digits in them: an account, a file number.
ACCOUNT = re.compile(r"(?=[A-Za-z_-]*\d)[A-Za-z\d_-]{6,}")
DIGIT = re.compile(r"\d")
#: Kinds of words with which a name may begin, and close.
OPENING = frozenset(
    {"numeral", "noun", "house", "place", "latin", "unknown", "deed", "verb", "adjective"}
)
CLOSING = frozenset({"noun", "house", "place", "deed", "verb", "unknown"})
#: Small words that may stand inside a name: 拖欠的工资, 工资和社保.
BRIDGES = frozenset("的和与及")
#: What opens a complaint is no part of its matter.
OPENERS = frozenset(
    [
        *("投诉", "举报", "反映", "反应", "请问", "咨询", "建议", "希望", "要求", "关于", "询问"),
        *("求助", "强烈", "请求", "请", "问", "再次", "我", "我们", "有关"),
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """`phrase`: words that people wrote, up to 14 characters; `title`: with the word said most of
    it, if that is not in it: 某某小区：搅拌站. `subtitle`: (id of the utterance, a sentence of it).
    """

    title: str
    phrase: str
    subtitle: tuple[str, str]
    related: tuple[str, ...]


def name(members: Sequence[Said]) -> Name:
    """Name a group by its members (near-copies left out); the order of `members` is no matter."""
    centre = centre_of(members)
    chosen = sorted(members, key=lambda one: (one.day, one.title, one.text, one.id))[:TEXTS]
    phrase = best_phrase(chosen, centre)
    related = related_words(chosen, centre, phrase)
    return Name(_title(phrase, related), phrase, subtitle(chosen, centre), related)


def _title(phrase: str, related: Sequence[str]) -> str:
    if not phrase or not related or len(phrase) + 1 + len(related[0]) > LONGEST:
        return phrase
    return f"{phrase}：{related[0]}"


def best_phrase(members: Sequence[Said], centre: Vector) -> str:
    """Return the best phrase; of a group without any, its most telling word, or ""."""
    writers: dict[str, set[str]] = defaultdict(set)
    words: dict[str, tuple[str, ...]] = {}
    for one in members:
        for phrase, parts in _phrases(one):
            writers[phrase].add(one.voice)
            words[phrase] = parts
    people = len({one.voice for one in members})
    least = min(WRITERS, people)
    ranked = sorted(
        (
            -_worth(parts, centre) * (len(writers[phrase]) / people) ** SHARE,
            len(phrase),
            phrase,
        )
        for phrase, parts in words.items()
        if len(writers[phrase]) >= least
    )
    texts = [f"{one.title}\n{one.text[:READ]}" for one in members]
    whole = (phrase for *_order, phrase in ranked[:TRIED] if _whole(phrase, texts))
    if found := next(whole, ""):
        return found
    return next(iter(related_words(members, centre)), "")


def _whole(phrase: str, texts: Iterable[str]) -> bool:
    """Whether the letters before and after it change: else it is a piece of something longer."""
    for pattern in (f"(.?){re.escape(phrase)}", f"{re.escape(phrase)}(.?)"):
        edges = Counter(edge for text in texts for edge in re.findall(pattern, text))
        edge, most = edges.most_common(1)[0] if edges else ("", 0)
        if edge.isalnum() and most >= max(2, FIXED * edges.total()):
            return False
    return True


def _worth(parts: tuple[str, ...], centre: Vector) -> float:
    """The weight of the phrase's distinct pairs and words, each once."""
    features = {*parts, *(a + b for part in parts for a, b in pairwise(part))}
    features.update(a[-1] + b[0] for a, b in pairwise(parts))
    return sum(centre.get(feature.lower(), 0) for feature in sorted(features))


def _phrases(one: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each run of whole words that could be a name, with its words."""
    for text in (one.title, one.text[:READ]):
        for clause in CLAUSE.findall(_plain(text)):
            cut = segment.cutter().cut(clause, True)
            kinds = [_kind(word) for word in cut]
            for first in range(len(cut)):
                if kinds[first] in OPENING and cut[first] not in OPENERS:
                    yield from _runs(cut, kinds, first)


def _runs(cut: list[str], kinds: list[str], first: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    length = 0
    for last in range(first, len(cut)):
        length += len(cut[last])
        if length > LONGEST or kinds[last] == "barred" or cut[last] in OPENERS:
            return
        if length >= SHORTEST and kinds[last] in CLOSING and len(cut[last]) > 1:
            parts = tuple(cut[first : last + 1])
            yield "".join(parts), parts


def _kind(word: str) -> str:
    """A kind of `phrases.kind_of`, "bridge", or "barred" for what may not stand in a name."""
    if word in BRIDGES:
        return "bridge"
    kind = kind_of(word)
    if kind == "morpheme" or (kind == "small" and len(word) == 1 and word not in SMALL):
        return "bridge"
    if kind in JOINING - {"person"} or kind == "other":
        return kind
    if kind == "number" and not DIGIT.search(word):  # 三月工资, 三号仓库
        return "numeral"
    return "barred"


def _plain(text: str) -> str:
    """The text without anything that leads to a person, marks of what was hidden cut it."""
    return ACCOUNT.sub("，", hide(clean(text))).replace("＊", "，")


def subtitle(members: Sequence[Said], centre: Vector) -> tuple[str, str]:
    """Return (id, sentence): the sentence that holds most of the centre for its length."""
    best = ("", "")
    most = (-1.0, 0)
    for one in members:
        for text in (one.title, one.text[:READ]):
            for sentence in SENTENCE.findall(text):
                sentence = sentence.strip()
                if len(sentence) > SUBTITLE or _plain(sentence) != clean(sentence):
                    continue
                held = {a + b for a, b in pairwise(sentence)}
                weight = sum(centre.get(pair.lower(), 0) for pair in sorted(held))
                value = (weight / (len(held) + 8) ** 0.5, -len(sentence))
                if weight and value > most:
                    best, most = (one.id, sentence), value
    return best


def related_words(members: Iterable[Said], centre: Vector, phrase: str = "") -> tuple[str, ...]:
    """Return the words most people use that weigh most in the centre, none of them in `phrase`."""
    users: dict[str, set[str]] = defaultdict(set)
    for one in members:
        for word in _told(f"{one.title}\n{one.text[:READ]}"):
            users[word].add(one.voice)
    ranked = sorted(
        (-len(voices) * centre.get(word.lower(), 0), word)
        for word, voices in users.items()
        if word not in phrase and centre.get(word.lower(), 0)
    )
    return tuple(word for _weight, word in ranked[:RELATED])


def _told(text: str) -> Counter[str]:
    small = lexicon.current().stop_words
    return Counter(
        word
        for word in segment.words(_plain(text))
        if len(word) > 1
        and word not in small
        and word not in OPENERS
        and not SPOKEN.fullmatch(word)
        and kind_of(word) not in ("person", "number", "small")
    )
