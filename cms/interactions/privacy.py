"""Finding and hiding what must not be read by all: numbers, and in quotations names of people.

Rule: 个人信息保护法 arts. 6, 28 and 51: what is shown is masked, and as little as possible is
passed on. `mask` hides phone, identity and bank card numbers in what somebody publishes, and he is
told. `quotable` hides more, for words that others show: whatever leads to a person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cms.interactions.models import ModerationItem
from cms.interactions.name_words import COMPOUND
from cms.interactions.names import name_spans
from search.text.contacts import find_contacts

Hint = ModerationItem.Hint

NAMES = {Hint.MOBILE: "手机号", Hint.IDENTITY: "身份证号", Hint.BANK_CARD: "银行卡号"}

FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ＋－", "0123456789Xx+-")
GAP = r"[ \-\u3000\u00a0]?"
IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
BANK_CARD = re.compile(rf"(?<!\d)\d(?:{GAP}\d){{15,18}}(?!\d)")
MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{GAP})?1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}(?!\d)")
#: Stands where a number was found already: neither a digit nor a gap between digits.
TAKEN = "□"


@dataclass(frozen=True)
class Masked:
    text: str
    found: tuple[Hint, ...]

    @property
    def names(self) -> str:
        """What was hidden, for the author: 「手机号、银行卡号」; empty when nothing was."""
        return "、".join(NAMES[hint] for hint in self.found)


def mask(text: str) -> Masked:
    """Put 「[手机号已隐去]」 in the place of each such number; full-width digits count as well."""
    spans = list(_numbers(text))
    shown = _replaced(text, sorted((start, end, cover(NAMES[hint])) for start, end, hint in spans))
    return Masked(shown, tuple(dict.fromkeys(hint for _start, _end, hint in spans)))


def cover(name: str) -> str:
    return f"[{name}已隐去]"


def _numbers(text: str) -> Iterator[tuple[int, int, Hint]]:
    """Phone, identity and bank card numbers: (start, end, kind), by kind, none overlapping."""
    # One character for one, so that places in the plain text are places in the original.
    plain = text.translate(FULL_WIDTH)
    for hint, pattern in (
        (Hint.IDENTITY, IDENTITY),
        (Hint.BANK_CARD, BANK_CARD),
        (Hint.MOBILE, MOBILE),
    ):
        for match in list(pattern.finditer(plain)):
            if hint == Hint.BANK_CARD and not is_card_number(match[0]):
                continue
            start, end = match.span()
            plain = plain[:start] + TAKEN * (end - start) + plain[end:]
            yield start, end, hint


def _replaced(text: str, covers: Sequence[tuple[int, int, str]]) -> str:
    """`text` with `shown` for each (start, end, shown); from left to right, none overlapping."""
    parts: list[str] = []
    at = 0
    for start, end, shown in covers:
        parts += (text[at:start], shown)
        at = end
    return "".join((*parts, text[at:]))


def is_card_number(text: str) -> bool:
    """Luhn's check, which order and tracking numbers of the same length mostly fail."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


# --- Quotations ----------------------------------------------------------------------------------

#: Further things that lead to a person: what is hidden is group 1, or the whole match.
_LABEL = r"[号码是为:： ]{0,4}"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
TRACES = (
    (
        "邮箱",
        re.compile(
            r"(?<![\w.%+-])[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+",
            re.ASCII | re.IGNORECASE,
        ),
    ),
    ("电话", re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[- ]?\d{7,8}(?:[-转]\d{1,6})?(?!\d)")),
    (
        "电话",
        re.compile(
            r"(?:电话|座机|固话|致电|拨打|联系)[^\d\n]{0,6}([2-9]\d{2,3}[- ]?\d{4})(?![\d元块月年])"
        ),
    ),
    (
        "证件号",
        re.compile(rf"(?:身份证|护照|驾驶证|社保卡|会员卡|工号){_LABEL}([A-Za-z]?\d{{5,18}})"),
    ),
    ("银行卡号", re.compile(rf"(?:[卡账帐]|[账帐]户){_LABEL}(\d(?:{GAP}\d){{9,21}})(?!\d)")),
    (
        "车牌号",
        re.compile(
            rf"{_PROVINCE}[A-Z][·•・\- ]?(?=[A-Z]{{0,3}}\d)[A-Z0-9]{{4,5}}[A-Z0-9挂学警港澳]"
            "(?![A-Z0-9])",
            re.IGNORECASE,
        ),
    ),
    (
        "微信号",
        re.compile(rf"(?:微信|vx|wx){_LABEL}([a-z][\w-]{{5,19}})", re.ASCII | re.IGNORECASE),
    ),
)
#: Advertisers' addresses lead to a shop, not to a person.
NOT_PERSONAL = frozenset(["网址"])
#: In the place of a name, and of a surname that stands alone: 某某欠薪, 某经理.
SOMEBODY, SOMEONES = "某某", "某"


def quotable(text: str) -> str:
    """`text` as others may be shown it: no numbers, plain or disguised, and nobody's name."""
    return _replaced(text, hidden(text))


def quotable_pieces(text: str, marks: Sequence[Sequence[int]]) -> list[tuple[str, bool]]:
    """`quotable(text)` cut at `marks`, [start, end) places in `text`: [(piece, is_marked)].

    What is hidden stays whole; it is marked if all of it was.
    """
    marked = bytearray(len(text))
    for start, end in marks:
        marked[start:end] = b"\1" * len(marked[start:end])
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end, shown in (*hidden(text), (len(text), len(text), "")):
        pieces += _runs(text, marked, at, start)
        pieces.append((shown, all(marked[start:end])))
        at = end
    return _merged(pieces)


def hidden(text: str) -> list[tuple[int, int, str]]:
    """What a quotation hides: (start, end, what is shown instead), from left to right; where two
    overlap, both as the first."""
    found = [(start, end, cover(NAMES[hint])) for start, end, hint in _numbers(text)]
    found += _traces(text)
    found += [
        (hit.start, hit.end, cover(hit.term))
        for hit in find_contacts(text)
        if hit.term not in NOT_PERSONAL
    ]
    found += [(start, end, _somebody(text[start:end])) for start, end in name_spans(text)]
    joined: list[tuple[int, int, str]] = []
    for start, end, shown in sorted(found, key=lambda one: (one[0], -one[1])):
        if joined and start < joined[-1][1]:
            before = joined[-1]
            joined[-1] = (before[0], max(end, before[1]), before[2])
        else:
            joined.append((start, end, shown))
    return joined


def _traces(text: str) -> Iterator[tuple[int, int, str]]:
    plain = text.translate(FULL_WIDTH)
    for name, pattern in TRACES:
        for match in pattern.finditer(plain):
            yield *match.span(match.lastindex or 0), cover(name)


def _somebody(name: str) -> str:
    return SOMEONES if len(name) == 1 or name in COMPOUND else SOMEBODY


def _runs(text: str, marked: bytearray, start: int, end: int) -> Iterator[tuple[str, bool]]:
    """text[start:end] cut where being marked changes."""
    for is_marked, run in groupby(range(start, end), key=marked.__getitem__):
        places = list(run)
        yield text[places[0] : places[-1] + 1], bool(is_marked)


def _merged(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbours of one kind as one piece; none empty."""
    filled = (piece for piece in pieces if piece[0])
    return [
        ("".join(text for text, _ in run), is_marked)
        for is_marked, run in groupby(filled, key=lambda piece: piece[1])
    ]
