"""Ways to be reached that are written so that no filter sees them. No Django here.

A phone number written plainly is no matter of this room (``privacy`` masks it); one in 一三八 or
①③⑧ is written for those who look for customers. So are WeChat and QQ names and taken-apart
addresses, which no list of words can hold.
"""

import re
from collections.abc import Sequence

from search.text.disguise import undisguised
from search.text.hit import Hit, Way
from search.text.normalise import fold

CATEGORY = "引流"
LEVEL = "hold"

# One digit, however written; letters only count between real ones (oo for 00).
_DIGITS = "0-9〇零洞一壹幺二贰三叁四肆五伍六陆七柒八捌九玖❶-❾➀-➈➊-➒"
_DIGIT = rf"(?:[{_DIGITS}]|o(?![a-np-z]))"
_GAP = r"[^\w\n，。；、！？]{0,3}"
#: A mobile number: 11 digits of which the first two say so.
MOBILE = re.compile(
    rf"(?<![{_DIGITS}])[1一壹幺❶➀➊]{_GAP}[3-9三叁四肆五伍六陆七柒八捌九玖❸-❾➂-➈➌-➒](?:{_GAP}{_DIGIT}){{9}}"
    rf"(?![{_DIGITS}])"
)
_SAYS = r"(?:号码?|群|同号|联系|[:：;；=是 ]){0,3}"
QQ = re.compile(
    rf"(?<![a-z])(?:qq|扣扣|叩叩|口口|抠抠|球球|秋秋|企鹅|企额|加q|加扣|[q扣](?=[号群:])){_SAYS}"
    rf"[{_DIGITS}](?:{_GAP}{_DIGIT}){{4,11}}(?![{_DIGITS}])"
)
WECHAT = re.compile(
    r"(?<![a-z])(?:v信|v❤|(?:vx|wx|weixin)(?![a-z])|微信|威信|薇信|徽信|薇❤|微❤|薇芯|[微薇威]x|[v微薇徽威](?=号|[:：]))"
    rf"{_SAYS}(?=[a-z0-9_-]{{0,18}}[0-9_])[a-z][a-z0-9_-]{{5,19}}(?![a-z0-9])"
)
_DOT = r"\s?(?:[.。．·•点]|dot)\s?"
#: An address taken apart: www点…, letters set apart by blanks, 点com, 。com.
ADDRESS = re.compile(
    rf"(?<![a-z0-9])(?:w\s?w\s?w{_DOT}(?:[a-z0-9\u4e00-\u9fff]\s?){{2,24}}|(?:[a-z0-9-]\s?){{2,24}}"
    rf"|[\u4e00-\u9fff]{{2,8}}(?=点)){_DOT}(?:c\s?[o0]\s?m|c\s?n|n\s?e\s?t|top|xyz|vip|cc|shop|club)"
    r"(?![a-z0-9])"
)
PLAIN_ADDRESS = re.compile(r"[\x21-\x7e]*|.*[\x20\n][\x21-\x7e]{4,}", re.DOTALL)
#: A number whose digits are plain counts as taken apart from this many gaps on.
MANY_GAPS = 6


def find_contacts(text: str) -> list[Hit]:
    """Return disguised mobile numbers and addresses, and names at WeChat and QQ."""
    return contacts_in(text, *fold(undisguised(text)))


def contacts_in(text: str, folded: str, places: Sequence[int]) -> list[Hit]:
    """``find_contacts`` of a text whose undisguised form is ``folded`` already."""
    found: list[Hit] = []
    for name, pattern, is_plain in (
        ("手机号", MOBILE, _is_plain_number),
        ("QQ号", QQ, None),
        ("微信号", WECHAT, None),
        ("网址", ADDRESS, PLAIN_ADDRESS.fullmatch),
    ):
        for match in pattern.finditer(folded):
            start, end = places[match.start()], places[match.end() - 1] + 1
            written = text[start:end]
            if is_plain and is_plain(written):
                continue
            way = Way.PLAIN if written.isascii() else Way.LOOKALIKE
            found.append(Hit(name, CATEGORY, LEVEL, way, start, end))
    return found


def _is_plain_number(written: str) -> bool:
    digits = re.sub(r"[^\w]", "", written)
    gaps = re.findall(r"[^\w]+", written)
    return re.fullmatch(r"[0-9０-９]*", digits) is not None and len(gaps) < MANY_GAPS
