"""The fixed tree: each topic of the lexicon with its name for readers, its concern and address."""

from typing import NamedTuple


class Plan(NamedTuple):
    name: str
    concern: str
    slug: str


PLANS: dict[str, Plan] = {
    "劳动报酬/欠薪": Plan("欠薪与工资", "劳动权益", "wages"),
    "工时/加班/休假": Plan("加班与休假", "劳动权益", "hours"),
    "劳动合同/解雇": Plan("合同与解雇", "劳动权益", "contracts"),
    "劳动争议/维权": Plan("争议与维权", "劳动权益", "disputes"),
    "权益侵害/职场": Plan("职场侵害", "劳动权益", "workplace"),
    "社保/公积金": Plan("社保与公积金", "社会保障", "insurance"),
    "退休": Plan("退休与养老", "社会保障", "retirement"),
    "工伤/职业病": Plan("工伤与职业病", "安全健康", "injury"),
    "劳动安全/高温": Plan("安全与高温", "安全健康", "safety"),
    "心理健康": Plan("心理健康", "安全健康", "mind"),
    "女职工/生育": Plan("女职工与生育", "群体关爱", "women"),
    "新就业形态": Plan("新就业形态", "群体关爱", "new-work"),
    "农民工/建筑": Plan("农民工与建筑工地", "群体关爱", "migrant-workers"),
    "工会组织/会员": Plan("入会与会员服务", "工会工作", "membership"),
    "工会经费/监督": Plan("工会经费", "工会工作", "dues"),
    "民主管理/集体协商": Plan("民主管理与集体协商", "工会工作", "bargaining"),
    "劳模/竞赛": Plan("劳模与竞赛", "成长发展", "model-workers"),
    "就业/技能": Plan("就业与技能", "成长发展", "skills"),
    "帮扶救助": Plan("帮扶救助", "生活服务", "hardship"),
    "普惠/互助保障": Plan("普惠与互助", "生活服务", "benefits"),
    "户外驿站": Plan("户外驿站", "生活服务", "stations"),
    "生活服务": Plan("托管、食堂与通勤", "生活服务", "daily-life"),
    "文体/阵地": Plan("文体活动", "生活服务", "culture"),
}
