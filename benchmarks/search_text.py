"""Chinese news and policy texts without end, and what people would ask of them. No Django here.

Words come from jieba's dictionary by how common they are (a Zipf curve) and from the union
lexicon by topic. A story keeps returning to words of its own, as stories do, so that common words
stand in some 10-30 % of the texts and most words in very few. The same seed writes the same
stories, and a longer row begins with the shorter one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from search.lexicon import Lexicon
from search.text import segment

#: Characters of a body before its last paragraph ends.
SHORTEST, LONGEST = 250, 780
SUMMARY = 120
#: Of the words in a text, how many are of its own few; the rest is anybody's.
OWN_SHARE = 0.55
OWN_WORDS = 7
#: Sentence patterns of one story: fixed phrases must not stand in every text.
OWN_CLAUSES = 14
CHUNK = 8192
#: Exponents on the dictionary's frequencies: the language at large, and one story's own subjects.
COMMON, SPECIAL = 1.0, 0.6
KINDS = ("n", "v", "vn", "a", "d", "ns")

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英建国志文海燕春梅雪峰玉兰晓东红立新华"
BODIES = (
    "市总工会", "区总工会", "县总工会", "市人社局", "市应急管理局", "市住建局", "市医保局",
    "街道工会联合会", "开发区工会", "市中级人民法院", "区劳动仲裁院", "市妇联", "市卫健委",
)  # fmt: skip
JOBS = ("职工", "劳动者", "快递员", "外卖骑手", "建筑工人", "环卫工人", "货车司机", "女职工")
LAWS = ("劳动法", "劳动合同法", "工会法", "社会保险法", "安全生产法", "劳动争议调解仲裁法")

CLAUSES = (
    "{org}{d}{v}{t}{vn}", "{org}围绕{t}开展{vn}", "对{t}的{vn}要{d}{v}", "{n}和{n}的{vn}{d}{a}",
    "{v}{n}是{v}{t}的{a}{n}", "各级工会{d}{v}{n}", "{job}反映{t}的{n}", "{n}{v}{num}个{n}",
    "其中{t}占{num}%", "在{ns}{v}{n}", "{name}介绍", "从{date}起{v}{n}", "根据{law}的规定",
    "用人单位应当{v}{t}", "不得{v}{job}的{n}", "企业要{d}{v}{n}和{n}", "{a}的{n}{v}了{n}",
    "推动{n}与{n}{vn}", "{name}{d}{v}{n}", "参加{vn}的{job}有{num}人", "把{n}{v}到{n}里",
    "有{job}问{t}怎么办", "律师{name}答复说", "{t}可以{v}{n}", "{n}部门{d}{v}{vn}", "为{job}{v}{n}",
    "加强{n}{vn}", "提高{n}的{vn}水平", "{ns}的{n}{d}{v}", "{vn}中{v}{t}和{t}", "{d}{v}{a}{n}",
    "目前已{v}{n}{num}万元", "{n}{d}没有{v}", "这一{n}将{v}{num}名{job}", "{v}{v}的{n}{d}{a}",
    "经{org}{vn}", "双方就{t}达成{n}", "{n}、{n}和{n}都要{v}", "截至{date}", "{job}{name}说",
)  # fmt: skip
TITLES = (
    "{org}{v}{t}{vn}", "{t}怎么{v}？{n}这样{v}", "{ns}{v}{num}名{job}的{n}", "{job}{t}，{n}如何{v}",
    "{v}{n} {v}{t}", "{ns}：{a}的{n}{v}{t}", "{name}：{v}{n}的{job}", "{law}里的{t}",
    "关于{v}{t}{vn}的通知", "{org}发布{t}{n}", "{n}{vn}：{num}个{n}{d}{v}", "“{n}”{v}{job}{n}",
)  # fmt: skip
QUESTIONS = (
    "老板{t}不给钱怎么办", "公司{t}职工可以要求赔偿吗", "{t}要到哪里去申请",
    "我在工地上{t}应该找谁",
    "{t}和{t}能不能一起拿", "离职以后{t}怎么算", "公司不承认{t}应该怎么办", "外卖骑手有没有{t}",
    "{ns}的{t}是怎么规定的", "请问{t}需要准备哪些材料", "单位说没有{t}合法吗",
    "{t}今年有没有新的标准",
    "试用期里{t}按照什么标准发", "加入工会以后能申请{t}吗", "退休以前{t}没有办完怎么处理",
    "{job}遇到{t}可以打官司吗", "怎么向工会反映{t}的问题", "合同里写了{t}还能不能改",
    "{t}一般多少天可以办下来", "厂里搬到{ns}去{t}怎么算",
)  # fmt: skip
QUESTION_LENGTH = range(10, 26)
#: Bands of document frequency from which word queries are drawn in equal parts.
BANDS = ((0.0001, 0.001), (0.001, 0.01), (0.01, 0.05), (0.05, 0.2))
CANDIDATES = 2500
#: Texts among which a common word's share is taken.
ROUGH = 1000


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join((self.title, self.summary, *self.paragraphs))


def stories(count: int, seed: int, lexicon: Lexicon) -> Iterator[Story]:
    writer = _Writer(Random(f"stories {seed}"), lexicon)
    return (writer.story() for _number in range(count))


class _Writer:
    def __init__(self, random: Random, lexicon: Lexicon):
        self.random = random
        vocabulary = _vocabulary()
        self.common = {kind: self._drawn(vocabulary[kind], COMMON) for kind in KINDS}
        self.special = {kind: self._drawn(vocabulary[kind], SPECIAL) for kind in KINDS}
        topics: dict[str, list[str]] = {}
        for entry in lexicon.entries.values():
            topics.setdefault(entry.topic, []).append(entry.term)
        self.topics = [terms for _topic, terms in sorted(topics.items())]
        self.patterns = [_parsed(pattern) for pattern in CLAUSES]
        self.clauses = self.patterns
        self.titles = [_parsed(pattern) for pattern in TITLES]
        # Slots are all alike to fill: a list of words to take one of.
        self.own: dict[str, list[str]] = {}

    def story(self) -> Story:
        self._take_subject()
        title = self._fill(self.random.choice(self.titles))
        length = self.random.randint(SHORTEST, LONGEST)
        paragraphs: list[str] = []
        while sum(map(len, paragraphs)) < length:
            paragraphs.append("".join(self._sentence() for _n in range(self.random.randint(2, 4))))
        summary = self._sentence()[:SUMMARY]
        tags = tuple(dict.fromkeys(self.own["t"]))[:3]
        return Story(title[:200], summary, tuple(paragraphs), tags)

    def _take_subject(self) -> None:
        """Choose what this story is about: one or two topics, some words, people and places."""
        pick = self.random
        own = {kind: [next(self.special[kind]) for _n in range(OWN_WORDS)] for kind in KINDS}
        terms = [term for _n in range(pick.randint(1, 2)) for term in self._terms()]
        places = [next(self.common["ns"])[:4] for _n in range(2)]
        own["t"] = terms
        own["org"] = [place + pick.choice(BODIES) for place in places]
        own["name"] = [pick.choice(SURNAMES) + "".join(pick.choices(GIVEN, k=2)) for _n in range(3)]
        own["job"] = pick.choices(JOBS, k=2)
        own["law"] = pick.choices(LAWS, k=1)
        self.own = own
        self.clauses = pick.sample(self.patterns, OWN_CLAUSES)

    def _terms(self) -> list[str]:
        """Two to four words of one topic; the first topics and words are the commonest."""
        terms = self.topics[self._early(len(self.topics))]
        return [terms[self._early(len(terms))] for _n in range(self.random.randint(2, 4))]

    def _early(self, length: int) -> int:
        return int(length * self.random.random() ** 2)

    def _sentence(self) -> str:
        clauses = self.random.choices(self.clauses, k=self.random.randint(2, 4))
        return "，".join(map(self._fill, clauses)) + "。"

    def _fill(self, parts: list[tuple[str, str]]) -> str:
        return "".join(text + (self._word(slot) if slot else "") for text, slot in parts)

    def _word(self, slot: str) -> str:
        chance = self.random.random()
        if slot == "num":
            return str(int(10 ** (chance * 4)))
        if slot == "date":
            return f"{2015 + int(chance * 11)}年{1 + int(chance * 1000) % 12}月"
        if slot in self.common and chance > OWN_SHARE:
            return next(self.common[slot])
        words = self.own[slot]
        return words[int(chance / OWN_SHARE * len(words)) % len(words)]

    def _drawn(self, words: dict[str, int], exponent: float) -> Iterator[str]:
        """Words without end, each as often as its frequency says; drawn in lots, which is quick."""
        names = list(words)
        weights = list(accumulate(frequency**exponent for frequency in words.values()))
        while True:
            yield from self.random.choices(names, cum_weights=weights, k=CHUNK)


def _vocabulary() -> dict[str, dict[str, int]]:
    """Return {part of speech: {word: frequency}} of jieba's words of two to four characters."""
    words: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    for line in segment.DICTIONARY.read_text(encoding="utf-8").splitlines():
        word, frequency, kind = line.split(" ")
        if kind in words and 2 <= len(word) <= 4 and not word.isascii():
            words[kind][word] = int(frequency)
    return words


