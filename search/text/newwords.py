"""Words that people use and no dictionary has, from recent texts alone. No Django here.

A run of characters is a word when its parts belong together and its neighbours change freely:

* **cohesion**: pointwise mutual information (K. Church, P. Hanks: Word Association Norms, Mutual
  Information, and Lexicography, 1990) of the two parts at the split that explains the run best by
  chance: min over splits of log2(p(ab) / (p(a) p(b))). For a word that chance does not make, even
  the best split explains little.
* **freedom**: branching entropy (Z. Jin, K. Tanaka-Ishii: Unsupervised Segmentation of Chinese Text
  by Use of Branching Entropy, 2006) of the characters before and after it, in bits; the smaller of
  the two sides. The edge of a sentence counts as a neighbour that comes once.

Both over all texts together, as is common for Chinese (Matrix67: 互联网时代的社会语言学, 2012). The
result depends on the texts and the words known, on nothing else.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from search import lexicon
from search.text import segment
from search.text.normalise import clean

SHORTEST, LONGEST = 2, 6
#: Characters looked at; what comes after is left out. Bounds time and memory (about 150 MB).
MOST_CHARACTERS = 1_000_000
#: A word said less often, or in fewer texts, is chance or one person's own.
LEAST_COUNT, LEAST_TEXTS = 4, 3
#: Bits. A run that is made of words that the dictionary has must hold together more.
COHESION, COHESION_OF_KNOWN, FREEDOM = 4.0, 6.0, 1.5
#: The part of a longer word's places that makes the shorter one inside it superfluous.
INSIDE = 0.7
EXAMPLES, EXAMPLE_LENGTH = 3, 60

HAN = re.compile("[\u4e00-\u9fff]+")
HIDDEN = "＊＊＊"
#: Addresses, accounts and long numbers: somebody's own, neither counted nor shown.
PERSONAL = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|@[\w\-\u4e00-\u9fff]{1,30}"
    r"|(?<![\w])[A-Za-z][\w-]{5,19}(?=\d)\w*|[\d０-９][\d０-９ \-]{5,}[\d０-９Xx]"
)
#: Blanks part as well: Chinese has none in a sentence, and texts of pages are joined with them.
SENTENCE = re.compile(r"[^。！？!?；;\s]+")
#: No word of use begins or ends with these.
SMALL = frozenset(
    "的了是在和就都也不有我你他她它们这那个一及与或被把将从到对为以等并而让给向于之其所但很还再又最更已"
    "着过吗呢吧啊呀哦么什怎哪谁每各该本此年月日时分元号点两三四五六七八九十百千万亿第几多少会能要可应须请未仍"
)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武戴莫孔向汤"
)
_BEFORE_NAME = re.compile(r"(记者|通讯员|工人|劳模|骑手|主席|书记|主任|律师|师傅|编辑|经理|叫|是)$")
_AFTER_NAME = re.compile(r"^(同志|先生|女士|师傅|律师|主席|书记|主任|老师|经理|说|介绍|表示|告诉)")
#: Of its places, how many must look like a person's for a word to be taken for a name.
NAME_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word found: how often, in how many texts, why it is one, and sentences that use it."""

    word: str
    count: int
    texts: int
    cohesion: float
    freedom: float
    examples: tuple[str, ...]

    @property
    def score(self) -> float:
        """What orders candidates: used by many, held together, used freely."""
        return round(self.cohesion * self.freedom * math.log2(1 + self.texts), 4)


@dataclass(slots=True)
class _Use:
    """What is gathered about one candidate while the texts go by."""

    count: int = 0
    texts: int = 0
    last_text: int = -1
    named: int = 0
    edges: Counter = field(default_factory=Counter)
    before: Counter = field(default_factory=Counter)
    after: Counter = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def is_known(word: str) -> bool:
    """Whether the lexicon or the dictionary has ``word``."""
    words = lexicon.current()
    listed = word in words.entries or word in words.stop_words
    listed = listed or word in words.watch or word in words.allow
    return listed or segment.words(word) == [word]


def find(
    texts: Iterable[str], *, limit: int = 100, known: Callable[[str], bool] = is_known
) -> list[Candidate]:
    """Return up to ``limit`` new words of ``texts``, the best first; the newest texts come first.

    The same sentence counts once. ``known`` says which words nobody need be told of.
    """
    sentences = list(_sentences(texts))
    counts, characters = _counts(sentences)
    cohesion = {
        word: bits
        for word in counts
        if len(word) >= SHORTEST
        and word[0] not in SMALL
        and word[-1] not in SMALL
        and (bits := _cohesion(word, counts, characters)) >= COHESION
    }
    uses = _uses(sentences, cohesion)
    found = [
        Candidate(
            word,
            use.count,
            use.texts,
            round(cohesion[word], 3),
            round(freedom, 3),
            tuple(use.examples),
        )
        for word, use in uses.items()
        if use.texts >= LEAST_TEXTS
        and (freedom := _freedom(use)) >= FREEDOM
        and not _is_name(word, use)
        and _is_new(word, cohesion[word], known)
    ]
    found = _without_parts(found)
    return sorted(found, key=lambda one: (-one.score, one.word))[:limit]


