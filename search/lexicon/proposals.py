"""New words: what the machine proposes, and what people make of it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from search.lexicon import words
from search.lexicon.services import lexicon_change
from search.lexicon.words import Change
from search.models import NewWord
from search.registry import recent_texts
from search.text import newwords

#: How far back texts are read.
DAYS = 30
#: Proposals that wait at a time; nobody reads more.
MOST_WAITING = 100
State = NewWord.State


def new_words_find(*, days: int = DAYS) -> int:
    """Read the texts of the last ``days`` days and renew what is proposed; return how many wait.

    What people decided stays decided: it is neither changed nor proposed again. A proposal that
    the texts no longer bear out goes.
    """
    decided = set(NewWord.objects.exclude(state=State.NEW).values_list("word", flat=True))
    found = newwords.find(
        recent_texts(timezone.now() - timedelta(days=days)),
        limit=MOST_WAITING,
        known=lambda word: word in decided or newwords.is_known(word),
    )
    rows = [
        NewWord(
            word=one.word,
            count=one.count,
            texts=one.texts,
            cohesion=one.cohesion,
            freedom=one.freedom,
            score=one.score,
            examples=list(one.examples),
        )
        for one in found
    ]
    with transaction.atomic():
        waiting = NewWord.objects.filter(state=State.NEW)
        waiting.exclude(word__in=[row.word for row in rows]).delete()
        NewWord.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["word"],
            update_fields=["count", "texts", "cohesion", "freedom", "score", "examples"],
        )
    return len(rows)


def new_word_accept(*, user, new_word: NewWord, topic: str = "", canonical: str = "") -> None:
    """Take a proposal into the lexicon: as a word of ``topic``, or as a synonym of ``canonical``.

    Raises ValidationError when it was decided meanwhile, when both or neither are given, or when a
    rule forbids it; the proposal then waits on.
    """
    if bool(topic.strip()) == bool(canonical.strip()):
        raise ValidationError(_("请填写主题，或填写它是哪个主题词的同义词，二者选一。"))
    kind = words.TOPIC if topic.strip() else words.SYNONYM
    word = words.tidy(kind=kind, term=new_word.word, topic=topic, canonical=canonical)
    with transaction.atomic():
        _decide(new_word, State.ACCEPTED, user)
        said = words.describe(Change(None, word))
        lexicon_change(
            user=user,
            changes=[Change(None, word)],
            note=_("接受新词提议：%(said)s") % {"said": said},
        )


def new_word_refuse(*, user, new_word: NewWord) -> None:
    """Never propose this word again. Raises ValidationError when it was decided meanwhile."""
    with transaction.atomic():
        _decide(new_word, State.REFUSED, user)


def _decide(new_word: NewWord, state: str, user) -> None:
    waiting = NewWord.objects.filter(pk=new_word.pk, state=State.NEW)
    if not waiting.update(state=state, decided_at=timezone.now(), decided_by=user):
        message = _("“%(word)s”已经处理过了，请刷新页面。") % {"word": new_word.word}
        raise ValidationError(message)
