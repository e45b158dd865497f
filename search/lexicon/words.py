"""The lexicon's rows as plain values, and what can be done with all of them. No Django here.

One shape for all kinds, so that the table, a file, a version's difference and an undo speak of the
same thing. What rows may not be is in ``search.lexicon.rules``.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache

from search.lexicon import base
from search.text.normalise import clean, normalise

TOPIC, SYNONYM, STOP, SAYING = "topic", "synonym", "stop", "saying"
WATCH, ALLOW, APART = "watch", "allow", "apart"
KINDS = {
    TOPIC: "主题词",
    SYNONYM: "同义词",
    STOP: "停用词",
    SAYING: "口语",
    WATCH: "提示词",
    ALLOW: "放行语境",
    APART: "不可混同",
}
LEVELS = {"hint": "提示", "hold": "先审", "block": "拦截"}
#: What a word means, and how moderation takes it: a word has at most one row of each.
MEANING = (TOPIC, SYNONYM, STOP)
MODERATION = (WATCH, ALLOW)
FIELDS = {
    "kind": "类别",
    "term": "词语",
    "topic": "主题",
    "canonical": "规范词",
    "weight": "权重",
    "meaning": "正式说法",
    "category": "提示类别",
    "level": "级别",
    "other": "另一个词",
    "reason": "理由",
}
#: The fields that a row of each kind uses besides ``kind`` and ``term``; the others stay empty.
USED = {
    TOPIC: ("topic", "weight"),
    SYNONYM: ("canonical", "topic", "weight"),
    STOP: (),
    SAYING: ("meaning",),
    WATCH: ("category", "level"),
    ALLOW: (),
    APART: ("other", "reason"),
}
LENGTHS = {
    "term": 40,
    "topic": 40,
    "canonical": 40,
    "meaning": 100,
    "category": 20,
    "other": 40,
    "reason": 200,
}
#: A word may have one row in each of these roles.
_ROLES = {WATCH: "watch", ALLOW: "watch", SAYING: "saying"}

Key = tuple[str, ...]
State = Mapping[Key, "Word"]


@dataclass(frozen=True, slots=True)
class Word:
    """One row: a word of one kind, or (``apart``) a pair of words that the law keeps apart."""

    kind: str
    term: str
    topic: str = ""
    canonical: str = ""
    weight: float = 1.0
    meaning: str = ""
    category: str = ""
    level: str = ""
    other: str = ""
    reason: str = ""

    @property
    def key(self) -> Key:
        """What there can be only one of; width, case and traditional forms do not matter."""
        if self.kind == APART:
            return (APART, *sorted((fold(self.term), fold(self.other))))
        return (_ROLES.get(self.kind, "word"), fold(self.term))

    @property
    def label(self) -> str:
        if self.kind == APART:
            return f"“{self.term}”和“{self.other}”"
        return f"{KINDS.get(self.kind, '词语')}“{self.term}”"

    def as_json(self) -> dict:
        """Return only what this kind uses."""
        values = asdict(self)
        return {name: values[name] for name in ("kind", "term", *USED[self.kind])}


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after; None where there was or will be none."""

    before: Word | None
    after: Word | None


@lru_cache(maxsize=50_000)
def fold(term: str) -> str:
    """Return what two spellings of one word share."""
    return normalise(term)


def tidy(**values) -> Word:
    """Make a row of what a form or a file holds: trimmed, and empty where its kind needs nothing.

    ``weight`` that is no number becomes NaN, which the rules refuse.
    """
    kind = values["kind"]
    texts = {
        name: " ".join(clean(str(values.get(name) or "")).split())
        for name in ("term", *USED.get(kind, ()))
        if name != "weight"
    }
    if "weight" in USED.get(kind, ()):
        texts["weight"] = _number(values.get("weight"))
    return Word(kind=kind, **texts)


def from_json(row: dict) -> Word:
    names = {field.name for field in fields(Word)}
    return Word(**{name: value for name, value in row.items() if name in names})


def _number(value) -> float:
    if value in (None, ""):
        return 1.0
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def describe(change: Change) -> str:
    """Say one change in plain Chinese."""
    before, after = change.before, change.after
    if before is None:
        return f"新增{after.label}{_details(after)}"
    if after is None:
        return f"删除{before.label}{_details(before)}"
    parts = [
        f"{FIELDS[name]}由“{shown(name, old)}”改为“{shown(name, new)}”"
        for name in FIELDS
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]
    return f"修改{before.label}：{'，'.join(parts)}"


def shown(name: str, value) -> str:
    """Return a field's value as people read it."""
    if name == "kind":
        return KINDS.get(value, value)
    if name == "level":
        return LEVELS.get(value, value)
    if name == "weight":
        return f"{value:g}"
    return value or "空"