def _parsed(pattern: str) -> list[tuple[str, str]]:
    """Split "对{t}的{vn}" into (text, slot) pairs; the last slot may be ""."""
    parts = [part.rpartition("{") for part in pattern.split("}")]
    return [(text, slot) if brace else (slot, "") for text, brace, slot in parts]


# --- Questions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Queries:
    """``words``, ``sentences``, ``prefixes`` to ask for; ``bands``: words in each df band."""

    words: list[str]
    sentences: list[str]
    prefixes: list[str]
    bands: dict[str, int]


def queries(count: int, seed: int, lexicon: Lexicon, sample: list[Story]) -> Queries:
    """Return ``count`` queries of each kind for a corpus that begins with ``sample``."""
    random = Random(f"queries {seed}")
    words, bands = _words(count, random, lexicon, [story.text for story in sample])
    titles = [story.title for story in sample]
    return Queries(
        words=words,
        sentences=_distinct(count, lambda: _sentence(random, lexicon)),
        prefixes=_distinct(count, lambda: _prefix(random, titles)),
        bands=bands,
    )


def _words(count, random: Random, lexicon: Lexicon, texts: list[str]):
    """Lexicon and dictionary words whose share of the texts is spread over BANDS."""
    vocabulary = _vocabulary()
    words = {word: n for kind in ("n", "v", "vn", "ns") for word, n in vocabulary[kind].items()}
    candidates = [
        *random.sample(sorted(lexicon.entries), min(CANDIDATES // 4, len(lexicon.entries))),
        *random.choices(list(words), [n**0.8 for n in words.values()], k=CANDIDATES),
    ]
    distinct = list(dict.fromkeys(candidates))
    bands: dict[tuple[float, float], list[str]] = {band: [] for band in BANDS}
    most = -(-count // len(BANDS))
    for word in random.sample(distinct, len(distinct)):
        wanted = {band: found for band, found in bands.items() if len(found) < most}
        share = _share(word, texts, min((low for low, _high in wanted), default=1))
        for (low, high), found in wanted.items():
            if low <= share < high:
                found.append(word)
    chosen = [word for found in bands.values() for word in found]
    numbers = {f"{low:.2%}-{high:.2%}": len(found) for (low, high), found in bands.items()}
    return random.sample(chosen, len(chosen))[:count], numbers


def _share(word: str, texts: list[str], least: float) -> float:
    """The share of the texts with the word; of a rare one exactly, unless too rare to matter."""
    few = texts[:ROUGH]
    share = sum(word in text for text in few) / len(few)
    if share > 10 / len(few) or share < least / 10:
        return share
    return sum(word in text for text in texts) / len(texts)


def _sentence(random: Random, lexicon: Lexicon) -> str:
    terms, places = list(lexicon.entries), ("南京", "武汉", "江州", "开发区", "外地")
    while True:
        parts = _parsed(random.choice(QUESTIONS))
        choices = {"t": terms, "ns": places, "job": JOBS}
        text = "".join(
            text + (random.choice(choices[slot]) if slot else "") for text, slot in parts
        )
        if len(text) in QUESTION_LENGTH:
            return text


def _prefix(random: Random, titles: list[str]) -> str:
    """One to three Chinese characters from the beginning or the middle of a title."""
    while True:
        title = random.choice(titles)
        start = random.choice((0, random.randrange(len(title))))
        prefix = title[start : start + random.randint(1, 3)]
        if all("\u4e00" <= character <= "\u9fff" for character in prefix):
            return prefix


def _distinct(count: int, make: Callable[[], str]) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        made[make()] = None
    return list(made)
