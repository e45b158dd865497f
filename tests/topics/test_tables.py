"""Tables from other systems: whatever is handed in, it is read as the person sees it in Excel, or
refused with a sentence that says what to do."""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from cms.topics.tables import (
    TableError,
    guess_columns,
    read_table,
    reading,
    rejected_workbook,
    sources,
)

HEADER = ["来电时间", "诉求内容", "所属工会"]
ROW = ["2026-03-05 14:20", "三个月没发工资", "城东区总工会"]


def csv_of(*rows, encoding="utf-8", delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(*rows, change=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data, change):
    """The package with `change(name, content) -> content or None` applied to each part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def refusal(data, name):
    with pytest.raises(TableError) as refused:
        read_table(data, name)
    return str(refused.value)


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_and_with_the_delimiters_of_office_programs(encoding, delimiter):
    table = read_table(csv_of(HEADER, ROW, encoding=encoding, delimiter=delimiter), "热线.csv")
    assert (table.header, table.rows) == (HEADER, [(2, ROW)])


def test_a_character_that_only_gb18030_has():
    table = read_table(csv_of(HEADER, ["", "镕𠮷", ""], encoding="gb18030"), "a.csv")
    assert table.rows == [(2, ["", "镕𠮷", ""])]


def test_quoted_line_breaks_and_blank_rows_keep_the_numbers_of_excel():
    data = csv_of(HEADER, ["", "一\n二", ""], [], ["", "  ", ""], ["", "三", ""])
    assert read_table(data, "a.csv").rows == [(2, ["", "一\n二", ""]), (5, ["", "三", ""])]


def test_a_line_for_excel_that_names_the_separator_is_no_row():
    assert read_table(b"sep=;\n" + csv_of(HEADER, ROW, delimiter=";"), "a.csv").rows == [(2, ROW)]


def test_commas_within_sentences_are_not_the_delimiter():
    data = csv_of(["编号", "内容"], ["1", "您好，工资,奖金,补贴都没发"], delimiter="\t")
    assert read_table(data, "a.csv").rows == [(2, ["1", "您好，工资,奖金,补贴都没发"])]


def test_an_open_quotation_mark_is_told_of():
    data = '来电时间,诉求内容,工会\n1,"没有结束\n'.encode() + "字".encode() * 5001
    assert "双引号没有成对" in refusal(data, "a.csv")


def test_bytes_in_no_encoding_are_refused():
    assert "CSV UTF-8" in refusal(b"a,b,c\n\xff\xff\x80,1,2", "a.csv")


# --- XLSX ----------------------------------------------------------------------------------------


def test_cells_of_all_kinds_are_text_as_it_is_shown():
    data = xlsx_of(
        HEADER,
        [datetime(2026, 3, 5, 14, 20), 13812345678, 3.5],
        [date(2026, 3, 5), True, time(9, 5)],
        [46086.0, " 工资\u200b\n没发 ", None],
    )
    assert read_table(data, "a.xlsx").rows == [
        (2, ["2026-03-05 14:20:00", "13812345678", "3.5"]),
        (3, ["2026-03-05 00:00:00", "True", "09:05:00"]),
        (4, ["46086", "工资\n没发", ""]),
    ]


def test_titles_above_the_header_are_passed_over():
    def merge(book):
        book.active.merge_cells("A1:C1")

    title = ["12351 热线来电记录", None, None]
    data = xlsx_of(title, ["制表：某部", "第一页"], [], HEADER, ROW, change=merge)
    table = read_table(data, "a.xlsx")
    assert (table.header, table.rows) == (HEADER, [(5, ROW)])


def test_a_header_of_unknown_words_is_the_first_row_with_three_cells():
    table = read_table(xlsx_of(["表"], ["甲", "乙", "丙"], ["1", "2", "3"]), "a.xlsx")
    assert table.header == ["甲", "乙", "丙"]


def test_a_survey_of_one_known_column_is_enough():
    assert read_table(csv_of(["内容"], ["工资没发"]), "a.csv").rows == [(2, ["工资没发"])]


def test_formulas_give_what_they_came_to():
    data = xlsx_of(HEADER, ["=1+1", "工资", "x"])
    with_value = repacked(
        data,
        lambda name, content: (
            content.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
                b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
            )
            if name.endswith("sheet1.xml")
            else content
        ),
    )
    assert read_table(with_value, "a.xlsx").rows == [(2, ["2", "工资", "x"])]


def test_the_first_sheet_that_is_shown_is_read():
    def hide(book):
        book.active.sheet_state = "hidden"
        sheet = book.create_sheet()
        sheet.append(HEADER)
        sheet.append(ROW)

    assert read_table(xlsx_of(["别", "的", "表"], change=hide), "a.xlsx").rows == [(2, ROW)]


def test_a_row_longer_than_the_header_keeps_its_cells():
    assert read_table(xlsx_of(HEADER, [*ROW, "多", "出"]), "a.xlsx").rows == [
        (2, [*ROW, "多", "出"])
    ]


def test_content_counts_and_not_the_ending():
    assert read_table(xlsx_of(HEADER, ROW), "a.csv").rows == [(2, ROW)]


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "空文件"),
        (b" \n\n ", "a.csv", "空文件"),
        (b"\xd0\xcf\x11\xe0rest", "a.xls", "另存为"),
        (b"\xd0\xcf\x11\xe0rest", "a.xlsx", "密码"),
        (b"any", "a.xlsm", "宏"),
        (b"any", "a.pdf", "只能导入"),
        (b"\xef\xbb\xbf<html><table>", "a.xls", "旧格式"),
        (b"\xef\xbb\xbf <html><table>", "a.xlsx", "网页"),
        (b"a,b,c", "a.xlsx", "不是有效的"),
        (b"PK\x03\x04broken", "a.xlsx", "打不开"),
        ("内容".encode(), "a.csv", "只有表头"),
        ("一,二\n三,四".encode(), "a.csv", "找不到表头"),
    ],
)
def test_refusals_say_what_to_do(data, name, said):
    text = refusal(data, name)
    assert said in text
    assert "请" in text


def test_macros_are_refused_whatever_the_name():
    data = xlsx_of(HEADER, ROW)
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert "宏" in refusal(out.getvalue(), "a.xlsx")


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "x")
    assert "压缩包" in refusal(out.getvalue(), "a.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    data = repacked(
        xlsx_of(HEADER, ROW),
        lambda name, content: b" " * 30_000_000 if name.endswith("sheet1.xml") else content,
    )
    assert len(data) < 100_000
    monkeypatch.setattr(sources, "_sheet_rows", lambda data: pytest.fail("unpacked"))
    assert "太大" in refusal(data, "a.xlsx")


def test_entities_in_xml_are_not_expanded():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    data = repacked(
        xlsx_of(HEADER, ROW),
        lambda name, content: bomb if name.endswith("sheet1.xml") else content,
    )
    assert "损坏" in refusal(data, "a.xlsx")


def test_a_row_number_out_of_all_range_takes_no_time():
    data = repacked(
        xlsx_of(HEADER, ROW, ROW),
        lambda name, content: (
            content.replace(b'<row r="3"', b'<row r="9999999999"')
            if name.endswith("sheet1.xml")
            else content
        ),
    )
    assert read_table(data, "a.xlsx").rows == [(2, ROW)]


def test_limits_of_size_rows_columns_and_cells(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert len(read_table(csv_of(HEADER, *[ROW] * 3), "a.csv").rows) == 3
    assert "行" in refusal(csv_of(HEADER, *[ROW] * 4), "a.csv")
    assert "60 列" in refusal(xlsx_of(["列"] * 61, ROW), "a.xlsx")
    assert "5000 字" in refusal(csv_of(HEADER, ["", "字" * 5001, ""]), "a.csv")
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    assert "20 MB" in refusal(io.BytesIO(b"x" * 101), "a.csv")


PLAIN_BOOK = xlsx_of(HEADER, ROW)


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=80).map(lambda tail: b"PK\x03\x04" + tail),
        st.text(alphabet='",;\t\n\r\x00时间内容a\ufeff', max_size=80).map(str.encode),
        st.tuples(st.integers(0, len(PLAIN_BOOK) - 1), st.binary(min_size=1, max_size=6)).map(
            lambda cut: PLAIN_BOOK[: cut[0]] + cut[1] + PLAIN_BOOK[cut[0] + len(cut[1]) :]
        ),
    ),
    st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a", "a.xls"]),
)
@example(b'"', "a.csv")
@example(b"\xff\xfe\x00", "a.csv")
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_are_read_or_refused(data, name):
    with suppress(TableError):
        table = read_table(data, name)
        numbers = [number for number, _cells in table.rows]
        assert numbers == sorted(set(numbers))
        assert all(len(cells) >= len(table.header) for _number, cells in table.rows)


@given(st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]), st.data())
@settings(max_examples=100, deadline=None)
def test_any_damage_to_a_part_is_read_or_refused(part, data):
    def damage(name, content):
        if name != part:
            return content
        start = data.draw(st.integers(0, len(content)))
        return content[:start] + data.draw(st.binary(max_size=5)) + content[start + 3 :]

    with suppress(TableError):
        read_table(repacked(PLAIN_BOOK, damage), "a.xlsx")


# --- Columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            [
                *("序号", "来电时间", "来电人", "联系电话", "诉求标题", "诉求内容"),
                *("诉求类型", "承办单位", "办理结果", "办结时间"),
            ],
            {
                **{"number": 0, "said_at": 1, "person": 3, "title": 4, "text": 5},
                **{"kind": 6, "union": 7, "reply": 8},
            },
        ),
        (
            ["提交答卷时间", "所用时间", "1、您的区县*", "2.您的意见（选填）"],
            {"said_at": 0, "union": 2, "text": 3},
        ),
        (["工单号", "被诉单位", "问题描述", "回复时间"], {"number": 0, "text": 2}),
        (["甲", "", "乙"], {}),
    ],
)
def test_columns_are_guessed_by_their_headings(header, columns):
    assert guess_columns(header) == columns


# --- What could not be taken in ------------------------------------------------------------------


def test_rejected_rows_come_back_as_they_were_and_never_as_formulas():
    hostile = ["=HYPERLINK(1)", "+1", "-1", "@x", "正常\n两行", "a\x00b"]
    data = rejected_workbook(HEADER, [(7, hostile, "时间看不懂")])
    sheet = load_workbook(io.BytesIO(data)).active
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert [cell.value for cell in cells] == [
        *(7, "时间看不懂", "=HYPERLINK(1)", "+1", "-1", "@x", "正常\n两行", "a b"),
    ]
    assert {cell.data_type for cell in cells[1:]} == {"s"}
    assert all(cell.quotePrefix for cell in cells[2:6])
    again = read_table(data, "a.xlsx")
    assert again.header == ["行号", "原因", *HEADER]
    assert again.rows[0][1][2] == "=HYPERLINK(1)"


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=20))
def test_any_text_can_be_given_back(cells, reason):
    assert rejected_workbook(HEADER, [(1, cells, reason)]).startswith(b"PK")
