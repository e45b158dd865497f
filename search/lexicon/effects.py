"""What a change of the lexicon would do, told before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from search import lexicon
from search.lexicon import documents, store, words
from search.lexicon.base import Lexicon
from search.lexicon.services import checked, cut_differently
from search.lexicon.words import Change, State, Word
from search.registry import recent_texts
from search.text import segment
from search.text.normalise import normalise
from search.text.watch import find_watched

SAMPLES = 5
#: Documents of each model that are read for sentences.
READ = 20
#: Characters of a sentence that are shown.
SHOWN = 80
#: Searches whose results are counted.
SEARCHES = 6
#: Recent texts read for words that moderation looks for, and what is shown round one.
RECENT_DAYS, RECENT_MOST, AROUND = 30, 500, 15


@dataclass(frozen=True, slots=True)
class Counted:
    """How many documents of one model hold the words."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence as it is cut now and as it would be."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Gain:
    """A search whose number of results changes in one model."""

    term: str
    label: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What moderation finds in the last ``read`` public texts: in how many now, in how many then.

    ``said``: (sentence, what becomes of it) where that differs.
    """

    read: int
    before: int
    after: int
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Effects:
    """``words``: what was looked for · ``left_out``: how many more words that were not ·
    ``notes``: what the kinds of words do, in plain sentences."""

    words: tuple[str, ...]
    left_out: int
    documents: tuple[Counted, ...]
    samples: tuple[Sample, ...]
    gains: tuple[Gain, ...]
    watched: Watched | None
    notes: tuple[str, ...]

    @property
    def number(self) -> int:
        return sum(counted.number for counted in self.documents)

    @property
    def cuts(self) -> bool:
        return any(sample.differs for sample in self.samples)

    @property
    def nothing(self) -> bool:
        """Whether no document, no search and no text of late would be any different."""
        return not (self.cuts or self.gains or (self.watched and self.watched.said))


def effects(changes: Iterable[Change]) -> Effects:
    """Return what ``changes`` would do. Reads only; raises services.Refused as saving would."""
    before = store.state()
    after = checked(before, changes)
    done = words.difference(before, after)
    terms = _terms(done)
    asked = terms[: documents.WORDS_A_QUERY]
    now, then = _in_force(before), words.lexicon_of(after, "after")
    moderated = any(_row(change).kind in words.MODERATION for change in done)
    return Effects(
        words=tuple(asked),
        left_out=len(terms) - len(asked),
        documents=tuple(_documents(asked)),
        samples=tuple(_samples(asked, now, then)),
        gains=tuple(_gains(done, now, then)),
        watched=_watched(now, then) if moderated else None,
        notes=tuple(_notes(done, before, after)),
    )


def _in_force(state: State) -> Lexicon:
    """The lexicon of ``state``; the very one in force if it is the same, to build nothing twice."""
    held, built = lexicon.current(), words.lexicon_of(state, "before")
    parts = ("entries", "sayings", "watch", "allow", "apart")
    return held if all(getattr(held, part) == getattr(built, part) for part in parts) else built


def _terms(done: list[Change]) -> list[str]:
    """The words that the changes are about, each once."""
    rows = [row for change in done for row in (change.after, change.before) if row]
    terms = [term for row in rows for term in (row.term, row.other) if term]
    return list(dict.fromkeys(terms))


def _documents(terms: list[str]) -> Iterable[Counted]:
    if not terms:
        return
    for model in documents.told_models():
        if number := documents.holding(terms, model._default_manager.all()).count():
            yield Counted(str(model._meta.verbose_name_plural), number)


def _samples(terms: list[str], now: Lexicon, then: Lexicon) -> list[Sample]:
    """Return up to SAMPLES sentences, those first that would be cut otherwise."""
    if not terms:
        return []
    found = list(dict.fromkeys(_shown(sentence, terms) for sentence in _sentences(terms)))
    cuts = [[tuple(segment.cut_with(held, text)) for text in found] for held in (now, then)]
    samples = [Sample(before, after) for before, after in zip(*cuts, strict=True)]
    return sorted(samples, key=lambda sample: not sample.differs)[:SAMPLES]


def _sentences(terms: list[str]) -> Iterable[str]:
    """Yield sentences of public documents: whoever keeps words need not see everybody's drafts."""
    for model in documents.told_models():
        for document in documents.holding(terms, documents.public(model))[:READ]:
            specific = document.get_indexed_instance() or document
            yield from documents.sentences_with(terms, documents.text_of(specific))


