"""The words a search can find: of the lexicon and of the site's own texts, with their sounds.

They stand in a table and not in memory: a question reads the few that sound like it, in one query.
"""

from collections import Counter
from itertools import takewhile

from django.core.cache import cache
from django.db.models import Q, QuerySet

from search import lexicon
from search.models import Vocabulary
from search.registry import source
from search.text import segment
from search.text.normalise import QUERY_LIMIT, normalise
from search.text.sound import is_han, letters, rough, spelling
from search.text.spell import Word, keys_of

#: Words of one beginning that are looked at before the best are chosen.
LOOKED_AT = 60
#: Letters from which on something is proposed.
FEWEST = 2
#: Behind every word that begins with the same letters, whatever the database's collation.
LAST_LETTERS = "z" * 12

#: Words kept; of a larger site the commonest. The lexicon's are always kept.
MOST = 60_000
LONGEST_WORD = 12
#: Characters of one text that are read.
READ = 10_000
#: Which state of texts and lexicon the table shows: nothing is counted twice.
STATE = "search:vocabulary"
#: Rows written in one statement.
AT_ONCE = 500


def words_by_sound(sounds: set[str], initials: set[str]) -> list[Word]:
    """Return the vocabulary's words with one of these rough sounds or initials; one query."""
    wanted = Q(rough__in=sounds)
    if initials:
        wanted |= Q(initials__in=initials)
    return _words(Vocabulary.objects.filter(wanted))


def completions(typed: str, limit: int = 3) -> list[str]:
    """Return words that are in stories and begin as ``typed``: characters, pinyin or initials.

    The commonest first, those of exactly this sound before near ones; at most one query.
    """
    typed = letters(normalise(typed, QUERY_LIMIT))
    keys = keys_of(typed)
    spelt = not any(map(is_han, typed))
    if not keys or (spelt and len(keys[0]) < FEWEST):
        return []
    wanted = Q()
    for key in keys:
        wanted |= Q(rough__range=(rough(key), rough(key) + LAST_LETTERS))
    if spelt:
        wanted |= Q(initials__range=(keys[0], keys[0] + LAST_LETTERS))
    else:
        wanted &= Q(word__startswith="".join(takewhile(is_han, typed)))
    found = Vocabulary.objects.filter(wanted, documents__gt=0).order_by("-documents", "word")
    ranked = sorted(
        (word for word in _words(found[:LOOKED_AT]) if word.text != typed),
        key=lambda word: (not word.sound.startswith(tuple(keys)), -word.documents, word.text),
    )
    return [word.text for word in ranked[:limit]]


def _words(found: QuerySet[Vocabulary]) -> list[Word]:
    return [Word(*row) for row in found.values_list("word", "documents", "sound", "initials")]


# --- Keeping them -------------------------------------------------------------------------------


def vocabulary_refresh(*, force: bool = False) -> int:
    """Bring the table of words in line with lexicon and texts; returns how many rows changed.

    Nothing is read while neither has changed since the last time.
    """
    state = f"{source().version()}/{lexicon.current().version}"
    if not force and cache.get(STATE) == state:
        return 0
    changed = _write(_count())
    cache.set(STATE, state, timeout=None)
    return changed


def _count() -> dict[str, int]:
    """Return in how many texts each word stands; words of the lexicon and small words from 0."""
    counts: Counter[str] = Counter()
    for text in source().texts():
        found = set(segment.words(normalise(text, READ)))
        counts.update(word for word in found if _may_be_searched(word))
    words = lexicon.current()
    always = {normalise(term) for term in words.entries} | words.stop_words
    kept = {word: counts[word] for word in always if _may_be_searched(word)}
    # Small words are there to be read in pinyin; nobody wants them proposed.
    kept |= dict.fromkeys(kept.keys() & words.stop_words, 0)
    return dict(counts.most_common(MOST)) | kept


def _may_be_searched(word: str) -> bool:
    """Whether a word has a sound: two Chinese characters or more, or Latin letters."""
    spoken = all(map(is_han, word)) or (word.isascii() and word.isalpha())
    return spoken and 2 <= len(word) <= LONGEST_WORD


def _write(counts: dict[str, int]) -> int:
    held = dict(Vocabulary.objects.values_list("word", "documents"))
    changed = [word for word, documents in counts.items() if held.get(word) != documents]
    gone = list(held.keys() - counts.keys())
    Vocabulary.objects.bulk_create(
        [_row(word, counts[word]) for word in changed],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["documents"],
    )
    for start in range(0, len(gone), AT_ONCE):
        Vocabulary.objects.filter(word__in=gone[start : start + AT_ONCE]).delete()
    return len(changed) + len(gone)


def _row(word: str, documents: int) -> Vocabulary:
    syllables = spelling(word)
    sound = "".join(syllables)
    return Vocabulary(
        word=word,
        documents=documents,
        sound=sound,
        rough=rough(sound),
        initials="".join(syllable[0] for syllable in syllables),
    )
