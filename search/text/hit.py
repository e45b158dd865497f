"""What is found in a text for moderation, and how it was written there. No Django here."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a watched word was written; from the plainest to the most disguised."""

    PLAIN = "plain"
    FORM = "form"  # Width, case, traditional characters, invisible marks.
    INSERTED = "inserted"
    SPLIT = "split"
    LOOKALIKE = "lookalike"
    PINYIN = "pinyin"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Hit:
    """``text[start:end]`` says ``term``; ``level`` is "hint", "hold" or "block".

    Only what is written out blocks: of a disguised word a person decides, so it is "hold".
    """

    term: str
    category: str
    level: str
    way: Way
    start: int
    end: int