def _shown(sentence: str, terms: list[str]) -> str:
    """Return the part of a long sentence that holds the word."""
    folded = normalise(sentence)
    heads = [normalise(term.strip(documents.GAP).partition(documents.GAP)[0]) for term in terms]
    first = min((at for head in heads if (at := folded.find(head)) >= 0), default=0)
    start = max(0, min(first - SHOWN // 2, len(sentence) - SHOWN))
    return sentence[start : start + SHOWN]


def _gains(done: list[Change], now: Lexicon, then: Lexicon) -> Iterable[Gain]:
    """Yield the searches that find more or less because words mean the same or no longer do."""
    rows = [row for change in done for row in (change.after, change.before) if row]
    meant = [row for row in rows if row.kind in (words.TOPIC, words.SYNONYM, words.SAYING)]
    asked = dict.fromkeys(term for row in meant for term in (row.canonical, row.term) if term)
    for term in islice(asked, SEARCHES):
        groups = [(term, *held.same(term), *held.sayings.get(term, ())) for held in (now, then)]
        if set(groups[0]) == set(groups[1]):
            continue
        for model in documents.told_models():
            everything = model._default_manager.all()
            before, after = (documents.holding(group, everything).count() for group in groups)
            if before != after:
                yield Gain(term, str(model._meta.verbose_name_plural), before, after)


# --- What each kind does -------------------------------------------------------------------------


def _notes(done: list[Change], before: State, after: State) -> Iterable[str]:
    kinds = {row.kind for change in done for row in (change.before, change.after) if row}
    if terms := cut_differently(before, after):
        yield _("保存后会在后台更新含有%(words)s的内容的索引，进度显示在词语页上。") % {
            "words": "、".join(f"“{term}”" for term in terms[:5]) + ("等" if terms[5:] else "")
        }
    if words.SAYING in kinds:
        yield _("口语只管搜索：搜它时也查它的正式说法。切词不变。")
    if words.STOP in kinds:
        yield _("停用词只管两件事：搜整句话时不要求有它，关键词里不出现它。单独搜它仍然能搜到。")
    if kinds & set(words.MODERATION):
        yield _("提示词和放行语境从下一条新内容起生效，已经审过的不重审；切词和搜索结果不变。")
    if words.APART in kinds:
        yield _("不可混同的词只管一件事：谁也不能把它们设成同义词。搜索结果不变。")
    if kinds <= {words.TOPIC, words.SYNONYM} and all(_same_but_weight(change) for change in done):
        yield _("权重只影响话题和关键词的先后，切词和搜索结果不变。")


def _row(change: Change) -> Word:
    return change.after or change.before


def _same_but_weight(change: Change) -> bool:
    before, after = change.before, change.after
    return bool(before and after) and replace(before, weight=after.weight) == after


# --- Moderation ----------------------------------------------------------------------------------


def _watched(now: Lexicon, then: Lexicon) -> Watched:
    """Read public texts of late as moderation would: they were fit to print, so what is newly
    found in them may well be a false alarm."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    texts = list(islice(recent_texts(since), RECENT_MOST))
    found = [[find_watched(text, held) for text in texts] for held in (now, then)]
    said = []
    for text, before, after in zip(texts, *found, strict=True):
        for hits, others, what in ((after, before, _("以后会")), (before, after, _("以后不再"))):
            known = {(hit.start, hit.end, hit.level) for hit in others}
            for hit in hits:
                if (hit.start, hit.end, hit.level) not in known and len(said) < SAMPLES:
                    around = text[max(0, hit.start - AROUND) : hit.end + AROUND]
                    said.append((" ".join(around.split()), what + words.LEVELS[hit.level]))
    return Watched(len(texts), *(sum(map(bool, hits)) for hits in found), said=tuple(said))
