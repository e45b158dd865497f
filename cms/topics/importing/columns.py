"""The columns of a table by name, with a few of their cells as a clerk may see them."""

import hashlib
import re
from dataclasses import dataclass
from itertools import islice

from cms.interactions.privacy import quotable
from cms.topics.importing.rows import record_number
from cms.topics.tables import Table, guess_columns

SAMPLES = 3
SAMPLE_LENGTH = 40
#: Rows looked through for samples that differ.
ROWS_READ = 200
#: Columns of which nothing is shown, whatever their cells look like.
PERSONAL = re.compile(
    r"姓名|来电人|诉求人|反映人|联系人|填写人|提交者|电话|手机|号码|联系方式|证件|身份证|住址|地址"
    r"|微信|邮箱|银行|出生"
)
DIGITS = re.compile(r"\d(?:[\d ()\-]*\d)?")
LEAST_DIGITS = 7
DIGITS_SHOWN = 3


@dataclass(frozen=True)
class Column:
    name: str
    samples: list[str]
    is_personal: bool


def column_names(table: Table) -> list[str]:
    """A name for each column, no two alike. Where the heading is a row of data, it names nobody."""
    names: list[str] = []
    for number, cell in enumerate(table.header, 1):
        name = quotable(" ".join(cell.split())) or f"第 {number} 列"
        names.append(f"{name}（第 {number} 列）" if name in names else name)
    return names


def header_key(table: Table) -> str:
    return hashlib.sha256("\x1f".join(column_names(table)).encode()).hexdigest()


def guessed(table: Table) -> dict[str, str]:
    """Field → name of the column that probably holds it. One that only counts the rows holds no
    number of a record."""
    names = column_names(table)
    columns = guess_columns(table.header)
    if "number" in columns and not any(map(record_number, _samples(table, columns["number"]))):
        del columns["number"]
    return {field: names[column] for field, column in columns.items()}


def columns_of(table: Table) -> list[Column]:
    person = guess_columns(table.header).get("person")
    columns = []
    for at, name in enumerate(column_names(table)):
        is_personal = at == person or bool(PERSONAL.search(name))
        samples = [] if is_personal else [shown(cell) for cell in _samples(table, at)]
        columns.append(Column(name, samples, is_personal))
    return columns


def _samples(table: Table, at: int) -> list[str]:
    """The first cells of a column that hold something, no two alike."""
    cells = (row[at].strip() for _line, row in table.rows[:ROWS_READ])
    return list(islice(dict.fromkeys(filter(None, cells)), SAMPLES))


def shown(cell: str) -> str:
    """A cell as it may be seen: no names, no numbers that could be somebody's, not long."""
    text = " ".join(cell.split())
    if DIGITS.fullmatch(text) and sum(map(str.isdigit, text)) >= LEAST_DIGITS:
        return f"{text[:DIGITS_SHOWN]}…"
    text = quotable(text[: 4 * SAMPLE_LENGTH])
    return text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…"
