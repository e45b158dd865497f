"""Two things a text may want, told by plain tables of words: an answer, and to be told of it.

`asks` counts questions for the gaps of the newsroom. `asks_back` finds those who agreed to be
told: nobody hears from the union who did not ask for it (个人信息保护法 art. 13).
"""

import re
from functools import reduce
from operator import or_

from django.db.models import Q

from search.text.normalise import normalise

#: What stands in a question. Looked for in the database and here alike, so both always agree.
QUESTION_WORDS = (
    "?", "？", "怎么", "咋办", "怎样", "如何", "能不能", "可不可以", "行不行", "吗", "什么时候",
    "啥时候", "几时", "多少", "多久", "哪里", "哪儿", "哪个", "找谁", "谁来", "谁管", "有没有",
    "是不是", "算不算", "该不该", "为什么", "为啥", "凭什么", "请问",
)  # fmt: skip

#: A wish to hear of the answer, in so many words.
PHRASES = (
    "求回复", "求答复", "求告知", "求回应", "盼复", "盼回复", "盼答复", "盼告知", "望回复",
    "望答复", "望回应", "望复", "望告知", "望通知", "请回复", "请答复", "请告知", "请回电",
    "请通知我", "请联系我", "能回复", "能答复", "给个回复", "给个答复", "给我回复", "给我答复",
    "等回复", "等答复", "等您回复", "等你们回复", "急等", "坐等答复", "回复我", "答复我",
    "告诉我", "告知我", "通知我", "联系我", "跟我说一声", "给我回个话", "回个话", "回个电话",
)  # fmt: skip
#: Right before such a phrase they turn it round: 不求回复, 别联系我, 没人能回复.
REFUSALS = (
    "不", "别", "勿", "没", "未", "不用", "不必", "无需", "不要", "没人", "没有人", "无人", "不会",
    "谁能", "失", "绝", "没指", "不指",
)  # fmt: skip
_PHRASE = re.compile("|".join(sorted(PHRASES, key=len, reverse=True)))
#: In every text that asks back stands one of these: what the database looks for first.
_HINTS = (
    "复", "復", "覆", "回应", "回應", "告知", "告诉我", "告訴我", "通知", "联系我", "聯繫我",
    "聯係我",
    "回电", "回電", "说一声", "說一聲", "回个", "回個", "急等",
)  # fmt: skip


def asks(text: str) -> bool:
    """Whether the text has a question in it."""
    return any(word in text for word in QUESTION_WORDS)


def asks_back(text: str) -> bool:
    """Whether whoever wrote this asked to be told of an answer."""
    plain = normalise(text)
    return any(not plain[: hit.start()].endswith(REFUSALS) for hit in _PHRASE.finditer(plain))


def asking(field: str = "text") -> Q:
    """`asks` as a condition on a field of the database."""
    return _any_of(QUESTION_WORDS, field)


def may_ask_back(field: str = "text") -> Q:
    """True of every text that `asks_back` is true of, and of some more: a first sieve."""
    return _any_of(_HINTS, field)


def _any_of(words: tuple[str, ...], field: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__contains": word}) for word in words))
