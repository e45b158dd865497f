"""Tables as files for office programs, whoever wrote what stands in the cells."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

# A cell that begins so is run as a formula when the file is opened.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell) -> str:
    """The cell as text; one that would be taken for a formula is marked as text with an '."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(rows: Iterable[Sequence]) -> bytes:
    """UTF-8 with the mark that makes Excel read it so."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence]) -> bytes:
    """One sheet; every cell is text, none a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


#: Ending of the file → (how it is written, its content type).
FILES = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
