"""Bytes of a CSV or XLSX file → its rows as text, numbered as the person sees them in Excel.

A file is known by what it holds, not by its name. Nothing of it is trusted: sizes are checked
before anything is unpacked, and every failure is a `TableError`.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice

from openpyxl import load_workbook

from cms.topics.tables.errors import TableError
from cms.topics.tables.fields import known_cells
from search.text.normalise import clean

Row = tuple[int, list[str]]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: Bytes that an XLSX may unpack to, and how many times its size that may be. Real ones: 5 to 20.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 150
#: Below this many bytes unpacked the ratio says nothing: a short table of blanks packs very well.
RATIO_FROM = 20 * 1024 * 1024
MOST_PARTS = 2000
#: Columns that are read at all, so that one too wide is noticed without reading it whole.
LOOKED_AT = 256
DELIMITERS = ",\t;"
#: Records by which the delimiter is chosen.
SNIFFED = 20
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n")
HTML = re.compile(rb"\s*(?:<!doctype html|<html|<table|<meta|<style)", re.IGNORECASE)
MACROS = re.compile(r"vbaProject\.bin$|macrosheets/", re.IGNORECASE)

SAVE_AS = "请用 Excel 或 WPS 打开后另存为「Excel 工作簿（.xlsx）」再导入"


def rows_of(data: bytes, name: str) -> Iterator[Row]:
    """The rows of a file with content ``data``, blank ones included, cells as clean text."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("xlsm", "xltm", "xlsb", "xlam"):
        raise TableError(f"带宏的文件不能导入。{SAVE_AS}。")
    if data.startswith(OLE) or (ending == "xls" and not data.startswith(ZIP)):
        raise TableError(f"旧格式（.xls）或加了密码的文件不能导入。{SAVE_AS}，不要设密码。")
    if data.startswith(ZIP):
        return _xlsx(data)
    if HTML.match(data[:2000].removeprefix(b"\xef\xbb\xbf")):
        raise TableError(f"这个文件其实是网页，多半由系统直接导出。{SAVE_AS}。")
    if ending == "xlsx":
        raise TableError(f"这个文件不是有效的 .xlsx，可能没有下载完整。{SAVE_AS}。")
    if ending not in ("csv", "txt", "tsv"):
        raise TableError(f"只能导入 .xlsx 和 .csv 文件。{SAVE_AS}。")
    return _csv(decoded(data))


# --- CSV -----------------------------------------------------------------------------------------


def decoded(data: bytes) -> str:
    """By its byte order mark, else strictly as UTF-8, else as GB18030 (what Excel writes here)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError("认不出这个文件的文字编码。请用 Excel 另存为「CSV UTF-8（逗号分隔）」再导入。")


def _csv(text: str) -> Iterator[Row]:
    hint = SEPARATOR_LINE.match(text)
    if hint:  # A line for Excel, which does not show it.
        text = text[hint.end() :]
    delimiter = hint[1] if hint else _delimiter(text)
    number = 0
    try:
        for number, cells in enumerate(_records(text, delimiter), 1):
            yield number, [cell_text(cell) for cell in cells]
    except csv.Error as error:
        raise TableError(
            f"第 {number + 1} 行读不出来，可能是双引号没有成对。请改好这一行再导入。"
        ) from error


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The one by which most headings are known; then, by which most records are equally long."""
    return max(DELIMITERS, key=lambda delimiter: _likeness(text, delimiter))


def _likeness(text: str, delimiter: str) -> tuple[int, int]:
    """(Known headings in one of the first records, records of the commonest length above 1.)"""
    records: list[list[str]] = []
    # An error is found again, with its row, when the records are read for good.
    with suppress(csv.Error):
        records.extend(islice(_records(text, delimiter), SNIFFED))
    lengths = Counter(len(record) for record in records if len(record) > 1)
    return max(map(known_cells, records), default=0), max(lengths.values(), default=0)


# --- XLSX ----------------------------------------------------------------------------------------


def _xlsx(data: bytes) -> Iterator[Row]:
    _check_package(data)
    try:
        yield from _sheet_rows(data)
    except TableError:
        raise
    except Exception as error:  # A broken part ends in any of a dozen kinds of error.
        raise TableError(f"这个 Excel 文件有损坏，读不出来。{SAVE_AS}。") from error


def _check_package(data: bytes) -> None:
    """Refuse what would unpack to too much, before unpacking; a part never gives more than it
    declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except Exception as error:
        raise TableError(f"这个 Excel 文件不完整，打不开。{SAVE_AS}。") from error
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or (unpacked > RATIO_FROM and unpacked > MOST_RATIO * len(data))
    ):
        raise TableError(
            "这个 Excel 文件展开后太大。请把要导入的行复制到新建的空白工作簿里，"
            "另存为 .xlsx 再导入。"
        )
    names = [part.filename for part in parts]
    if any(MACROS.search(name) for name in names):
        raise TableError(f"带宏的文件不能导入。{SAVE_AS}。")
    if "[Content_Types].xml" not in names:
        raise TableError(f"这个文件是压缩包，不是 Excel 表格。{SAVE_AS}。")


def _sheet_rows(data: bytes) -> Iterator[Row]:
    """The first sheet that is shown; of formulas what they came to when the file was saved."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise TableError("这个文件里没有工作表。请把要导入的内容放到第一个工作表里。")
        sheet.reset_dimensions()  # What a file says of its own size is often wrong.
        rows = sheet.iter_rows(max_col=LOOKED_AT, values_only=True)
        for number, cells in enumerate(rows, 1):
            filled = len(cells)
            while filled and cells[filled - 1] is None:
                filled -= 1
            yield number, [cell_text(cell) for cell in cells[:filled]]
    finally:
        book.close()


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without a point, moments as 2026-03-05 14:20:00; line breaks
    stay, what nobody sees does not."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime):
        value = value.replace(microsecond=0)
    lines = str(value).splitlines()
    return "\n".join(clean(line).rstrip() for line in lines).strip()
