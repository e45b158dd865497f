"""Publication dates as Chinese sites write them.

feedparser reads many of these silently wrong (domain.md §8), so its dates are never used. What
cannot be read is None: an unknown date is honest, "now" would be invented.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

Precision = Literal["minute", "day", "unknown"]
Parsed = tuple[datetime | None, Precision]

SHANGHAI = timezone(timedelta(hours=8))
EARLIEST_YEAR = 2000
MAX_AHEAD = timedelta(days=2)
# A year-less date of a server whose clock is a little ahead is still today's.
CLOCK_SKEW = timedelta(hours=1)
MAX_LENGTH = 100
UNKNOWN: Parsed = (None, "unknown")

# CST is China Standard Time here; feedparser takes it for US Central.
ZONES = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT"), 0),
    **dict.fromkeys(("CST", "BJT", "HKT", "北京时间"), 8),
    "JST": 9,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
ENGLISH_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
MONTHS = {name: number for number, name in enumerate(ENGLISH_MONTHS, 1)} | {
    f"{name}月": number for number, name in enumerate(CHINESE_MONTHS, 1)
}
AFTERNOON = ("下午", "晚上", "傍晚", "pm")
MORNING = ("上午", "早上", "凌晨", "am")

LABEL = re.compile(r"^(?:发布时间|发布日期|发布于|更新时间|时间|日期)[:\s]*")
WEEKDAY = re.compile(
    r"\(?(?:(?:星期|周)[一二三四五六日天]|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b)\)?[,\s]*",
    re.I,
)
EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?(?!\d)")
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?")
MONTH = r"([a-z]{3,9}\.?|十?[一二三四五六七八九十]月|\d{1,2}月)"
DAY_FIRST = re.compile(rf"(\d{{1,2}})(?!\d)[\s-]*{MONTH}[\s,-]*(\d{{4}}|\d\d)(?!\d)", re.I)
MONTH_FIRST = re.compile(rf"{MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.I)
NO_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?![\d/.-])\s*[日号]?")
FOUR_DIGITS = re.compile(r"(?<![\d+:-])(\d{4})(?![\d:])")
TIME = re.compile(
    r"(上午|下午|晚上|傍晚|凌晨|早上|中午|am|pm)?\s*(?<!\d)(\d{1,2})\s*[:时点]\s*(\d{1,2})?"
    r"\s*[:分]?\s*(\d{1,2})?(?:[.,]\d{1,9})?\s*秒?\s*(am|pm)?",
    re.I,
)
OFFSET = re.compile(r"[\s(]*(?:GMT|UTC?)?\s*([+-])(\d{1,2}):?(\d\d)?(?!\d)", re.I)
ZONE_NAME = re.compile(r"[\s(]*(北京时间|[a-z]{1,4})(?![a-z])", re.I)
AGO = re.compile(r"(半|\d{1,4})\s*个?\s*(秒钟?|分钟|小时|天|日|周|星期)\s*[之以]?前")
AGO_UNITS = {"秒": 1, "分": 60, "小": 3600, "天": 86400, "日": 86400, "周": 604800, "星": 604800}
NAMED_DAY = re.compile(r"(今天|今日|昨天|昨日|前天)")
DAYS_BACK = {"今": 0, "昨": 1, "前": 2}


def parse_date(text: str, now: datetime) -> Parsed:
    """Return (moment in UTC, precision), or (None, "unknown"); never raises.

    Without a zone the time is China's. "day" means that the time is missing, or exactly midnight
    as sites that store only dates write it; the moment is then the beginning of that day. `now`
    (aware) completes relative and year-less dates. Dates before EARLIEST_YEAR or more than
    MAX_AHEAD in the future are mistakes, hence unknown.
    """
    text = unicodedata.normalize("NFKC", text).strip()[:MAX_LENGTH]
    try:
        moment, precision = _read(LABEL.sub("", text), now.astimezone(SHANGHAI))
    except (ValueError, OverflowError):  # 31 April, hour 25, year 0
        return UNKNOWN
    if moment is None or moment.year < EARLIEST_YEAR or moment > now + MAX_AHEAD:
        return UNKNOWN
    return moment.astimezone(UTC), precision


def _read(text: str, now: datetime) -> Parsed:
    if match := EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(match.group(1)), UTC), "minute"
    if match := COMPACT.match(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        clock = f"{hour}:{minute}:{second}" if match.group(4) else ""
        return _at(date(year, month, day), clock + text[match.end() :])
    if relative := _relative(text, now):
        return relative
    return _calendar(WEEKDAY.sub("", text), now)


def _relative(text: str, now: datetime) -> Parsed | None:
    """3小时前, 昨天 08:30, 刚刚; None for anything else."""
    if text.startswith(("刚刚", "刚才")):
        return now, "minute"
    if match := AGO.match(text):
        amount = 0.5 if match.group(1) == "半" else int(match.group(1))
        seconds = AGO_UNITS[match.group(2)[0]]
        moment = now - timedelta(seconds=amount * seconds)
        return (moment, "minute") if seconds < 86400 else _at(moment.date(), "")
    if match := NAMED_DAY.match(text):
        day = now.date() - timedelta(days=DAYS_BACK[match.group(1)[0]])
        return _at(day, text[match.end() :])
    return None


def _calendar(text: str, now: datetime) -> Parsed:
    if match := YEAR_FIRST.match(text):
        year, month, day = map(int, match.groups())
        return _at(date(year, month, day), text[match.end() :])
    if match := DAY_FIRST.match(text):
        day, year = int(match.group(1)), int(match.group(3))
        full_year = year if year > 99 else 2000 + year
        return _at(date(full_year, _month(match.group(2)), day), text[match.end() :])
    if match := MONTH_FIRST.match(text):
        return _month_first(match, text[match.end() :], now)
    if match := NO_YEAR.match(text):
        month, day = map(int, match.groups())
        return _latest_past(month, day, text[match.end() :], now)
    return UNKNOWN


def _month_first(match: re.Match[str], rest: str, now: datetime) -> Parsed:
    """May 1, 2024 8:30 AM, and the year at the end: May 01 08:30:00 CST 2024."""
    month, day = _month(match.group(1)), int(match.group(2))
    if year := FOUR_DIGITS.search(rest):
        return _at(date(int(year.group(1)), month, day), rest.replace(year.group(1), "", 1))
    return _latest_past(month, day, rest, now)


def _month(name: str) -> int:
    """Raises ValueError for what is no month."""
    if name[0].isdigit():
        return int(name[:-1])
    key = name[:3].lower() if name.isascii() else name
    if key not in MONTHS:
        raise ValueError(name)
    return MONTHS[key]


def _latest_past(month: int, day: int, rest: str, now: datetime) -> Parsed:
    """The nearest year in which this date is not in the future (29 February needs up to eight)."""
    for year in range(now.year, now.year - 9, -1):
        try:
            moment, precision = _at(date(year, month, day), rest)
        except ValueError:
            continue
        if moment is not None and moment <= now + CLOCK_SKEW:
            return moment, precision
    return UNKNOWN


def _at(day: date, rest: str) -> Parsed:
    """A day with the time and zone found in `rest`. Raises ValueError for impossible times."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    match = TIME.search(rest)
    if match is None:
        return midnight, "day"
    hour, minute, second = (int(match.group(part) or 0) for part in (2, 3, 4))
    hour = _hour(hour, (match.group(1) or match.group(5) or "").lower())
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute):
        raise ValueError(rest)
    clock = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    moment = midnight.replace(tzinfo=_zone(rest[match.end() :])) + clock
    return moment, "minute" if clock else "day"


def _hour(hour: int, part_of_day: str) -> int:
    if part_of_day in AFTERNOON and hour < 12:
        return hour + 12
    if part_of_day in MORNING and hour == 12:
        return 0
    return hour


def _zone(text: str) -> timezone:
    """An offset (+0800, GMT+8) before a name (CST); China's time when neither is given."""
    if match := OFFSET.match(text):
        sign = -1 if match.group(1) == "-" else 1
        return timezone(
            sign * timedelta(hours=int(match.group(2)), minutes=int(match.group(3) or 0))
        )
    if match := ZONE_NAME.match(text):
        return timezone(timedelta(hours=ZONES.get(match.group(1).upper(), 8)))
    return SHANGHAI
