"""What a brief asks for: pure rules and small tables, no database.

Which kind of story a theme wants, which law it stands on, and the frame of the draft. Names of laws
are the official ones; articles come from earlier stories only, never from here.
"""

from collections import Counter
from collections.abc import Iterable

LEGAL, POLICY, ACTIVITY = "legal", "policy", "activity"

#: Theme → kind of story. A theme that is not here gets the kind it was most often written about in.
KIND_OF_THEME = {
    "劳动报酬/欠薪": LEGAL,
    "工时/加班/休假": LEGAL,
    "劳动合同/解雇": LEGAL,
    "劳动争议/维权": LEGAL,
    "权益侵害/职场": LEGAL,
    "工伤/职业病": LEGAL,
    "劳动安全/高温": LEGAL,
    "女职工/生育": LEGAL,
    "社保/公积金": POLICY,
    "退休": POLICY,
    "工会组织/会员": POLICY,
    "工会经费/监督": POLICY,
    "帮扶救助": POLICY,
    "普惠/互助保障": POLICY,
    "就业/技能": ACTIVITY,
    "文体/阵地": ACTIVITY,
}

#: Theme → the laws and rules it stands on, the nearest first.
LAWS_OF_THEME = {
    "劳动报酬/欠薪": ("工资支付暂行规定", "中华人民共和国劳动法", "保障农民工工资支付条例"),
    "工时/加班/休假": (
        "中华人民共和国劳动法",
        "职工带薪年休假条例",
        "国务院关于职工工作时间的规定",
    ),
    "劳动合同/解雇": ("中华人民共和国劳动合同法", "中华人民共和国劳动合同法实施条例"),
    "劳动争议/维权": ("中华人民共和国劳动争议调解仲裁法", "劳动保障监察条例"),
    "权益侵害/职场": ("中华人民共和国劳动法", "中华人民共和国妇女权益保障法"),
    "社保/公积金": ("中华人民共和国社会保险法", "住房公积金管理条例", "失业保险条例"),
    "退休": ("中华人民共和国社会保险法", "国务院关于渐进式延迟法定退休年龄的办法"),
    "工伤/职业病": ("工伤保险条例", "中华人民共和国职业病防治法"),
    "劳动安全/高温": ("防暑降温措施管理办法", "中华人民共和国安全生产法"),
    "心理健康": ("中华人民共和国精神卫生法",),
    "女职工/生育": ("女职工劳动保护特别规定", "中华人民共和国妇女权益保障法"),
    "新就业形态": ("中华人民共和国工会法", "关于维护新就业形态劳动者劳动保障权益的指导意见"),
    "农民工/建筑": ("保障农民工工资支付条例", "中华人民共和国劳动合同法"),
    "工会组织/会员": ("中华人民共和国工会法", "中国工会章程"),
    "工会经费/监督": ("中华人民共和国工会法", "基层工会经费收支管理办法"),
    "民主管理/集体协商": ("中华人民共和国工会法", "企业民主管理规定", "集体合同规定"),
    "就业/技能": ("中华人民共和国就业促进法", "失业保险条例"),
    "帮扶救助": ("社会救助暂行办法",),
}
#: What a legal story without any known law is filed under until its editor knows better.
FIRST_LAW = "中华人民共和国劳动法"

#: Headings that a draft begins with. Nothing of what workers said: it could be published with it.
HEADINGS = {
    LEGAL: ("法律怎么规定", "遇到了怎么办", "到哪里办、找谁问"),
    POLICY: ("谁能享受", "标准是多少", "怎么办理、找谁问"),
    ACTIVITY: ("什么时候、在哪里", "谁可以参加、怎么报名"),
}
LAWS_SHOWN = 4
TITLE_LIMIT = 32
SUMMARY_LIMIT = 120


def kind_for(theme: str, written: Iterable[str]) -> str:
    """The kind of story for a theme; `written` are the kinds of the earlier stories on it."""
    if theme in KIND_OF_THEME:
        return KIND_OF_THEME[theme]
    counts = Counter(kind for kind in written if kind in HEADINGS)
    return min(counts, key=lambda kind: (-counts[kind], kind)) if counts else POLICY


def laws_for(theme: str, earlier: Iterable[dict]) -> list[dict]:
    """[{"law", "articles", "page"}], LAWS_SHOWN at most: the theme's own, with the articles that
    the newest of the `earlier` stories names, then what else those stories explain."""
    written: dict[str, dict] = {}
    for one in earlier:
        if one["law"]:
            written.setdefault(one["law"], one)
    own = [
        written.pop(name, {"law": name, "articles": "", "page": None})
        for name in LAWS_OF_THEME.get(theme, ())
    ]
    return [*own, *written.values()][:LAWS_SHOWN]


def title_for(topic: str, questions: int) -> str:
    """“高温津贴：大家在问的 5 件事”."""
    ending = f"：大家在问的 {questions} 件事" if questions > 1 else "：大家问，工会答"
    return f"{topic[: TITLE_LIMIT - len(ending)]}{ending}"


def summary_for(topic: str) -> str:
    """Says no number: it may be too small to be told."""
    return f"最近不少职工问到{topic}。怎么规定、怎么办理、找谁问，这里说清楚。"[:SUMMARY_LIMIT]
