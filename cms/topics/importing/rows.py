"""One row of a table after the other: a record that can be taken in, or why not. Writes nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.members.models import Union
from cms.topics.importing.callers import caller
from cms.topics.tables import FIRST_YEAR, Table, moment_of
from search.text.normalise import normalise

#: What a column can hold for us, in the order in which a form asks for it.
FIELDS = ("text", "said_at", "title", "union", "person", "number")
REQUIRED = ("text", "said_at")
#: 「无」「好的」「111」 say nothing: fewer letters are no utterance.
LEAST_LETTERS = 3
#: A shorter number (序号 1, 2, 3) names another record in the next file; so does one that Excel has
#: rounded (2.02603E+13).
LEAST_NUMBER = 6
ROUNDED = re.compile(r"\d(?:\.\d+)?e\+\d+")
UNION_ENDING = re.compile(r"(?:总工会|工会联合会|工会委员会|联合工会|工会)$")


class BadRow(Exception):
    """`kind` groups complaints, `said` is the one of this row (the kind itself where nothing more
    is to be said), `cell` what stands in it: raw, not masked."""

    def __init__(self, kind: str, said: str = "", *, cell: str = ""):
        super().__init__(kind)
        self.kind, self.said, self.cell = kind, said or kind, cell


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that stays out; `line` is its number in Excel. The rest as in `BadRow`."""

    line: int
    cells: list[str]
    kind: str
    said: str
    cell: str

    @property
    def reason(self) -> str:
        """For those who have the row itself."""
        return f"{self.said}：“{self.cell}”" if self.cell else self.said


@dataclass(frozen=True, slots=True)
class Record:
    """A good row, its words as they stand in the file. `author` as `callers.caller` gives it."""

    line: int
    origin: str
    title: str
    text: str
    said_at: datetime
    union: Union
    author: str


@dataclass(frozen=True)
class Checked:
    header: list[str]
    records: list[Record] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


class Unions:
    """Finds the union that a cell names. `reach`: numbers of those that the person may speak for,
    None for all."""

    def __init__(self, *, own: Union, reach: set[int] | None):
        self.own, self.reach = own, reach
        self.exact: dict[str, Union] = {}
        short: dict[str, list[Union]] = {}
        for union in Union.objects.only("pk", "name"):
            name = normalise(union.name)
            self.exact[name] = union
            short.setdefault(UNION_ENDING.sub("", name), []).append(union)
        self.short = {name: found[0] for name, found in short.items() if len(found) == 1}

    def named(self, cell: str) -> Union:
        """By its name, or by what stands before 总工会; the file's own where the cell names none
        that is known here. Raises BadRow for one out of reach."""
        name = normalise(cell)
        found = self.exact.get(name) or self.short.get(UNION_ENDING.sub("", name)) or self.own
        if self.reach is not None and found.pk not in self.reach:
            raise BadRow("工会不在您的范围", cell=cell)
        return found


def rows_check(
    *, table: Table, columns: dict[str, int], kind: str, unions: Unions, longest: int
) -> Checked:
    """Every row of `table`. `columns`: field → number of its column, from 0; `longest`: characters
    of a text."""
    checked = Checked(table.header)
    seen: dict[str, tuple[int, str]] = {}
    for line, cells in table.rows:
        row = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        try:
            record = _record(line, row, kind, unions, longest)
            _only_once(record, seen)
        except BadRow as bad:
            checked.bad.append(Bad(line, cells, bad.kind, bad.said, bad.cell))
        else:
            checked.records.append(record)
    return checked


def _record(line: int, row: dict[str, str], kind: str, unions: Unions, longest: int) -> Record:
    text = _text(row.get("text", ""), longest)
    said_at = _moment(row.get("said_at", ""))
    union = unions.named(row.get("union", ""))
    author = caller(row.get("person", ""), union.pk)
    number = record_number(row.get("number", ""))
    # A number is one of those who keep the book, hence their union and not the row's.
    told = ("number", number) if number else (str(union.pk), said_at.isoformat(), author, text)
    origin = f"import:{kind}:{unions.own.pk}:{_digest(told)}"
    return Record(
        line=line,
        origin=origin,
        title=row.get("title", ""),
        text=text,
        said_at=said_at,
        union=union,
        author=author or origin,
    )


def _text(cell: str, longest: int) -> str:
    text = cell.strip()
    if not text:
        raise BadRow("没有内容")
    if len(text) > longest:
        raise BadRow("内容太长", f"内容太长：{len(text)} 字，最多 {longest} 字")
    if sum(character.isalpha() for character in text) < LEAST_LETTERS:
        raise BadRow("内容太短", cell=text)
    return text


def _moment(cell: str) -> datetime:
    if not cell.strip():
        raise BadRow("没有时间")
    moment = moment_of(cell)
    if moment is None:
        raise BadRow("时间看不懂", cell=cell)
    if moment > timezone.now():
        raise BadRow("时间在将来", cell=cell)
    if moment.year < FIRST_YEAR:
        raise BadRow(f"时间早于 {FIRST_YEAR} 年", cell=cell)
    return moment


def record_number(cell: str) -> str:
    """The record's number where it can tell the record from all others; "" otherwise."""
    number = normalise(cell)
    return "" if len(number.lstrip("0")) < LEAST_NUMBER or ROUNDED.fullmatch(number) else number


def _digest(told: Iterable[str]) -> str:
    """Of no use to find out what was told: a column taken for another may hold anybody's number."""
    return salted_hmac("topics.import", "\x1f".join(told), algorithm="sha256").hexdigest()[:40]


def _only_once(record: Record, seen: dict[str, tuple[int, str]]) -> None:
    """Raises BadRow when a row above is the same record."""
    if record.origin in seen:
        line, text = seen[record.origin]
        if text == record.text:
            raise BadRow("与前面的行重复", f"与第 {line} 行重复")
        raise BadRow("编号重复，内容不同", f"编号与第 {line} 行相同，内容不同")
    seen[record.origin] = (record.line, record.text)
