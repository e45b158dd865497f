"""What speaks for a name and against one: words around it, with their weight. No Django here.

Weights are logarithms of odds, set by hand on sentences of our own (tests/interactions/data).
Patterns match folded text (`search.text.normalise.fold`).
"""

import re

from cms.interactions import name_words as words

#: Log-odds that a surname's character begins a name when nothing speaks for it.
PRIOR = -6.0
#: What each kind of evidence adds: before the name,
LABELLED, INTRODUCED, RELATED, BROUGHT_IN, CLAUSE = 9.0, 6.5, 4.5, 2.0, 1.0
#: after it, around it, in it.
ENDS, DOES, TITLED, LISTED, MARKED = 1.0, 2.0, 4.5, 4.0, 2.0
#: 郑州富, 高温严: a word with the next character.
LIKE_A_WORD = -4.0
#: 李家村, 张家湾: a place rather than somebody.
LIKE_A_PLACE = -5.0
#: 阿 before a given name.
NICKNAMED = 4.5
#: A surname that stands before a title, or after 老 and 小.
ADDRESSED, FAMILIAR = 8.0, 5.0


def _any(*rows) -> str:
    return "|".join(
        sorted({re.escape(word) for row in rows for word in row}, key=len, reverse=True)
    )


_HAN = "\u4e00-\u9fff"
SURNAME = re.compile(rf"{_any(words.COMPOUND)}|[{''.join(words.SHARES)}]")
BEFORE = (
    (
        LABELLED,
        re.compile(rf"(?:{_any(words.INTRODUCTIONS, words.RELATIONS)})(?:是|叫|为)?[ :]{{1,2}}$"),
    ),
    (INTRODUCED, re.compile(rf"(?:{_any(words.INTRODUCTIONS)})$")),
    (RELATED, re.compile(rf"(?:{_any(words.RELATIONS)})(?:叫|是|名叫)?$")),
    (BROUGHT_IN, re.compile(rf"(?:{_any(words.PREPOSITIONS)})$")),
    (CLAUSE, re.compile(r"(?:^|[^\w])$")),
)
#: Characters before a name that are looked at.
LOOK_BACK = 9
TITLE = re.compile(rf"副?(?:{_any(words.TITLES)})")
DOING = re.compile(_any(words.DOINGS))
PLACE = re.compile(_any(words.PLACES))
JOINED = re.compile(r" ?(?:[、,/]|和|跟|与|及|以及|还有) ?")
END = re.compile(r"$|[^\w]|等")
#: Nobody but a person is addressed so, however the words around are cut (孙女士).
SURE_TITLE = re.compile(r"女士|先生")
#: 总 is part of 总和 and 总说 for the segmenter.
BOSS = re.compile(
    r"[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭雷邱]总(?=[和跟与说讲答承让要给就也不在来去]|[^\w]|$)"
)
#: 他曾经理 is no title, 曾经理 is.
ZENG = re.compile(r"曾经理(?![过发财解清论了])")
SAID_SURNAME = re.compile(rf"姓({_any(words.COMPOUND)}|[{''.join(words.SHARES)}])(?![{_HAN}]名)")
MENTION = re.compile(r"(?<![a-z0-9._%+-])@([\w\-·]{1,20})")
#: @ these is no person.
NOBODY = re.compile(
    r"所有人|全体|工会|平台|[局委网报台院]$|政府|公司|集团|中心|发布|热线|官方|日报|[0-9]{5}"
)
FAMILIAR_NAME = re.compile(
    rf"[老小]([{''.join(words.SHARES)}])(?<!小孙(?=[子女]))(?<!小黄(?=[车人鸭]))|阿([{_HAN}])"
)
#: 张三 and his like stand for a name as well as a name; 钱七 does in a list.
ANYBODY = re.compile(
    r"[张李王赵孙侯胡刘陈钱吴郑][二三四五六七八九](?![0-9一二三四五六七八九十百千万点年月周个])"
)
#: Odds of those two kinds before anything around them is weighed.
ANYBODY_SURE, ANYBODY_AT_ALL = 9.0, 3.0
#: A surname's character in its other meaning: 师傅, 谢谢, 三张, 王八.
NO_SURNAME = re.compile(r"师傅|谢谢|孙[子女]|[0-9一二三四五六七八九十百两几这那每整半]张|王[八巴]")
#: People of public life; the Premier has a name that thousands have, so he only with his office.
PUBLIC = re.compile(
    rf"{_any(words.PUBLIC_PEOPLE)}|李强(?={_any(words.OFFICES)})|(?:{_any(words.OFFICES)})李强"
)
#: Of these no given name is made.
NEVER = frozenset(
    "的了是说在和跟与去被把给不没又就都也还要想从到对让叫以等们你我他她它这那哪什怎吗呢吧啊呀哦嘛么"
    "此某很太最更再才只各每几个号欠扣骗骂打找问签干做走跑拿交收付买卖吃喝住坐该能会敢肯愿过些"
    "并但而且或及其所于因为虽若则第半两"
)


def weight_before(text: str, start: int) -> float:
    """What stands before a name at ``start`` speaks for it."""
    before = text[max(start - LOOK_BACK, 0) : start]
    return next((weight for weight, pattern in BEFORE if pattern.search(before)), 0)


def weight_after(text: str, end: int) -> float:
    """What stands after a name that ends at ``end`` speaks for it."""
    if TITLE.match(text, end):
        return TITLED
    if DOING.match(text, end):
        return DOES
    return ENDS if END.match(text, end) else 0
