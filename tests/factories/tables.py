"""Files as hotlines and survey tools put them out."""

import csv
import io
from datetime import datetime, timedelta

from openpyxl import Workbook

HEADER = [
    "工单编号",
    "受理时间",
    "诉求标题",
    "诉求内容",
    "所属工会",
    "来电人",
    "联系电话",
    "办理结果",
]
FIRST = datetime(2026, 1, 5, 9, 0)


def xlsx_of(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(*rows, encoding="utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def record(number: int, **changed) -> list:
    """One good row; `changed`: heading → cell."""
    row = {
        "工单编号": f"RX2026{number:06d}",
        "受理时间": f"{FIRST + timedelta(minutes=number):%Y-%m-%d %H:%M}",
        "诉求标题": "拖欠工资",
        "诉求内容": f"厂里拖欠工资{number}天了，找谁都没有用，请帮帮我们",
        "联系电话": f"139{number:08d}",
        "办理结果": "已转办",
    }
    return [{**row, **changed}.get(heading) for heading in HEADER]


def messy_workbook(rows: int = 1000) -> tuple[bytes, set[int]]:
    """A workbook as a clerk gets it, with a title above the header and mess of every kind:
    (content, the numbers in Excel of its 37 bad rows)."""
    good = [record(number) for number in range(rows - 37)]
    _unlike_but_good(good)
    bad = list(_bad_rows())
    table = [["12351 职工热线来电记录"], ["制表：热线办"], HEADER]
    numbers = set()
    step = len(good) // len(bad)
    for at, row in enumerate(good):
        if at % step == step - 1 and bad:
            table.append(bad.pop())
            numbers.add(len(table))
        table.append(row)
        if at % 200 == 50:
            table.append([None] * 3)  # A blank row is none.
    return xlsx_of(*table), numbers


def _unlike_but_good(rows: list[list]) -> None:
    """Good rows as different people and programs write them."""
    at = {heading: column for column, heading in enumerate(HEADER)}
    for number, said_at in enumerate(
        [
            datetime(2026, 1, 5, 9, 30),
            46027.5,
            "2026年1月6日 下午2:20",
            "2026/1/6 8:05",
            20260107,
            "2026-01-07T10:00:00+08:00",
            "２０２６－０１－０７",
        ]
    ):
        rows[number][at["受理时间"]] = said_at
    for number, phone in enumerate(
        [
            "138 0000 1111",
            "+86-13800001111",
            "（138）00001111",
            13800001111,
            "１３８００００１１１１",
        ]
    ):
        rows[10 + number][at["联系电话"]] = phone
    rows[20][at["诉求内容"]] = "  我叫王建国，电话13812345678，\n老板李志强拖欠工资三个月了\u200b  "
    rows[21][at["诉求标题"]] = "王建国反映欠薪"
    rows[22][at["诉求内容"]] = "+cmd|' /C calc'!A0 老板拖欠工资"
    rows[23][at["诉求内容"]] = "<script>alert(1)</script>老板拖欠工资"
    rows[24][at["所属工会"]] = "一家没有登记的工厂"
    rows[25][at["工单编号"]] = None
    rows[26][at["工单编号"]] = 7
    rows[27][at["联系电话"]] = None
    rows[28][at["诉求内容"]] = "拖欠工资" * 400


def _bad_rows():
    """37 rows, each bad in one way."""
    serial = iter(range(500_000, 500_100))
    for moment in ("昨天", "2026-13-01", "2026-02-30", "下周一", "25:00", "三月五日", "abc"):
        yield record(next(serial), 受理时间=moment)
    for moment in ("2099-01-01", "2126年1月1日 8:00", 80000):
        yield record(next(serial), 受理时间=moment)
    for moment in ("1999-12-31", "1900/1/1", 30000):
        yield record(next(serial), 受理时间=moment)
    for moment in (None, "  ", "\u200b"):
        yield record(next(serial), 受理时间=moment)
    for text in (None, "   ", "\u200b\u200b", "\n\n", "\u3000"):
        yield record(next(serial), 诉求内容=text)
    for text in ("无", "好的", "111", "。。。", "？？", "12345", "😀😀😀😀"):
        yield record(next(serial), 诉求内容=text)
    for length in (2001, 3000, 4999):
        yield record(next(serial), 诉求内容="长" * length)
    for _again in range(3):
        yield record(3)
    for number in (4, 5, 6):
        yield record(number, 诉求内容="同一个编号，说的是另一件事，食堂太贵了")
