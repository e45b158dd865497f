"""The lexicon as a file that people edit: tab- or comma-separated, one row a word, all kinds.

A file that was exported and not changed imports as no change. What comes in is hostile until
checked: size, encoding, header, number of rows; nothing of it is evaluated.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from search.lexicon import words
from search.lexicon.rules import shape_problems
from search.lexicon.services import Refused, checked
from search.lexicon.words import FIELDS, KINDS, LEVELS, Change, Key, State, Word

MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
#: What a spreadsheet would take for a formula is exported behind this mark and read without it.
GUARD = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NAMES = {label: name for name, label in FIELDS.items()}
KIND_NAMES = {label: kind for kind, label in KINDS.items()}
LEVEL_NAMES = {label: level for level, label in LEVELS.items()}
ENCODINGS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ORDER = {kind: place for place, kind in enumerate(KINDS)}


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: its number as an editor counts, and why it is refused."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What an import would do. With anything ``refused`` nothing may be imported."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    numbers: dict[Key, int] = field(default_factory=dict)
    rows: int = 0

    def _of(self, before: bool, after: bool) -> list[tuple[int, str]]:
        """The changes of one kind whose rows are not refused, in the file's order."""
        refused = {line.number for line in self.refused}
        told = (
            (self.numbers.get((change.after or change.before).key, 0), words.describe(change))
            for change in self.changes
            if (change.before is not None, change.after is not None) == (before, after)
        )
        return sorted(line for line in told if not line[0] or line[0] not in refused)

    @property
    def added(self):
        """(line number, what happens) for each new word; likewise ``changed`` and ``removed``."""
        return self._of(False, True)

    @property
    def changed(self):
        return self._of(True, True)

    @property
    def removed(self):
        return self._of(True, False)

    @property
    def note(self) -> str:
        return _("新增 %(added)d，修改 %(changed)d，删除 %(removed)d") % {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
        }


# --- Out -----------------------------------------------------------------------------------------


def written(state: State, delimiter: str) -> str:
    """Return the whole lexicon as one file with a header line, always in one order."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(FIELDS.values())
    for word in sorted(state.values(), key=lambda word: (ORDER[word.kind], word.topic, word.term)):
        used = ("kind", "term", *words.USED[word.kind])
        writer.writerow(_cell(name, getattr(word, name)) if name in used else "" for name in FIELDS)
    return out.getvalue()


def _cell(name: str, value) -> str:
    if name == "weight":
        return repr(value).removesuffix(".0")
    return _guarded(words.shown(name, value)) if value else ""


def _guarded(text: str) -> str:
    return GUARD + text if text.startswith((*FORMULA, GUARD)) else text


# --- In ------------------------------------------------------------------------------------------


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (both as Excel saves them) or GBK.

    Raises Unreadable for what is too large or no text.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(
            _("文件超过 %(size)d MB，请分成几个文件导入。") % {"size": MOST_BYTES // 1_000_000}
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("这是 Excel 工作簿，请在 Excel 里另存为“CSV UTF-8”后再导入。"))
    marked = next((name for mark, name in ENCODINGS.items() if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("读不出文件里的文字，请存为 UTF-8 或 GBK 编码的 CSV 或制表符分隔文件。"))


def read(text: str) -> tuple[list[tuple[int, Word]], list[Line]]:
    """Return the rows of a file as (line number, word), and the rows that are no words.

    Raises Unreadable when the header is not ours or there are too many rows.
    """
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, Word]] = []
    refused: list[Line] = []
    try:
        header = [NAMES.get(name.strip()) for name in next(reader, [])]
        _check_header(header)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(found) + len(refused) >= MOST_ROWS:
                raise Unreadable(_("超过 %(most)d 行，请分成几个文件导入。") % {"most": MOST_ROWS})
            _take(reader.line_num, dict(zip(header, cells, strict=False)), found, refused)
    except csv.Error as error:
        raise Unreadable(
            _("第 %(line)d 行附近的引号或分隔符不成对，请检查后再导入。")
            % {"line": reader.line_num}
        ) from error
    return found, refused


def _check_header(header: list[str | None]) -> None:
    named = [name for name in header if name]
    if not {"kind", "term"} <= set(named) or len(set(named)) < len(named):
        raise Unreadable(
            _("第一行要是列名：%(names)s。请先导出一份，在它上面改。")
            % {"names": "、".join(FIELDS.values())}
        )


def _take(number: int, cells: dict, found: list, refused: list) -> None:
    values = {name: _unguarded(cell) for name, cell in cells.items() if name}
    kind = values["kind"].strip()
    values["kind"] = KIND_NAMES.get(kind, kind)
    level = values.get("level", "").strip()
    values["level"] = LEVEL_NAMES.get(level, level)
    word = words.tidy(**values)
    if values["kind"] in KINDS:
        found.append((number, word))
    else:
        reason = next(iter(shape_problems(word).values()))
        refused.append(Line(number, word.term or kind, reason))


def _unguarded(cell: str) -> str:
    guarded = cell.startswith(GUARD) and cell[1:].startswith((*FORMULA, GUARD))
    return cell[1:] if guarded else cell


def planned(text: str, state: State, *, replace: bool) -> Plan:
    """Return what importing ``text`` into ``state`` would do.

    ``replace``: words that the file lacks are removed; otherwise they stay as they are.
    Raises Unreadable.
    """
    found, refused = read(text)
    rows = len(found) + len(refused)
    numbers: dict[Key, int] = {}
    wanted: dict[Key, Word] = {}
    for number, word in found:
        if word.key in wanted:
            first = _("和第 %(line)d 行重复。") % {"line": numbers[word.key]}
            refused.append(Line(number, word.label, first))
            continue
        numbers[word.key], wanted[word.key] = number, word
    after = wanted if replace else {**state, **wanted}
    changes = words.difference(state, _as_held(after, state))
    refused += _forbidden(state, changes, numbers)
    refused.sort(key=lambda line: line.number)
    return Plan(changes, refused, numbers, rows)


def _as_held(after: dict[Key, Word], state: State) -> dict[Key, Word]:
    """Write canonical words as they stand, so that another spelling of them is no change."""
    return words.applied(after, [Change(None, word) for word in after.values()])


def _forbidden(state: State, changes: list[Change], numbers: dict[Key, int]) -> Iterable[Line]:
    try:
        checked(state, changes)
    except Refused as refused:
        held = {
            row.key: row for change in changes for row in (change.before, change.after) if row
        } | dict(state)
        return [
            Line(
                numbers.get(problem.key, 0),
                held[problem.key].label if problem.key in held else "",
                problem.message,
            )
            for problem in refused.problems
        ]
    return []
