"""Who called or answered, as a table names him, in a form that only tells people apart.

What comes out is put through `person_key` at once and never stored; numbers are brought to one
shape first, so that 138 1234 5678 and +86-13812345678 are one person.
"""

import re

from search.text.normalise import normalise

#: Longest cell that is looked at.
LONGEST = 80
MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86)?(1[3-9]\d{9})(?!\d)")
#: Between the digits of a number.
JOINTS = re.compile(r"(?<=\d)[ \-.()·]+(?=\d)")
LINE = re.compile(r"[+(]?\d[\d ()\-转]{5,20}")
LEAST_DIGITS = 7
#: What stands where nobody is named.
NOBODY = frozenset(
    [
        *("匿名", "匿名用户", "匿名人员", "不详", "未知", "无", "没有", "空", "暂无"),
        *("隐藏", "保密", "未填", "未填写", "未提供", "不愿透露", "不便透露", "拒绝提供"),
        *("none", "null", "nan", "na", "n/a", "0"),
    ]
)


def caller(cell: str, place: int) -> str:
    """The same for the same person: by his number; without one, by his name among those of `place`
    (the number of a union). "" when the cell names nobody.

    Two people of one name in one union count as one: a figure rather too small than one that makes
    five people of a single one.
    """
    text = normalise(cell, LONGEST)
    if text in NOBODY or not any(character.isalnum() for character in text):
        return ""
    joined = JOINTS.sub("", text)
    mobile = MOBILE.search(joined)
    if mobile:
        return f"phone:{mobile[1]}"
    digits = re.sub(r"\D", "", joined)
    if LINE.fullmatch(text) and len(digits) >= LEAST_DIGITS:
        return f"phone:{digits}"
    return f"name:{place}:{text.replace(' ', '')}"
