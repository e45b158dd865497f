"""What a change of the lexicon would do, told before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from search.lexicon import documents, store, words
from search.lexicon.base import Lexicon
from search.lexicon.services import checked, cut_differently
from search.lexicon.words import Change, State, Word
from search.registry import recent_texts
from search.text import segment
from search.text.normalise import normalise

SAMPLES = 5
#: Documents of each model that are read for sentences.
READ = 20
#: Characters of a sentence that are shown.
SHOWN = 80
#: Searches whose results are counted.
SEARCHES = 6
#: Recent texts read for words that moderation looks for.
RECENT_DAYS, RECENT_MOST = 30, 2000


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


@dataclass(frozen=True)
class Effects:
    """``words``: what was looked for · ``left_out``: how many more words that were not ·
    ``notes``: what the kinds of words do, in plain sentences."""

    words: tuple[str, ...]
    left_out: int
    documents: tuple[Counted, ...]
    samples: tuple[Sample, ...]
    gains: tuple[Gain, ...]
    notes: tuple[str, ...]

    @property
    def number(self) -> int:
        return sum(counted.number for counted in self.documents)

    @property
    def cuts(self) -> bool:
        return any(sample.differs for sample in self.samples)

    @property
    def nothing(self) -> bool:
        """Whether no document and no search would be any different."""
        return not (self.cuts or self.gains)


def effects(changes: Iterable[Change]) -> Effects:
    """Return what ``changes`` would do. Reads only; raises services.Refused as saving would."""
    before = store.state()
    after = checked(before, changes)
    done = words.difference(before, after)
    terms = _terms(done)
    asked = terms[: documents.WORDS_A_QUERY]
    now, then = words.lexicon_of(before, "before"), words.lexicon_of(after, "after")
    return Effects(
        words=tuple(asked),
        left_out=len(terms) - len(asked),
        documents=tuple(_documents(asked)),
        samples=tuple(_samples(asked, now, then)),
        gains=tuple(_gains(done, now, then)),
        notes=tuple(_notes(done, before, after)),
    )


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
    seen: dict[str, Sample] = {}
    for sentence in _sentences(terms):
        if sentence not in seen:
            shown = _shown(sentence, terms)
            seen[sentence] = Sample(
                tuple(segment.cut_with(now, shown)), tuple(segment.cut_with(then, shown))
            )
        if sum(sample.differs for sample in seen.values()) >= SAMPLES:
            break
    return sorted(seen.values(), key=lambda sample: not sample.differs)[:SAMPLES]


def _sentences(terms: list[str]) -> Iterable[str]:
    """Yield sentences of public documents: whoever keeps words need not see everybody's drafts."""
    for model in documents.told_models():
        held = model._default_manager.all()
        if any(field.name == "live" for field in model._meta.fields):
            held = held.filter(live=True)
        for document in documents.holding(terms, held)[:READ]:
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
    meant = [row for row in rows if row.kind in (words.TOPIC, words.SYNONYM)]
    asked = dict.fromkeys(term for row in meant for term in (row.canonical, row.term) if term)
    for term in islice(asked, SEARCHES):
        groups = [(term, *lexicon.same(term)) for lexicon in (now, then)]
        if set(groups[0]) == set(groups[1]):
            continue
        for model in documents.told_models():
            held = model._default_manager.all()
            before, after = (documents.holding(group, held).count() for group in groups)
            if before != after:
                yield Gain(term, str(model._meta.verbose_name_plural), before, after)


# --- What each kind does -------------------------------------------------------------------------


def _notes(done: list[Change], before: State, after: State) -> Iterable[str]:
    kinds = {row.kind for change in done for row in (change.before, change.after) if row}
    if terms := cut_differently(before, after):
        yield _("保存后会在后台更新含有%(words)s的内容的索引，进度显示在词语页上。") % {
            "words": "、".join(f"“{term}”" for term in terms[:5]) + ("等" if terms[5:] else "")
        }
    if words.STOP in kinds:
        yield _("停用词只管两件事：搜整句话时不要求有它，关键词里不出现它。单独搜它仍然能搜到。")
    if kinds & set(words.MODERATION):
        yield from _recent_notes([_row(change) for change in done])
    if words.APART in kinds:
        yield _("不可混同的词只管一件事：谁也不能把它们设成同义词。搜索结果不变。")
    if kinds <= {words.TOPIC, words.SYNONYM} and all(_same_but_weight(change) for change in done):
        yield _("权重只影响话题和关键词的先后，切词和搜索结果不变。")


def _row(change: Change) -> Word:
    return change.after or change.before


def _same_but_weight(change: Change) -> bool:
    before, after = change.before, change.after
    return bool(before and after) and replace(before, weight=after.weight) == after


def _recent_notes(rows: list[Word]) -> Iterable[str]:
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    texts = [normalise(text) for text in islice(recent_texts(since), RECENT_MOST)]
    for row in rows[:SEARCHES]:
        if row.kind in words.MODERATION:
            holding = sum(documents.stands_in(text, row.term) for text in texts)
            yield _(
                "近 %(days)d 天公开的稿件和留言共 %(all)d 篇，其中 %(number)d 篇有“%(word)s”。"
            ) % {"days": RECENT_DAYS, "all": len(texts), "number": holding, "word": row.term}
    yield _("提示词和放行语境从下一条新内容起生效，已经审过的不重审；切词和搜索结果不变。")
