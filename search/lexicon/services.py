"""Verbs that write the lexicon. Everything goes through ``lexicon_change``: one transaction, one
version, the rules kept, and every process told."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from search.lexicon import store, words
from search.lexicon.rules import Problem, problems
from search.lexicon.words import Change, Key, State, Word
from search.models import Apart, LexiconReindex, LexiconStamp, LexiconVersion, Term
from search.text.segment import units

BATCH = 500
NOTE_LENGTH = LexiconVersion._meta.get_field("note").max_length
#: Words of fewer characters are found by their characters and pairs, however a text was cut.
CUT_FROM = 3


class Refused(ValidationError):
    """The rules forbid a change. ``problems`` say why; a Problem's key () stands for the whole."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__([problem.message for problem in self.problems])


def lexicon_change(
    *, user, changes: Iterable[Change], note: str = "", undoes: LexiconVersion | None = None
) -> LexiconVersion | None:
    """Make ``changes`` as one version and return it; None when nothing differs afterwards.

    ``note``: what was done in plain Chinese; without one it is made of the changes.
    Raises Refused when a rule forbids it, or when a word is no longer as ``before`` says; then
    nothing is changed.
    """
    with transaction.atomic():
        _hold()
        before = store.state()
        after = checked(before, changes)
        done = words.difference(before, after)
        if not done:
            return None
        _write(done)
        version = _version_of(done, user, note, undoes)
        _reindex(version, before, after)
        store.stamp()
    return version


def checked(state: State, changes: Iterable[Change]) -> dict[Key, Word]:
    """Return the state after ``changes``; raises Refused when they may not be."""
    changes = list(changes)
    wrong = [problem for change in changes for problem in _outdated(state, change, changes)]
    if not wrong:
        after = words.applied(state, changes)
        touched = {row.key for change in changes for row in (change.before, change.after) if row}
        wrong = problems(after, touched)
    if wrong:
        raise Refused(wrong)
    return after


def _outdated(state: State, change: Change, changes: list[Change]):
    """Yield why a change does not start from the words as they are."""
    before, after = change.before, change.after
    if before is not None and state.get(before.key) != before:
        message = _("%(word)s刚被别人改过，请刷新页面再改。") % {"word": before.label}
        yield Problem(before.key, "term", message)
    if after is None or after.key not in state or (before and before.key == after.key):
        return
    if any(other.before and other.before.key == after.key for other in changes):
        return
    held = state[after.key]
    message = _("词库里已经有%(held)s。") % {"held": held.label}
    if held.kind != after.kind:
        message += _("一个词不能又是%(one)s又是%(other)s，请改原来的那一条。") % {
            "one": words.KINDS[held.kind],
            "other": words.KINDS.get(after.kind, after.kind),
        }
    yield Problem(after.key, "term", message)


def lexicon_undo(*, user, version: LexiconVersion) -> LexiconVersion:
    """Put every word of ``version`` back as it was before, as a new version.

    Raises Refused when a later change touched one of the words: undo that one first.
    """
    state = store.state()
    back = [Change(change.after, change.before) for change in version.as_changes()]
    touched = [change for change in back if _now(state, change) != change.before]
    if touched:
        raise Refused(_later(version, change) for change in touched)
    note = _("撤销第 %(number)d 次修改：%(note)s") % {
        "number": version.number,
        "note": version.note,
    }
    made = lexicon_change(user=user, changes=back, note=note, undoes=version)
    if made is None:
        raise Refused([Problem((), "", _("这次修改已经撤销，没有可撤销的内容。"))])
    return made


def _now(state: State, change: Change) -> Word | None:
    return state.get((change.before or change.after).key)


def _later(version: LexiconVersion, change: Change) -> Problem:
    row = change.before or change.after
    later = LexiconVersion.objects.filter(number__gt=version.number).order_by("number")
    number = next((one.number for one in later.iterator() if row.key in keys_of(one)), None)
    values = {"word": row.label, "number": number}
    if number:
        message = _("第 %(number)d 次修改后来又改过%(word)s，请先撤销那一次。") % values
    else:
        message = _("%(word)s后来又改过，不能直接撤销，请在词语里手工修改。") % values
    return Problem(row.key, "term", message)


def keys_of(version: LexiconVersion) -> set[Key]:
    """Return the keys of all rows that a version touched."""
    rows = [row for change in version.as_changes() for row in (change.before, change.after)]
    return {row.key for row in rows if row}


