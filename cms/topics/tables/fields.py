"""What a column holds, by its heading; what moment a cell names. No Django models here."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from search.text.normalise import normalise

#: Field → headings from the surest to the vaguest, and what a heading of that kind never has.
HEADINGS: dict[str, tuple[str, str]] = {
    "number": (
        "工单编号 工单号 流水号 受理编号 诉求编号 来电编号 记录编号 答卷编号 编号 序号 单号 id",
        "身份证 电话 手机 会员",
    ),
    "said_at": (
        "来电时间 诉求时间 受理时间 提交时间 提交答卷时间 反映时间 留言时间 登记时间 接听时间"
        " 填写时间 答题时间 创建时间 来电日期 受理日期 登记日期 提交日期 日期 时间",
        "答复 回复 办结 办理 处理 完成 截止 截至 反馈 回访 所用 时长 到期 入职 出生 发生",
    ),
    "kind": (
        "诉求类型 诉求类别 问题类型 问题类别 事项分类 事项类别 事项类型 工单类型 业务类型"
        " 分类 类别 类型",
        "用户 证件 企业 单位 工会 行业",
    ),
    "title": ("诉求标题 工单标题 问题标题 标题 主题 题名", ""),
    "reply": (
        "答复内容 回复内容 办理结果 处理结果 答复意见 办理情况 处理情况 办理意见 答复 回复"
        " 处理意见",
        "时间 日期 人 满意 是否 状态 期限",
    ),
    "text": (
        "诉求内容 来电内容 反映内容 问题描述 诉求描述 工单内容 留言内容 意见建议 您的意见"
        " 问题内容 内容描述 正文 诉求 内容 描述 回答 留言 意见 建议",
        "答复 回复 办理 处理 类型 类别 分类 标题 编号 时间 日期 人 电话 满意",
    ),
    "union": (
        "所属工会 归属工会 承办工会 工会名称 工会 所在单位 工作单位 单位名称 所属区县 所在区县"
        " 区县 所属区域 单位 地区",
        "被 涉 用人 电话 编号 时间 意见 类型 性质",
    ),
    "person": (
        "手机号码 手机号 联系电话 来电号码 主叫号码 来电电话 电话号码 联系方式 手机 电话 来电人"
        " 诉求人 反映人 姓名 联系人 提交者 填写人 用户",
        "被 单位 承办 经办 接线 话务 坐席 答复 办理 处理 类型",
    ),
}
#: (请填写)、【必填】、*、12. of a survey's headings.
DECORATION = re.compile(r"[(\[【〔{].*?[)\]】〕}]|^[0-9]+\s*[.、]|[\s*:_]")
LONGEST_HEADING = 40

FIRST_YEAR = 2000
#: Day 0 of Excel's serial dates, as it counts from March 1900 on.
SERIAL_START = datetime(1899, 12, 30)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
HALF = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|am|pm"
MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?)?"
    rf"(?:(?:\s*t\s*|\s*,?\s*)({HALF})?\s*(\d{{1,2}})(?:\s*[:时点]\s*(\d{{1,2}})?)"
    rf"(?:\s*[:分]\s*(\d{{1,2}})?)?(?:\.\d+)?\s*秒?\s*({HALF})?)?"
    r"\s*(z|[+-]\d{2}:?\d{2})?"
)
AFTERNOON = frozenset(["下午", "傍晚", "晚上", "晚", "pm"])
#: Half past midnight is 上午12:30 in Excel.
MORNING = frozenset(["凌晨", "清晨", "早上", "早晨", "上午", "am"])
NOON = "中午"


# --- Columns -------------------------------------------------------------------------------------


def guess_columns(header: list[str]) -> dict[str, int]:
    """The likely column (from 0) of each field that has one: number, said_at, kind, title, reply,
    text, union, person. No column twice. Of a phone number and a name, `person` is the number."""
    headings = [_plain(cell) for cell in header]
    found: dict[str, int] = {}
    for exact in (True, False):
        for field, (wanted, unwanted) in HEADINGS.items():
            if field in found:
                continue
            column = _column(headings, wanted.split(), unwanted.split(), exact)
            if column is not None and column not in found.values():
                found[field] = column
    return found


def known_cells(cells: Iterable[str]) -> int:
    """How many cells are headings of a known field, word for word."""
    return sum(_plain(cell) in KNOWN for cell in cells)


def _column(headings: list[str], wanted: list[str], unwanted: list[str], exact: bool) -> int | None:
    for word in wanted:
        for column, heading in enumerate(headings):
            if heading == word or (
                not exact and word in heading and not any(other in heading for other in unwanted)
            ):
                return column
    return None


def _plain(heading: str) -> str:
    return DECORATION.sub("", normalise(heading, LONGEST_HEADING))


KNOWN = frozenset(word for wanted, _unwanted in HEADINGS.values() for word in wanted.split())


# --- Moments -------------------------------------------------------------------------------------


def parse_moment(cell: str) -> datetime | None:
    """The moment that a cell names, aware; local time unless it says otherwise. None when it names
    none, or one before 2000 or still to come.

    Excel serials (46086.6), 2026/3/5, 2026年3月5日 下午2:20, 20260305, 2026-03-05T14:20:00+08:00.
    """
    moment = moment_of(cell)
    believable = moment and moment.year >= FIRST_YEAR and moment <= timezone.now()
    return moment if believable else None


def moment_of(cell: str) -> datetime | None:
    """As `parse_moment`, also of moments long ago or still to come."""
    text = normalise(cell, LONGEST_HEADING)
    try:
        moment = _serial(text) or _packed(text) or _written(text)
        if moment and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
    except (ValueError, OverflowError):  # The 31st of February, the 25th hour.
        return None
    return moment


def _serial(text: str) -> datetime | None:
    if not SERIAL.fullmatch(text):
        return None
    return SERIAL_START + timedelta(seconds=round(float(text) * 86400))


def _packed(text: str) -> datetime | None:
    match = PACKED.fullmatch(text)
    return datetime(*(int(part) for part in match.groups() if part)) if match else None


def _written(text: str) -> datetime | None:
    match = MOMENT.fullmatch(text)
    if not match:
        return None
    year, month, day, before, hour, minute, second, after, zone = match.groups()
    moment = datetime(int(year), int(month), int(day)) + timedelta(
        hours=_hour(int(hour or 0), before or after),
        minutes=_below_60(minute),
        seconds=_below_60(second),
    )
    return moment.replace(tzinfo=_zone(zone)) if zone else moment


def _hour(hour: int, half: str | None) -> int:
    """On the clock of 24 hours; 晚上12点 is the end of the day."""
    if hour > 24 or (hour == 24 and half):
        raise ValueError("no such hour")
    if half in MORNING:
        return hour % 12 if hour == 12 else hour
    if half in AFTERNOON:
        return hour + 12 if hour < 12 else hour if half == "pm" or half == "下午" else 24
    if half == NOON:
        return hour + 12 if hour < 3 else hour
    return hour


def _below_60(number: str | None) -> int:
    value = int(number or 0)
    if value > 59:
        raise ValueError("no such minute or second")
    return value


def _zone(text: str):
    if text == "z":
        return timezone.get_fixed_timezone(0)
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone.get_fixed_timezone((-1 if text[0] == "-" else 1) * (60 * hours + minutes))
