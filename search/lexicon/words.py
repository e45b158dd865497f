"""The lexicon's rows as plain values, and the rules that they keep. No Django here.

One shape for all six kinds, so that the table, a file, a version's difference and an undo speak of
the same thing. The rules look at a whole state (every word there is) and name what is wrong.
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
HEAVIEST = 10
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
class Problem:
    """Why a row may not be: the ``field`` to mend and a sentence that says how."""

    key: Key
    field: str
    message: str


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
        if not _stopped(word, state):
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


# --- Rules ---------------------------------------------------------------------------------------


def shape_problems(word: Word) -> dict[str, str]:
    """Return what is wrong with a row by itself, as {field: sentence}."""
    if word.kind not in KINDS:
        return {"kind": f"没有“{word.kind}”这个类别，请写{'、'.join(KINDS.values())}之一。"}
    found: dict[str, str] = {}
    for name, longest in LENGTHS.items():
        if len(getattr(word, name)) > longest:
            found[name] = f"{FIELDS[name]}最多 {longest} 个字。"
    if not any(character.isalnum() for character in word.term):
        found["term"] = "请填写词语，至少要有一个字。"
    found |= _kind_problems(word)
    return found


def _kind_problems(word: Word) -> dict[str, str]:
    found: dict[str, str] = {}
    if word.kind == TOPIC and not word.topic:
        found["topic"] = "主题词要写明主题。"
    if word.kind == SYNONYM:
        if not word.canonical:
            found["canonical"] = "请写明它和哪个主题词是一个意思。"
        elif fold(word.canonical) == fold(word.term):
            found["canonical"] = "一个词不能是自己的同义词。"
    if word.kind == SAYING and not any(character.isalnum() for character in word.meaning):
        found["meaning"] = "请写明法律和文件里怎么叫，几个词之间空一格。"
    if word.kind == WATCH:
        if not word.category:
            found["category"] = "提示词要写明提示类别，如“辱骂”“广告”。"
        if word.level not in LEVELS:
            found["level"] = f"提示词要写明级别：{'、'.join(LEVELS.values())}之一。"
    if word.kind == APART:
        if not any(character.isalnum() for character in word.other):
            found["other"] = "请写明另一个词。"
        elif fold(word.other) == fold(word.term):
            found["other"] = "这是同一个词，不用区分。"
        if not word.reason:
            found["reason"] = "请写明法律上为什么要区分，别人改词时会看到。"
    if not 0 < word.weight <= HEAVIEST:  # NaN fails this as well.
        found["weight"] = f"权重要填大于 0、不超过 {HEAVIEST} 的数，一般是 1。"
    return found


def problems(state: State, touched: Iterable[Key]) -> list[Problem]:
    """Return what is wrong with the ``touched`` rows of ``state``, and with what they break."""
    keys = [key for key in dict.fromkeys(touched) if key in state]
    found: list[Problem] = []
    for key in keys:
        wrong = shape_problems(state[key])
        found += [Problem(key, name, message) for name, message in wrong.items()]
    broken = {problem.key for problem in found}
    for key in keys:
        if key not in broken:
            found += _relation_problems(state[key], state)
    found += _hanging(state, set(keys))
    found += _joined_against_the_law(state, set(keys) - broken)
    return found


def _relation_problems(word: Word, state: State) -> Iterator[Problem]:
    if word.kind == SYNONYM:
        canonical = state.get(("word", fold(word.canonical)))
        if canonical is None or canonical.kind != TOPIC:
            how = "它本身是同义词或停用词" if canonical else "词库里没有它"
            message = f"规范词“{word.canonical}”要是一个主题词，{how}。"
            yield Problem(word.key, "canonical", message)
    if _stopped(word, state):
        yield Problem(word.key, "kind", _STOPPED.format(word.term))


_STOPPED = "“{}”是停用词，人人都说，不能同时先审或拦截。请先去掉其中一个。"


def _stopped(word: Word, state: State) -> bool:
    """Whether a word that everybody says would keep texts back."""
    if word.kind not in (STOP, WATCH):
        return False
    pair = [state.get((role, fold(word.term))) for role in ("word", "watch")]
    stop, watch = (pair[0] or word), (pair[1] or word)
    return stop.kind == STOP and watch.kind == WATCH and watch.level in ("hold", "block")


def _hanging(state: State, touched: set[Key]) -> Iterator[Problem]:
    """Synonyms that were left alone while a change took their topic word away."""
    for word in state.values():
        if word.kind != SYNONYM or word.key in touched:
            continue
        canonical = state.get(("word", fold(word.canonical)))
        if canonical is None or canonical.kind != TOPIC:
            message = (
                f"同义词“{word.term}”还跟着“{word.canonical}”，请先给它换一个规范词，或一起删除。"
            )
            yield Problem(word.key, "canonical", message)


def _joined_against_the_law(state: State, touched: set[Key]) -> Iterator[Problem]:
    """Pairs kept apart that stand in one group of synonyms, directly or through its topic word."""
    for pair in [word for word in state.values() if word.kind == APART]:
        one, other = (_proper(term, state) for term in (pair.term, pair.other))
        if one is None or one != other:
            continue
        keys = {pair.key, ("word", fold(pair.term)), ("word", fold(pair.other))} & touched
        if keys:
            why = f"在法律上不是一回事（{pair.reason}），不能成为同义词。"
            message = f"“{pair.term}”和“{pair.other}”{why}"
            key = min(keys, key=lambda key: key == pair.key)
            yield Problem(key, "reason" if key == pair.key else "canonical", message)


def _proper(term: str, state: State) -> str | None:
    word = state.get(("word", fold(term)))
    if word is None or word.kind == STOP:
        return None
    return fold(word.canonical if word.kind == SYNONYM else word.term)