def _details(word: Word) -> str:
    parts = [
        f"{FIELDS[name]} {shown(name, getattr(word, name))}"
        for name in USED[word.kind]
        if name not in ("other",) and getattr(word, name) not in ("", 1.0)
    ]
    return f"（{'，'.join(parts)}）" if parts else ""


# --- States --------------------------------------------------------------------------------------


def state_of(words: Iterable[Word]) -> dict[Key, Word]:
    return {word.key: word for word in words}


def shipped() -> dict[Key, Word]:
    """Return the words of the files that come with the package, contradictions left out."""
    words = base.from_files()
    meaning = [_shipped(entry) for entry in words.entries.values()]
    state = state_of(sorted(meaning, key=lambda word: word.kind == SYNONYM))
    for term in sorted(words.stop_words):
        state.setdefault(Word(STOP, term).key, Word(STOP, term))
    for watch in words.watch.values():
        word = Word(WATCH, watch.term, category=watch.category, level=watch.level)
        if not stopped(word, state):
            state.setdefault(word.key, word)
    for context in sorted(words.allow):
        state.setdefault(Word(ALLOW, context).key, Word(ALLOW, context))
    for said, meant in words.sayings.items():
        saying = Word(SAYING, said, meaning=" ".join(meant))
        state.setdefault(saying.key, saying)
    for row in base.rows("apart"):
        pair = Word(APART, row["term"], other=row["other"], reason=row["reason"])
        state.setdefault(pair.key, pair)
    return state


def _shipped(entry: base.Entry) -> Word:
    if entry.term == entry.canonical:
        return Word(TOPIC, entry.term, topic=entry.topic, weight=entry.weight)
    return Word(SYNONYM, entry.term, entry.topic, entry.canonical, entry.weight)


def lexicon_of(state: State, version: str) -> base.Lexicon:
    """Return the lexicon that a state of rows stands for."""
    kinds: dict[str, list[Word]] = {kind: [] for kind in KINDS}
    for word in state.values():
        kinds[word.kind].append(word)
    known = {word.term for word in kinds[TOPIC]}
    synonyms = [word for word in kinds[SYNONYM] if word.canonical in known]
    meant = kinds[TOPIC] + [word for word in synonyms if word.topic]
    return base.build(
        [(word.term, word.topic, word.weight) for word in meant],
        [(word.term, word.canonical) for word in synonyms],
        [word.term for word in kinds[STOP]],
        version,
        watch=[(word.term, word.category, word.level) for word in kinds[WATCH]],
        allow=[word.term for word in kinds[ALLOW]],
        apart=[(word.term, word.other) for word in kinds[APART]],
        sayings=[(word.term, word.meaning) for word in kinds[SAYING]],
    )


def applied(state: State, changes: Iterable[Change]) -> dict[Key, Word]:
    """Return ``state`` after ``changes``; of several for one word the last counts.

    A canonical word is written as it stands in the state, however it was typed.
    """
    after = dict(state)
    changes = list(changes)
    for change in changes:
        if change.before:
            after.pop(change.before.key, None)
    for change in changes:
        if change.after:
            after[change.after.key] = change.after
    for key in {change.after.key for change in changes if change.after}:
        word = after[key]
        canonical = after.get(("word", fold(word.canonical))) if word.canonical else None
        if canonical and canonical.term != word.canonical:
            after[key] = replace(word, canonical=canonical.term)
    return after


def difference(before: State, after: State) -> list[Change]:
    """Return what turns one state into the other, in a fixed order."""
    return [
        Change(before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def followers(state: State, change: Change) -> Iterator[Change]:
    """Yield what else must change with ``change``, so that nothing hangs in the air.

    A topic word that goes takes its synonyms with it; one that is renamed takes them along, and
    any renamed word keeps what the law says of it.
    """
    before, after = change.before, change.after
    if before is None or before.kind == APART:
        return
    gone = after is None or after.kind != before.kind
    renamed = after is not None and after.term != before.term
    for word in state.values():
        if before.kind == TOPIC and word.kind == SYNONYM and word.canonical == before.term:
            if gone and after is None:
                yield Change(word, None)
            elif renamed and not gone:
                yield Change(word, replace(word, canonical=after.term))
        elif renamed and word.kind == APART and before.term in (word.term, word.other):
            name = "term" if word.term == before.term else "other"
            yield Change(word, replace(word, **{name: after.term}))


def stopped(word: Word, state: State) -> bool:
    """Whether a word that everybody says would keep texts back."""
    if word.kind not in (STOP, WATCH):
        return False
    pair = [state.get((role, fold(word.term))) for role in ("word", "watch")]
    stop, watch = (pair[0] or word), (pair[1] or word)
    return stop.kind == STOP and watch.kind == WATCH and watch.level in ("hold", "block")
