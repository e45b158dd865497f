"""What may be answered to a poll of each kind, and the cells of the count that an answer adds to.

Keys of cells: single and multiple "12" (an option's id); ranked "12:1" (option 12 put first);
rating "12:4" (option 12 given four points). A text adds to none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.interactions import suspicions, words

SCORES = (1, 2, 3, 4, 5)
TEXT_LENGTH = 200


@dataclass(frozen=True)
class Answer:
    """A valid answer: `cells` to count, `text` for the moderators, `kept` for a named ballot
    ({"options": [ids in order]}, {"scores": {id: points}} or {"text": …})."""

    cells: tuple[str, ...]
    kept: dict
    text: str = ""


@dataclass(frozen=True)
class Asked:
    """What a browser sent, as it was typed. `option_ids` of a ranked poll are in order, "" where a
    place was left empty; `scores`: option id → points."""

    option_ids: tuple[str, ...] = ()
    scores: Mapping[str, str] | None = None
    text: str = ""

    @classmethod
    def of(
        cls, option_ids: Iterable = (), scores: Mapping | None = None, text: str = ""
    ) -> "Asked":
        given = {str(option): str(points) for option, points in (scores or {}).items()}
        return cls(tuple(str(option) for option in option_ids), given, text)

    @classmethod
    def from_form(cls, poll, sent) -> "Asked":
        """Read from the fields of templates/interactions/poll_fields.html."""
        if poll.choice == poll.Choice.RANKED:
            places = range(1, poll.max_choices + 1)
            return cls(tuple(sent.get(f"rank-{place}", "") for place in places))
        scores = {
            name.removeprefix("score-"): points
            for name, points in sent.items()
            if name.startswith("score-")
        }
        return cls(tuple(sent.getlist("option")), scores, sent.get("text", ""))


def read(poll, there: Mapping[str, int], asked: Asked) -> Answer:
    """The answer that `asked` gives to `poll`, whose options are `there` (id as text → id).

    Raises ValidationError, in words for the voter.
    """
    return _READERS[poll.choice](poll, there, asked)


def _single(poll, there, asked: Asked) -> Answer:
    chosen = _known(dict.fromkeys(asked.option_ids), there)
    _check_number(len(chosen), 1, 1)
    return Answer(tuple(map(str, chosen)), {"options": chosen})


def _multiple(poll, there, asked: Asked) -> Answer:
    chosen = _known(dict.fromkeys(asked.option_ids), there)
    _check_number(len(chosen), poll.min_choices, poll.max_choices)
    return Answer(tuple(map(str, chosen)), {"options": chosen})


def _ranked(poll, there, asked: Asked) -> Answer:
    places = "".join("x" if option else " " for option in asked.option_ids).rstrip()
    if " " in places:
        raise ValidationError(_("请从第一位起依次选择，中间不要空着。"), code="gap")
    filled = [option for option in asked.option_ids if option]
    if len(set(filled)) < len(filled):
        raise ValidationError(_("同一个选项只能排一次，请改一个。"), code="twice")
    chosen = _known(filled, there)
    _check_number(len(chosen), poll.min_choices, poll.max_choices)
    cells = tuple(f"{option}:{place}" for place, option in enumerate(chosen, start=1))
    return Answer(cells, {"options": chosen})


def _rating(poll, there, asked: Asked) -> Answer:
    scores = {option: points for option, points in asked.scores.items() if points}
    _known(scores, there)
    if not set(scores.values()) <= {str(points) for points in SCORES}:
        raise ValidationError(_("请打 1 到 5 分。"), code="score")
    if len(scores) < len(there):
        raise ValidationError(_("请给每一项都打分，再提交。"), code="unrated")
    cells = tuple(f"{option}:{points}" for option, points in scores.items())
    return Answer(cells, {"scores": {option: int(points) for option, points in scores.items()}})


def _text(poll, there, asked: Asked) -> Answer:
    text = words.tidy(asked.text)
    if not text:
        raise ValidationError(_("请写点内容再提交。"), code="none")
    if len(text) > TEXT_LENGTH:
        raise ValidationError(
            _("最多 %(max)d 字，现在是 %(now)d 字，请删减后再提交。"),
            code="long",
            params={"max": TEXT_LENGTH, "now": len(text)},
        )
    suspicions.refuse_gravest(text, suspicions.find(text))
    return Answer((), {"text": text}, text)


def _known(asked: Iterable[str], there: Mapping[str, int]) -> list[int]:
    try:
        return [there[option] for option in asked]
    except KeyError:
        raise ValidationError(_("选项已有变化，请重新选择。"), code="unknown") from None


def _check_number(chosen: int, least: int, most: int) -> None:
    if not chosen:
        raise ValidationError(_("请先选一项再投票。"), code="none")
    if chosen < least:
        raise ValidationError(
            _("至少选 %(least)d 项，您选了 %(chosen)d 项。"),
            code="few",
            params={"least": least, "chosen": chosen},
        )
    if chosen > most:
        raise ValidationError(
            _("最多选 %(most)d 项，您选了 %(chosen)d 项。"),
            code="many",
            params={"most": most, "chosen": chosen},
        )


_READERS = {
    "single": _single,
    "multiple": _multiple,
    "ranked": _ranked,
    "rating": _rating,
    "text": _text,
}
