"""What others are shown of somebody's words: nothing that leads to a person; the rest as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.interactions.privacy import mask, quotable, quotable_pieces


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("包工头李国强欠薪，电话13812345678", "包工头某某欠薪，电话[手机号已隐去]"),
        ("一三八1234五六78找我", "[手机号已隐去]找我"),
        ("加QQ 123456789", "加[QQ号已隐去]"),
        ("微信：zhangsan", "微信：[微信号已隐去]"),
        ("邮箱a.b@example.com", "邮箱[邮箱已隐去]"),
        ("打0571-87654321转8012", "打[电话已隐去]"),
        ("家里电话是87654321", "家里电话是[电话已隐去]"),
        ("车牌浙A·12345", "车牌[车牌号已隐去]"),
        ("新能源车粤BD12345", "新能源车[车牌号已隐去]"),
        ("身份证330102199001011234", "身份证[身份证号已隐去]"),
        ("旧身份证330102900101123", "旧身份证[证件号已隐去]"),
        ("工号10086123", "工号[证件号已隐去]"),
        ("卡号 1234 5678 9012 3456", "卡号 [银行卡号已隐去]"),
        ("张经理骂人，姓王的也骂", "某经理骂人，姓某的也骂"),
        ("欧阳主任和@小北", "某主任和@某某"),
    ],
)
def test_what_leads_to_a_person_is_hidden(text, shown):
    assert quotable(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12351或12345",
        "投诉平台电话 400-820-8820",
        "2026年3月5日扣了20260元",
        "订单号2026030512345678没人管",
        "京A级景区的保洁",
        "老板马上就要跑路了",
    ],
)
def test_the_rest_stays(text):
    assert quotable(text) == text


def test_a_name_that_overlaps_a_mark_is_hidden_whole():
    text = "包工头李国强欠薪"
    assert quotable_pieces(text, [[0, 4], [6, 8]]) == [
        ("包工头", True),
        ("某某", False),
        ("欠薪", True),
    ]


def test_a_name_within_a_mark_is_marked():
    assert quotable_pieces("找张经理要工资", [[1, 4]]) == [
        ("找", False),
        ("某经理", True),
        ("要工资", False),
    ]


def test_marks_beyond_the_text_or_over_each_other_do_no_harm():
    assert quotable_pieces("欠薪了", [[0, 2], [1, 2], [2, 99]]) == [("欠薪了", True)]
    assert quotable_pieces("", [[0, 3]]) == []


def test_what_an_author_is_told_does_not_change():
    masked = mask("李国强，电话13812345678，邮箱a.b@example.com")
    assert masked.text == "李国强，电话[手机号已隐去]，邮箱a.b@example.com"
    assert masked.names == "手机号"


@given(
    st.text(alphabet="张经理欠薪13812345678 @a.老王，", max_size=40),
    st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=4),
)
def test_pieces_are_the_quotation_cut(text, marks):
    pieces = quotable_pieces(text, marks)
    assert "".join(piece for piece, _marked in pieces) == quotable(text)
    assert all(piece for piece, _marked in pieces)