def hide(text: str) -> str:
    """Return ``text`` without what is somebody's own: addresses, accounts, long numbers."""
    return PERSONAL.sub(HIDDEN, clean(text))


def _sentences(texts: Iterable[str]):
    """Yield (number of the text, sentence); what is said again, word for word, is left out: a text
    posted twice, a headline under every story."""
    seen: set[int] = set()
    left = MOST_CHARACTERS
    for number, text in enumerate(texts):
        hidden = hide(text[:left])
        left -= len(hidden)
        for found in SENTENCE.finditer(hidden):
            sentence = found[0]
            if (mark := hash(sentence)) not in seen:
                seen.add(mark)
                yield number, sentence
        if left <= 0:
            return


def _counts(sentences) -> tuple[dict[str, int], int]:
    """Count runs of 1 to LONGEST characters, level by level: a run is counted only where both runs
    one character shorter are frequent, so what is kept stays small. Returns (counts, characters).
    """
    counts = Counter(
        character
        for _number, sentence in sentences
        for run in HAN.findall(sentence)
        for character in run
    )
    total = sum(counts.values())
    frequent = dict(counts)
    for length in range(SHORTEST, LONGEST + 1):
        level: Counter[str] = Counter()
        for _number, sentence in sentences:
            for run in HAN.findall(sentence):
                for at in range(len(run) - length + 1):
                    word = run[at : at + length]
                    if word[:-1] in frequent and word[1:] in frequent:
                        level[word] += 1
        frequent = {word: count for word, count in level.items() if count >= LEAST_COUNT}
        counts.update(frequent)
    return counts, total


def _cohesion(word: str, counts: dict[str, int], characters: int) -> float:
    return min(
        math.log2(counts[word] * characters / (counts[word[:at]] * counts[word[at:]]))
        for at in range(1, len(word))
    )


def _uses(sentences, wanted: dict[str, float]) -> dict[str, _Use]:
    uses: dict[str, _Use] = defaultdict(_Use)
    for number, sentence in sentences:
        for run in HAN.finditer(sentence):
            for start in range(run.start(), run.end()):
                for end in range(start + SHORTEST, min(start + LONGEST, run.end()) + 1):
                    if (word := sentence[start:end]) in wanted:
                        _note(uses[word], number, sentence, start, end)
    return uses


def _note(use: _Use, number: int, sentence: str, start: int, end: int) -> None:
    use.count += 1
    for side, place in (("before", start - 1), ("after", end)):
        neighbour = sentence[place] if 0 <= place < len(sentence) else ""
        if HAN.match(neighbour):
            getattr(use, side)[neighbour] += 1
        else:
            use.edges[side] += 1
    if _BEFORE_NAME.search(sentence[:start]) or _AFTER_NAME.match(sentence[end:]):
        use.named += 1
    if use.last_text != number:
        use.texts += 1
        use.last_text = number
        if len(use.examples) < EXAMPLES:
            use.examples.append(_around(sentence, start, end))


def _around(sentence: str, start: int, end: int) -> str:
    """Return the sentence, or as much of it round the word as is quickly read."""
    if len(sentence) <= EXAMPLE_LENGTH:
        return sentence
    first = max(0, min(start - (EXAMPLE_LENGTH - (end - start)) // 2, len(sentence)))
    last = min(len(sentence), first + EXAMPLE_LENGTH)
    return ("…" if first else "") + sentence[first:last] + ("…" if last < len(sentence) else "")


def _freedom(use: _Use) -> float:
    return min(_entropy(use.before, use.edges["before"]), _entropy(use.after, use.edges["after"]))


def _entropy(neighbours: Counter, edges: int) -> float:
    total = neighbours.total() + edges
    bits = sum(-count / total * math.log2(count / total) for count in neighbours.values())
    return bits + edges / total * math.log2(total)


def _is_name(word: str, use: _Use) -> bool:
    """Whether ``word`` looks like a person's name: a surname, and people's company."""
    return len(word) <= 3 and word[0] in SURNAMES and use.named >= NAME_SHARE * use.count


def _is_new(word: str, cohesion: float, known: Callable[[str], bool]) -> bool:
    if known(word):
        return False
    parts = segment.words(word)
    stop_words = lexicon.current().stop_words
    if parts[0] in stop_words or parts[-1] in stop_words:
        return False
    made_of_known = all(len(part) > 1 for part in parts)
    return cohesion >= (COHESION_OF_KNOWN if made_of_known else COHESION)


def _without_parts(found: list[Candidate]) -> list[Candidate]:
    """Leave out what nearly always stands inside a longer word that was found as well."""
    longer: dict[str, int] = {}
    for one in found:
        for length in range(SHORTEST, len(one.word)):
            for at in range(len(one.word) - length + 1):
                part = one.word[at : at + length]
                longer[part] = max(longer.get(part, 0), one.count)
    return [one for one in found if longer.get(one.word, 0) < INSIDE * one.count]
