"""What the machine suspects in a worker's words. It refuses the gravest; of the rest people decide.

The words come from the lexicon (search.text.watch); they are looked for once, when a text is
handed in, so that the desk only reads.
"""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from cms.interactions.models import ModerationItem
from search.text.hit import Way
from search.text.watch import find_watched

Hint = ModerationItem.Hint

#: Noticed without the lexicon, and reason enough to look closely.
GRAVE_HINTS = {Hint.REPEAT, Hint.FLOOD, Hint.IDENTITY, Hint.BANK_CARD, Hint.LINK}
#: Marks kept of one text: a moderator has seen enough by then.
MOST = 20
#: Characters of a marked passage that the reason line repeats.
SHOWN = 12
WAYS = {
    Way.PLAIN: "",
    Way.FORM: _("换字形"),
    Way.INSERTED: _("夹符号"),
    Way.SPLIT: _("拆字"),
    Way.LOOKALIKE: _("形近字"),
    Way.PINYIN: _("拼音"),
    Way.SOUND: _("谐音"),
}


@dataclass(frozen=True)
class Suspicion:
    """One marked place of a text; ``reason`` says why: 「疑似引流：加薇信（谐音）」."""

    start: int
    end: int
    level: str
    label: str
    reason: str


def find(text: str) -> list[dict]:
    """Return what is suspected in ``text``, in the shape an item keeps (``ModerationItem.marks``):
    the fields of ``search.text.hit.Hit``, places counted in characters of ``text``."""
    return [asdict(hit) for hit in find_watched(text)[:MOST]]


def level(marks: list[dict], hints) -> ModerationItem.Level:
    """How grave it is taken together, for the order of the desk."""
    if any(mark["level"] != "hint" for mark in marks) or GRAVE_HINTS & set(hints):
        return ModerationItem.Level.HOLD
    return ModerationItem.Level.HINT if marks or hints else ModerationItem.Level.CLEAR


def refuse_gravest(text: str, marks: list[dict]) -> None:
    """Raise ValidationError, in words for the author, for what may never be said (level block).

    `marks`: what `find` found in `text`.
    """
    for mark in marks:
        if mark["level"] == "block":
            raise ValidationError(
                _(
                    "这段话里的“%(words)s”不能发布，请改一改再发表，您写的内容还在。"
                    "如果是要举报，请拨打 110 或 12351。"
                ),
                code="watched",
                params={"words": text[mark["start"] : mark["end"]]},
            )


def read(text: str, marks: list[dict]) -> list[Suspicion]:
    """Return the kept marks in words for moderators."""
    return [_suspicion(text, mark) for mark in marks]


def _suspicion(text: str, mark: dict) -> Suspicion:
    start, end = mark["start"], mark["end"]
    passage = text[start:end]
    if len(passage) > SHOWN:
        passage = f"{passage[:SHOWN]}…"
    sure = _("可能是%(category)s") if mark["level"] == "hint" else _("疑似%(category)s")
    label = sure % {"category": mark["category"]}
    way = WAYS[Way(mark["way"])]
    return Suspicion(
        start, end, mark["level"], label, f"{label}：{passage}" + (f"（{way}）" if way else "")
    )


def marked(text: str, suspicions: list[Suspicion]) -> SafeString:
    """Return ``text`` as safe HTML with each suspicion in a ``<mark>`` that says its reason."""
    parts, at = [], 0
    for suspicion in suspicions:
        parts += [
            escape(text[at : suspicion.start]),
            f'<mark class="queue-{escape(suspicion.level)}" title="{escape(suspicion.reason)}">',
            escape(text[suspicion.start : suspicion.end]),
            "</mark>",
        ]
        at = suspicion.end
    return mark_safe("".join((*parts, escape(text[at:]))))
