"""Finding and hiding the numbers that must not be read by all: phone, identity and bank card.

Rule: 个人信息保护法 arts. 6, 28 and 51: what is shown is masked, and as little as possible is
passed on.
"""

import re
from dataclasses import dataclass

from cms.interactions.models import ModerationItem

Hint = ModerationItem.Hint

NAMES = {Hint.MOBILE: "手机号", Hint.IDENTITY: "身份证号", Hint.BANK_CARD: "银行卡号"}

FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ＋－", "0123456789Xx+-")
GAP = r"[ \-\u3000\u00a0]?"
IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
BANK_CARD = re.compile(rf"(?<!\d)\d(?:{GAP}\d){{15,18}}(?!\d)")
MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{GAP})?1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}(?!\d)")


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
    # One character for one, so that places in the plain text are places in the original.
    plain = text.translate(FULL_WIDTH)
    found: dict[Hint, None] = {}
    for hint, pattern in (
        (Hint.IDENTITY, IDENTITY),
        (Hint.BANK_CARD, BANK_CARD),
        (Hint.MOBILE, MOBILE),
    ):
        for match in reversed(list(pattern.finditer(plain))):
            if hint == Hint.BANK_CARD and not is_card_number(match[0]):
                continue
            found[hint] = None
            cover = f"[{NAMES[hint]}已隐去]"
            text = text[: match.start()] + cover + text[match.end() :]
            plain = plain[: match.start()] + cover + plain[match.end() :]
    return Masked(text, tuple(found))


def is_card_number(text: str) -> bool:
    """Luhn's check, which order and tracking numbers of the same length mostly fail."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
