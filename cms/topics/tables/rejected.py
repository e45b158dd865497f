"""The rows that could not be taken in, as a file to be put right and handed in again."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from search.text.normalise import clean

#: Where a cell begins so, an office program may take it for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Characters that Excel lets a cell hold.
LONGEST_CELL = 32_767
NUMBER, REASON = "行号", "原因"


def rejected_workbook(
    header: Sequence[str], bad: Iterable[tuple[int, Sequence[str], str]]
) -> bytes:
    """An XLSX of the bad rows, (row number, cells, reason): number and reason first, then the row
    as it was. Every cell of it is text, none a formula, and reads back unchanged."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("未导入的行")
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, cell) for cell in (NUMBER, REASON, *header)])
    for number, cells, reason in bad:
        sheet.append([number, *(_text(sheet, cell) for cell in (reason, *cells))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet, value: str) -> WriteOnlyCell:
    """Stored as text, and marked to be kept as text when somebody edits it."""
    text = "\n".join(clean(line) for line in value.splitlines())[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(FORMULA)
    return cell
