"""A file handed in → its header and its rows, within limits."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from cms.topics.tables.errors import TableError
from cms.topics.tables.fields import known_cells
from cms.topics.tables.sources import Row, rows_of

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 5_000
#: So many blank rows are the end: the rest of a sheet may be formatted down to its millionth row.
BLANK_IS_END = 10_000
#: Rows, blank ones not counted, among which the header must be.
HEADER_WITHIN = 20
#: Cells that make a row the header: so many with a known heading, or so many of any kind.
KNOWN_ENOUGH, FILLED_ENOUGH = 2, 3


@dataclass(frozen=True)
class Table:
    """`header`: the headings, "" where a column has none. `rows`: (number in Excel, cells), at
    least as many cells as headings; more where a row is longer than the header."""

    header: list[str]
    rows: list[Row]


def read_table(file: BinaryIO | bytes, name: str) -> Table:
    """Read a table of at most 20 MB, 50,000 rows, 60 columns and 5,000 characters a cell.

    `name` is the file's, with its ending. Raises `TableError` and nothing else.
    """
    data = file if isinstance(file, bytes) else file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TableError("文件超过 20 MB。请分成几个文件导入。")
    if not data.strip():
        raise TableError("这是一个空文件。请检查是否选对了文件。")
    with warnings.catch_warnings():
        # Of styles and input checks in the file, which reading it does not need.
        warnings.simplefilter("ignore")
        return _table(_within_limits(rows_of(data, name)))


def _table(rows: Iterator[Row]) -> Table:
    first = list(islice(rows, HEADER_WITHIN))
    at = _header_at(first)
    header = first[at][1]
    body: list[Row] = []
    for row in chain(first[at + 1 :], rows):
        if len(body) == MOST_ROWS:
            raise TableError("超过 5 万行。请按时间分成几个文件导入。")
        body.append(_padded(row, len(header)))
    if not body:
        raise TableError("只有表头，没有内容。请检查是否选对了文件或工作表。")
    return Table(header, body)


def _within_limits(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows that are not blank, without blank cells at their ends."""
    last = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if number - last > BLANK_IS_END:
            return
        if not cells:
            continue
        last = number
        if len(cells) > MOST_COLUMNS:
            raise TableError(f"第 {number} 行超过 60 列。请删去用不到的列再导入。")
        for column, cell in enumerate(cells, 1):
            if len(cell) > MOST_CHARACTERS:
                raise TableError(
                    f"第 {number} 行第 {column} 列超过 5000 字。请缩短后再导入；"
                    "如果是 CSV，也可能是前面的双引号没有成对。"
                )
        yield number, cells


def _header_at(rows: list[Row]) -> int:
    """Which of the first rows is the header: titles and notes may stand above it."""
    known = [known_cells(cells) for _number, cells in rows]
    filled = [sum(map(bool, cells)) for _number, cells in rows]
    for found in (
        (at for at, count in enumerate(known) if count >= KNOWN_ENOUGH),
        (at for at, count in enumerate(filled) if count >= FILLED_ENOUGH),
        (at for at, count in enumerate(known) if count),
    ):
        at = next(found, None)
        if at is not None:
            return at
    raise TableError(
        "找不到表头。请在内容上面加一行列名，例如「来电时间」「诉求内容」「所属工会」，再导入。"
    )


def _padded(row: Row, width: int) -> Row:
    number, cells = row
    return number, cells + [""] * (width - len(cells))
