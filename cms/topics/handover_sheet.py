"""移交单: a case as a workbook for the hotline. Every cell is text, none a formula."""

import io
from collections.abc import Iterator

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from cms.spreadsheets import safe
from cms.topics.models import Case
from cms.topics.selectors.handover import Facts

WIDTHS = {"A": 20, "B": 80}
WRAPPED = Alignment(wrap_text=True, vertical="top")
#: Between the parts of the sheet.
BLANK = ("", "")


def workbook(*, facts: Facts, number: str) -> bytes:
    """An XLSX of one sheet, two columns: what, and its value."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("移交单")
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    for label, value in lines(facts, number):
        first, second = (WriteOnlyCell(sheet, safe(cell)) for cell in (label, value))
        first.font, first.alignment, second.alignment = Font(bold=True), WRAPPED, WRAPPED
        sheet.append([first, second])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines(facts: Facts, number: str) -> Iterator[tuple[str, str]]:
    case, period = facts.case, facts.period
    yield "职工关切移交单", number
    yield "移交日期", f"{timezone.localdate():%Y-%m-%d}"
    yield BLANK
    yield "话题", case.topic.name
    yield "所属关切", case.topic.concern
    yield "事项状态", str(case.get_state_display())
    yield "立项日期", f"{timezone.localdate(case.opened_at):%Y-%m-%d}"
    yield "承办工会", case.union.name if case.union else "未定"
    yield "负责人", case.owner.real_name if case.owner else "未定"
    yield "办结期限", f"{case.due_on:%Y-%m-%d}" if case.due_on else "未定"
    yield BLANK
    yield "统计时段", f"{period.first:%Y-%m-%d} 至 {period.last:%Y-%m-%d}"
    yield from _figures(facts)
    yield BLANK
    yield "相关法规", "；".join(facts.laws) or "未列"
    yield from _answer(case)
    yield BLANK
    yield "说明", "原话已隐去姓名和号码，数字按 5 取整，不足 5 人的来源合在一起。"


def _figures(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.is_small:
        yield "人数", "不足 5 人，不列数字和原话"
        return
    yield "人数", f"{facts.people} 人以上"
    yield "声音", f"{facts.voices} 条以上"
    for label, voices in facts.sources:
        yield f"其中{label}", f"{voices} 条以上"
    for at, quote in enumerate(facts.quotes, 1):
        yield f"原话 {at}", quote
    if not facts.quotes:
        yield "原话", "没有可以公开的原话"


def _answer(case: Case) -> Iterator[tuple[str, str]]:
    if not case.answered_at:
        yield "答复", "尚未答复"
        return
    yield "答复日期", f"{timezone.localdate(case.answered_at):%Y-%m-%d}"
    if case.answer:
        yield "答复", case.answer
    page = case.answer_page
    if page and page.live:
        yield "答复稿件", f"{page.title} {page.full_url or ''}".strip()
