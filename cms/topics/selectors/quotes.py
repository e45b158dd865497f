"""What may be quoted, and how: numbers hidden, near-copies once, questions first."""

import re
from collections.abc import Iterable

from django.db.models import Case, IntegerField, QuerySet, When

from cms.interactions.privacy import quotable
from cms.topics.asking import asking, asks
from cms.topics.models.topics import Topic
from cms.topics.models.voices import Voice
from cms.topics.reading import SAYS_SOMETHING
from cms.topics.selectors.scope import OWN_WORDS
from search.text.normalise import normalise
from search.text.similar import pieces, resemblance

#: Two questions that share so much say the same.
SAME = 0.5
#: Looked at for a brief; many fall out as repetitions.
READ = 200
QUESTION_LENGTH = 90
#: A sentence with its question mark, if it has one.
SENTENCE = re.compile(r"[^。！!？?；;\n\r]+[？?]*")


def asking_first(field: str = "sentence") -> Case:
    """0 for what asks, 1 for what does not: an order."""
    return Case(When(asking(field), then=0), default=1, output_field=IntegerField())


def questions(*, topic: Topic, voices: QuerySet[Voice], most: int) -> list[dict]:
    """Up to `most` different public utterances on a topic, those that ask first, then the latest:
    [{"voice", "text", "source", "day"}], JSON-able. One query.

    What was written to an account in private, and what was told the hotline, is counted elsewhere
    and never quoted to an editor: a quotation could end up in a story.
    """
    rows = (
        voices.filter(links__topic=topic, source__in=OWN_WORDS, is_public=True, copy_of="")
        .annotate(asks=asking_first("text"))
        .order_by("asks", "-said_at", "-pk")
        .values("pk", "text", "source", "day", "links__sentence")[:READ]
    )
    chosen: list[dict] = []
    for row in rows:
        text = quotable(question_in(row["text"], row["links__sentence"]))
        if len(text) >= SAYS_SOMETHING and not is_told(text, (one["text"] for one in chosen)):
            chosen.append(
                {
                    "voice": row["pk"],
                    "text": text,
                    "source": row["source"],
                    "day": row["day"].isoformat(),
                }
            )
        if len(chosen) == most:
            break
    return chosen


def question_in(text: str, sentence: str) -> str:
    """The sentence of `text` that asks; `sentence`, where it speaks of the topic, if it does or if
    none does. Cut to QUESTION_LENGTH."""
    candidates = [sentence, *(hit[0].strip() for hit in SENTENCE.finditer(text))]
    found = next(
        (one for one in candidates if len(one) >= SAYS_SOMETHING and asks(one)), sentence or text
    )
    found = " ".join(found.split())
    return found if len(found) <= QUESTION_LENGTH else f"{found[: QUESTION_LENGTH - 1]}…"


def is_told(text: str, others: Iterable[str]) -> bool:
    """Whether one of `others` says the same in nearly the same words."""
    mine, plain = pieces(text), letters(text)
    return any(letters(one) == plain or resemblance(pieces(one), mine) >= SAME for one in others)


def letters(text: str) -> str:
    return "".join(sign for sign in normalise(text) if sign.isalnum())
