"""Bytes to text for Chinese feeds, whose declared encodings are often wrong.

Order (domain.md §8: BOM → strict UTF-8 → gb18030 → declared), with these refinements:

* UTF-8 with a few broken bytes (a summary cut in the middle of a character) stays UTF-8; read as
  gb18030 it would become mojibake throughout.
* gb18030 accepts nearly any bytes. Where another encoding is declared by name (Big5, Shift_JIS,
  ISO-8859-1 …) gb18030 wins only if the result reads like Chinese, i.e. consists mostly of
  everyday characters. Thus GBK pages of servers that claim ISO-8859-1 for everything are read
  right, and so are honest Big5 and French feeds. Declared UTF-8 that is not UTF-8 is no evidence.
* gb18030 with illegal bytes keeps its legible part.
"""

import codecs
import re

# Longest first: the UTF-32 mark begins with the UTF-16 one. Without a mark, "<" tells UTF-16 apart.
SIGNATURES = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# At most this share of the non-ASCII characters may be damaged for an encoding to be plausible.
TOLERABLE_DAMAGE = 0.2
EVERYDAY_SHARE = 0.6
# Codecs that Python knows and that are no text encodings of web pages.
NOT_FOR_TEXT = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}

XML_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}\?>", re.IGNORECASE)
DECLARED = re.compile(
    rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.I
)
# NUL breaks PostgreSQL, the others break XML; C1 codes, lone surrogates and U+FFFE/F are no text.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
NON_ASCII = re.compile(r"[^\x00-\x7f]+")


def decode(body: bytes, http_charset: str = "") -> tuple[str, str]:
    """Return (text, how): text without control characters and with an XML declaration of UTF-8.

    `how` names the encoding; "… (replaced)" means that some characters were lost. Never raises.
    """
    text, how = _decode(body, http_charset)
    return _declare_utf8(strip_controls(text)), how


def strip_controls(text: str) -> str:
    """`text` without characters that neither XML nor PostgreSQL stores."""
    return CONTROLS.sub("", text)


def _decode(body: bytes, http_charset: str) -> tuple[str, str]:
    for mark, encoding in SIGNATURES:
        if body.startswith(mark):
            text = body.decode(encoding, "replace").removeprefix("\ufeff")
            return text, _how(encoding, text)
    utf8 = body.decode("utf-8", "replace")
    if _damage(utf8) <= TOLERABLE_DAMAGE:
        return utf8, _how("utf-8", utf8)
    gb18030 = body.decode("gb18030", "replace")
    foreign = _foreign_encoding(body, http_charset)
    if _reads_like_chinese(gb18030) or (not foreign and "\ufffd" not in gb18030):
        return gb18030, _how("gb18030", gb18030)
    if foreign:
        text = body.decode(foreign, "replace")
        return text, _how(foreign, text)
    if _damage(gb18030) <= TOLERABLE_DAMAGE:
        return gb18030, _how("gb18030", gb18030)
    return utf8, _how("utf-8", utf8)


def _how(encoding: str, text: str) -> str:
    return f"{encoding} (replaced)" if "\ufffd" in text else encoding


def _damage(text: str) -> float:
    """Share of the non-ASCII characters that could not be decoded, 0 to 1."""
    lost = text.count("\ufffd")
    return lost / sum(map(len, NON_ASCII.findall(text))) if lost else 0.0


def _foreign_encoding(body: bytes, http_charset: str) -> str:
    """The declared codec if Python knows it and it is neither UTF-8 nor of the GB family."""
    in_xml = DECLARED.search(body[:1000])
    for name in (http_charset, in_xml.group(1).decode("ascii") if in_xml else ""):
        codec = _text_codec(name)
        if codec and not codec.startswith(("utf", "gb", "hz", "ascii")):
            # Browsers read ISO-8859-1 as windows-1252, and so do authors.
            return "cp1252" if codec == "iso8859-1" else codec
    return ""


def _text_codec(name: str) -> str:
    try:
        codec = codecs.lookup(name).name
        b"".decode(codec)  # refuses codecs such as base64 that do not yield text
    except (LookupError, ValueError):
        return ""
    return "" if codec.replace("-", "_") in NOT_FOR_TEXT else codec


def _reads_like_chinese(text: str) -> bool:
    """True when most non-ASCII characters are level-1 GB2312 (the 3,755 everyday ones) or marks."""
    characters = "".join(NON_ASCII.findall(text))
    everyday = sum(map(_is_everyday, characters))
    return bool(characters) and everyday / len(characters) >= EVERYDAY_SHARE


def _is_everyday(character: str) -> bool:
    lead = character.encode("gb2312", "ignore")[:1]
    return b"\xb0" <= lead <= b"\xd7" or lead in (b"\xa1", b"\xa3")


def _declare_utf8(text: str) -> str:
    """Drop what precedes the XML declaration and make it say UTF-8, as the text now is."""
    text = text.lstrip("\ufeff \t\r\n")
    if text[:5].lower() != "<?xml":
        return text
    return XML_DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', text, count=1)
