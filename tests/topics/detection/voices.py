"""Made-up utterances for the tests of detection."""

import random
from datetime import date, timedelta

from cms.topics.detection import Detector, Said

FIRST = date(2024, 3, 4)
#: Three issues, each in several people's words.
WAGES = (
    "恒通电子厂三月工资到今天还没发，主管说再等等",
    "请问恒通电子厂什么时候发三月工资，家里等着用钱",
    "恒通电子厂拖欠三月工资，打电话没人接",
    "我们恒通电子厂一线工人三月工资都没有拿到",
    "恒通电子厂又说三月工资要推迟，没有一个准话",
    "三月工资没着落，恒通电子厂的人都在问",
)
HEAT = (
    "三号仓库没有风扇，下午热得人发晕",
    "三号仓库的风扇坏了半个月，热得受不了",
    "能不能给三号仓库装风扇，里面像蒸笼",
    "三号仓库昨天热倒一个人，风扇还是没有装",
    "三号仓库风扇修了又坏，热得没法干活",
)
BUS = (
    "夜班班车取消以后，下班只能走回宿舍",
    "请恢复夜班班车，女工走夜路不安全",
    "夜班班车说取消就取消，也不通知一声",
    "没有夜班班车，打车回家要四十块",
)
NOISE = (
    "食堂的豆角炒得不错，谢谢师傅",
    "图书角什么时候换新书",
    "篮球赛报名在哪里填表",
    "孩子暑假托管班还有名额吗",
    "体检报告怎么查询",
    "电动车充电桩不够用",
    "医保卡丢了去哪里补办",
    "想报名参加焊工培训",
    "年会的照片能不能发一份",
    "公积金可以用来付房租吗",
)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def said(number: int, id: str, person: str, text: str, title: str = "") -> Said:
    return Said(id, day(number), person, text, title)


def weeks() -> list[Said]:
    """Three weeks in which all of them are said, each by somebody else."""
    texts = [*WAGES, *HEAT, *BUS, *NOISE]
    rng = random.Random(7)
    days = [rng.randrange(21) for _text in texts]
    return [
        said(on, f"u{at:02}", f"p{at:02}", text)
        for at, (on, text) in enumerate(zip(days, texts, strict=True))
    ]


def by_day(every: list[Said]) -> dict[date, list[Said]]:
    found: dict[date, list[Said]] = {}
    for one in every:
        found.setdefault(one.day, []).append(one)
    return dict(sorted(found.items()))


def grouped(every: list[Said], detector: Detector | None = None) -> dict[str, str]:
    """The group of each utterance in the end."""
    detector = detector or Detector()
    groups: dict[str, str] = {}
    for on, those in by_day(every).items():
        result = detector.advance(on, those)
        groups.update(result.assigned)
        groups = {id: result.merged.get(key, key) for id, key in groups.items()}
    return groups