def lexicon_seed(*, user=None) -> LexiconVersion | None:
    """Add the shipped words that the tables lack; None when there are none.

    A word that any version touched is the keeper's and stays as the keeper left it. Nothing that
    stands in the tables is changed.
    """
    state = store.state()
    kept = set().union(*(keys_of(one) for one in LexiconVersion.objects.iterator()))
    new = [
        Change(None, word)
        for key, word in words.shipped().items()
        if key not in state and key not in kept
    ]
    while True:  # What the keeper's own words forbid stays out, and what rests on it.
        try:
            checked(state, new)
            break
        except Refused as refused:
            wrong = {problem.key for problem in refused.problems}
            left = [change for change in new if change.after.key not in wrong]
            if len(left) == len(new):
                raise
            new = left
    note = _("随程序附带的新词语 %(number)d 个") % {"number": len(new)}
    return lexicon_change(user=user, changes=new, note=note)


# --- Writing -------------------------------------------------------------------------------------


def _hold() -> None:
    """Let one change happen at a time; the others wait at this row."""
    LexiconStamp.objects.get_or_create(pk=1)
    LexiconStamp.objects.select_for_update().get(pk=1)


def _write(done: list[Change]) -> None:
    _write_pairs([change for change in done if _any(change).kind == words.APART])
    done = [change for change in done if _any(change).kind != words.APART]
    held = {_key(term): term for term in Term.objects.select_related("canonical")}
    wanted = [change.after for change in done if change.after]
    # Topic words first: the synonyms need their keys. What goes, goes last: it would take along
    # synonyms that have just got another topic word.
    _save([word for word in wanted if word.kind != words.SYNONYM], held, {})
    topic_words = dict(Term.objects.filter(kind=words.TOPIC).values_list("term", "pk"))
    _save([word for word in wanted if word.kind == words.SYNONYM], held, topic_words)
    gone = [held[change.before.key].pk for change in done if change.after is None]
    _delete(Term, gone)


def _any(change: Change) -> Word:
    return change.after or change.before


def _key(term: Term) -> Key:
    return Word(term.kind, term.term).key


def _save(wanted: list[Word], held: dict[Key, Term], topic_words: dict[str, int]) -> None:
    new, changed = [], []
    for word in wanted:
        row = held.get(word.key)
        (changed if row else new).append(row or Term())
        row = (changed if row else new)[-1]
        for name in ("term", "kind", "topic", "weight", "meaning", "category", "level"):
            setattr(row, name, getattr(word, name))
        row.canonical_id = topic_words[word.canonical] if word.kind == words.SYNONYM else None
    fields = ["term", "kind", "topic", "weight", "meaning", "category", "level", "canonical"]
    Term.objects.bulk_update(changed, fields, batch_size=BATCH)
    Term.objects.bulk_create(new, batch_size=BATCH)


def _write_pairs(done: list[Change]) -> None:
    if not done:
        return
    held = {pair.as_word().key: pair for pair in Apart.objects.all()}
    new, changed = [], []
    for word in [change.after for change in done if change.after]:
        row = held.get(word.key) or Apart()
        row.term, row.other, row.reason = word.term, word.other, word.reason
        (changed if row.pk else new).append(row)
    Apart.objects.bulk_update(changed, ["term", "other", "reason"], batch_size=BATCH)
    Apart.objects.bulk_create(new, batch_size=BATCH)
    _delete(Apart, [held[change.before.key].pk for change in done if change.after is None])


def _delete(model, keys: list[int]) -> None:
    for start in range(0, len(keys), BATCH):
        model.objects.filter(pk__in=keys[start : start + BATCH]).delete()


def _version_of(done: list[Change], user, note: str, undoes) -> LexiconVersion:
    last = LexiconVersion.objects.order_by("-number").values_list("number", flat=True).first()
    return LexiconVersion.objects.create(
        number=(last or 0) + 1,
        user=user,
        note=(note or _summary(done))[:NOTE_LENGTH],
        changes=[
            {
                "before": change.before.as_json() if change.before else None,
                "after": change.after.as_json() if change.after else None,
            }
            for change in done
        ],
        undoes=undoes,
    )


def _summary(done: list[Change]) -> str:
    said = words.describe(done[0])
    return (
        said
        if len(done) == 1
        else _("%(said)s，等 %(number)d 处")
        % {
            "said": said,
            "number": len(done),
        }
    )


def _reindex(version: LexiconVersion, before: State, after: State) -> None:
    if terms := cut_differently(before, after):
        LexiconReindex.objects.create(version=version, words=terms)


def cut_differently(before: State, after: State) -> list[str]:
    """Return the words that one of the states cuts out of a text and the other does not."""
    cut = [
        {word.term for word in state.values() if word.kind in (words.TOPIC, words.SYNONYM)}
        for state in (before, after)
    ]
    return sorted(term for term in cut[0] ^ cut[1] if len(units(term)) >= CUT_FROM)
