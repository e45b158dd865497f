"""The rules that the lexicon keeps. No Django here.

They look at a whole state (every word there is) and say what is wrong, where, and how to mend it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search.lexicon.words import (
    APART,
    FIELDS,
    KINDS,
    LENGTHS,
    LEVELS,
    SAYING,
    STOP,
    SYNONYM,
    TOPIC,
    WATCH,
    Key,
    State,
    Word,
    fold,
    stopped,
)

HEAVIEST = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row may not be: the ``field`` to mend and a sentence that says how."""

    key: Key
    field: str
    message: str


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
    if stopped(word, state):
        yield Problem(word.key, "kind", _STOPPED.format(word.term))


_STOPPED = "“{}”是停用词，人人都说，不能同时先审或拦截。请先去掉其中一个。"


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
    """Pairs kept apart that stand in one group of synonyms, directly or through its topic word, or
    that a saying would have searched together."""
    for pair in [word for word in state.values() if word.kind == APART]:
        terms = (pair.term, pair.other)
        why = f"“{pair.term}”和“{pair.other}”在法律上不是一回事（{pair.reason}），不能"
        one, other = (_proper(term, state) for term in terms)
        keys = {pair.key, *(("word", fold(term)) for term in terms)} & touched
        if keys and one is not None and one == other:
            key = min(keys, key=lambda key: key == pair.key)
            field = "reason" if key == pair.key else "canonical"
            yield Problem(key, field, f"{why}成为同义词。")
        for term, meant in (terms, reversed(terms)):
            saying = state.get(("saying", fold(term)))
            if saying and fold(meant) in map(fold, saying.meaning.split()):
                for key in {pair.key, saying.key} & touched:
                    field = "reason" if key == pair.key else "meaning"
                    yield Problem(key, field, f"{why}互相当作口语。")


def _proper(term: str, state: State) -> str | None:
    word = state.get(("word", fold(term)))
    if word is None or word.kind == STOP:
        return None
    return fold(word.canonical if word.kind == SYNONYM else word.term)
