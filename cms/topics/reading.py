"""Reading one text: which topics, in which words, in which sentence. Writes nothing.

The same text and the same lexicon always give the same reading.
"""

import re
from dataclasses import dataclass, field

from cms.interactions.names import name_spans
from cms.topics.industries import industries
from cms.topics.learned import NOTHING, Learned
from cms.topics.models.voices import VoiceTopic
from cms.topics.mood import mood
from search import lexicon
from search.text.keywords import keywords
from search.text.match import find_terms

#: Rises when the rules below change: everything is read again.
RULES = 4
#: The weights of a topic's words must add up to this; a general word (.3) makes no topic alone.
ENOUGH = 0.5
#: Ways to address the union itself: they stand in every second voice and mark no topic.
GENERAL = frozenset(
    [
        *("工会", "总工会", "全总", "中华全国总工会", "省总工会", "市总工会", "区总工会"),
        *("县总工会", "街道总工会", "乡镇工会", "基层工会", "企业工会", "联合工会"),
        *("工会主席", "工会委员", "工会干部", "工会会员", "娘家人", "职工之家"),
    ]
)
#: From this score of the model down a text is clearly not about a theme (−1: a typical other).
CONTRARY = -1.0
#: Keywords outside the lexicon that are kept of one text.
FREE_WORDS = 6
#: … if they weigh at least this share of the text's best keyword.
LEAST_SHARE = 0.15
#: A new word with one of these in it is a piece of a sentence (发了, 不接, 太好了), not a thing.
PARTICLES = frozenset("了吗呢吧啊嘛么呀没不太很也都就的")

SENTENCE_END = re.compile(r"[。！？!?；;\n\r]+")
SENTENCE_LIMIT = VoiceTopic._meta.get_field("sentence").max_length
WORD_LIMIT = 40
#: A shorter sentence is a greeting: 你好。请问。
SAYS_SOMETHING = 6


@dataclass
class Found:
    """One topic in a text. `marks`: [start, end) places; `terms`: canonical words, in order."""

    marks: list[list[int]] = field(default_factory=list)
    terms: dict[str, float] = field(default_factory=dict)
    sentence: str = ""
    by: str = VoiceTopic.By.LEXICON


@dataclass(frozen=True)
class Reading:
    """`topics` by the lexicon's name of the topic; `words` are keywords outside the lexicon."""

    topics: dict[str, Found]
    words: list[str]
    mood: int = 0
    industry: str = ""


def stamp(model: Learned | None) -> str:
    """What a text read now is read with."""
    version = model.version if model else 0
    return f"{lexicon.current().version}/{RULES}/{version}"


def topics_of(text: str, model: Learned | None = None) -> dict[str, Found]:
    """The themes `text` is about: those of the lexicon, as the model in force corrects them.

    The model takes away a theme that rests on a single word and of which it clearly says the
    contrary, and it speaks where nothing is left.
    """
    found = lexicon_topics_of(text)
    if model is None:
        return found
    if any(len(topic.terms) == 1 for topic in found.values()):
        scores = dict(model.model.classify(text))
        found = {
            key: topic
            for key, topic in found.items()
            if len(topic.terms) > 1 or scores.get(key, 0) > CONTRARY
        }
    label = None if found else model.model.decide(text)
    if label and label != NOTHING:
        found[label] = Found(sentence=first_sentence(text), by=VoiceTopic.By.MODEL)
    return found


def lexicon_topics_of(text: str) -> dict[str, Found]:
    """The lexicon's topics in `text`, by longest match; synonyms count as their canonical word."""
    found: dict[str, Found] = {}
    for match in find_terms(text):
        if match.term not in GENERAL:
            topic = found.setdefault(match.topic, Found())
            topic.marks.append([match.start, match.end])
            topic.terms[match.canonical] = max(match.weight, topic.terms.get(match.canonical, 0))
    kept = {key: topic for key, topic in found.items() if sum(topic.terms.values()) >= ENOUGH}
    for topic in kept.values():
        topic.sentence = sentence_at(text, *topic.marks[0])
    return kept


def read(text: str, model: Learned | None = None) -> Reading:
    return Reading(
        topics=topics_of(text, model),
        words=_free_words(text),
        mood=mood(text).value,
        industry=main_industry(text),
    )


def main_industry(text: str) -> str:
    """The industry that most words of `text` speak of, the first of equals; "" for none."""
    found = industries(text)
    return min(found, key=lambda name: (-len(found[name]), min(found[name])), default="")


def _free_words(text: str) -> list[str]:
    """Keywords outside the lexicon, none of them a part of a term that stands in the text, none a
    person's name: words are shown without their sentence."""
    ranked = keywords("", text, 2 * FREE_WORDS)
    least = LEAST_SHARE * ranked[0].score if ranked else 0
    known = lexicon.current().entries
    terms = [match.term for match in find_terms(text)]
    names = [text[start:end] for start, end in name_spans(text)]
    free = [
        word
        for word, score in ((one.word, one.score) for one in ranked)
        if score >= least
        and word not in known
        and len(word) <= WORD_LIMIT
        and PARTICLES.isdisjoint(word)
        and not any(word in term for term in terms)
        and not any(word in name or name in word for name in names)
    ]
    return free[:FREE_WORDS]


def first_sentence(text: str) -> str:
    """The first sentence of `text` that says something, cut to SENTENCE_LIMIT."""
    sentences = [piece.strip() for piece in SENTENCE_END.split(text)]
    return next((one for one in sentences if len(one) >= SAYS_SOMETHING), text.strip())[
        :SENTENCE_LIMIT
    ]


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence around text[start:end], cut to SENTENCE_LIMIT with the words inside."""
    ends = list(SENTENCE_END.finditer(text))
    first = max((hit.end() for hit in ends if hit.end() <= start), default=0)
    last = min((hit.start() for hit in ends if hit.start() >= end), default=len(text))
    if last - first > SENTENCE_LIMIT:
        first = max(first, start - SENTENCE_LIMIT // 2)
        last = min(last, first + SENTENCE_LIMIT)
    return text[first:last].strip()
