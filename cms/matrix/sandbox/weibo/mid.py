"""The short form of a post's id in its web address (contract §16)."""

import string

DIGITS = string.digits + string.ascii_lowercase + string.ascii_uppercase
DECIMALS, CHARACTERS = 7, 4  # every 7 decimal digits from the right become 4 characters


def encode(mid: int) -> str:
    text = str(mid)
    head = len(text) % DECIMALS or DECIMALS
    groups = [text[:head], *(text[i : i + DECIMALS] for i in range(head, len(text), DECIMALS))]
    first, *rest = (_to_base62(int(group)) for group in groups)
    return first + "".join(group.rjust(CHARACTERS, "0") for group in rest)


def decode(code: str) -> int:
    """ValueError when the code is not base 62."""
    head = len(code) % CHARACTERS or CHARACTERS
    groups = [code[:head], *(code[i : i + CHARACTERS] for i in range(head, len(code), CHARACTERS))]
    first, *rest = (_from_base62(group) for group in groups)
    return int(str(first) + "".join(str(number).rjust(DECIMALS, "0") for number in rest))


def _to_base62(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text or "0"


def _from_base62(text: str) -> int:
    number = 0
    for char in text:
        number = number * len(DIGITS) + DIGITS.index(char)
    return number
