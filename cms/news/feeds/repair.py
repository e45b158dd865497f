"""Text-level checks and repairs before a feed is parsed."""

import html.entities
import re
from collections.abc import Iterator

from .errors import FeedError

# feedparser takes seconds over floods of stray tags.
MAX_TAGS = 200_000
XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
CDATA_START, CDATA_END = "<![CDATA[", "]]>"
AMPERSAND = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));|&")


def refuse_entities(text: str) -> None:
    """Raise FeedError dangerous_xml for a DTD that defines entities (billion laughs, file://).

    Deliberately coarse, so that no comment or quoting trick gets round it.
    """
    lowered = text.lower()
    doctype = lowered.find("<!doctype")
    if doctype >= 0 and lowered.find("<!entity", doctype) >= 0:
        raise FeedError(
            "dangerous_xml",
            "订阅内容里含有危险的 XML 实体定义，已拒绝读取。请联系对方网站，或换一个订阅地址。",
        )


def refuse_floods(text: str) -> None:
    """Raise FeedError too_big for more tags than news ever have; CDATA does not count."""
    if sum(markup.count("<") for markup, _cdata in _sections(text)) > MAX_TAGS:
        raise FeedError("too_big", "订阅内容里的标签过多，无法读取。请换一个条目较少的订阅地址。")


def repair_ampersands(text: str) -> str:
    """Escape bare "&" and turn HTML entities into characters' numbers, outside CDATA sections.

    feedparser makes "A&B;" of "A&B". References to forbidden characters (&#0;) are dropped.
    """
    return "".join(AMPERSAND.sub(_reference, markup) + cdata for markup, cdata in _sections(text))


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of (markup, the CDATA section after it); a last section may lack its end."""
    position = 0
    while position < len(text):
        start = text.find(CDATA_START, position)
        start = len(text) if start < 0 else start
        end = text.find(CDATA_END, start)
        end = len(text) if end < 0 else end
        yield text[position:start], text[start:end]
        position = end


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name in XML_ENTITIES:
        return match.group()
    if name:
        characters = html.entities.html5.get(f"{name};")
        if characters is None:
            return f"&amp;{name};"
        return "".join(f"&#{ord(character)};" for character in characters)
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return f"&#{number};" if _is_xml_character(number) else ""
    return "&amp;"


def _is_xml_character(number: int) -> bool:
    """XML 1.0, production Char."""
    return (
        number in (9, 10, 13)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )
