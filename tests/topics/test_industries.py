"""Which industries words speak of: by sure words, by ambiguous ones beside others, and not by those
that a customer or a patient uses."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.topics.industries import DATA, industries, names


def test_the_industries_are_those_of_the_plan():
    assert names() == [
        *("外卖配送", "网约车与货运", "快递物流", "建筑施工", "制造业", "餐饮住宿", "零售商超"),
        *("环卫保洁", "家政护理", "教育", "医疗卫生", "矿山能源", "交通运输", "互联网"),
        *("物业保安", "公共机构"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("骑手超时扣款太多", ["外卖配送"]),
        ("我送外卖三年了，站点不给交社保", ["外卖配送"]),
        ("网约车抽成三成多", ["网约车与货运"]),
        ("跑长途的卡友没地方休息", ["网约车与货运"]),
        ("快递员派件费又降了", ["快递物流"]),
        ("分拣中心夜班太冷", ["快递物流"]),
        ("工地包工头欠薪", ["建筑施工"]),
        ("架子工没有安全绳", ["建筑施工"]),
        ("车间粉尘大，机器老化", ["制造业"]),
        ("电子厂流水线站十二小时", ["制造业"]),
        ("餐馆后厨没空调", ["餐饮住宿"]),
        ("酒店客房服务员计件", ["餐饮住宿"]),
        ("超市收银站一天", ["零售商超"]),
        ("环卫工夏天没有水喝", ["环卫保洁"]),
        ("月嫂中介抽成高", ["家政护理"]),
        ("养老院护工没有合同", ["家政护理"]),
        ("民办学校老师寒假没有工资，课时费也低", ["教育"]),
        ("幼儿园老师没有编制", ["教育"]),
        ("合同护士同工不同酬", ["医疗卫生"]),
        ("规培生在医院值夜班没有补贴", ["医疗卫生"]),
        ("煤矿井下作业尘肺", ["矿山能源"]),
        ("供电局抢修队大雪天爬杆", ["矿山能源"]),
        ("公交司机没地方吃饭", ["交通运输"]),
        ("高铁乘务员排班太密", ["交通运输"]),
        ("程序员天天996", ["互联网"]),
        ("主播在直播间里播到凌晨", ["互联网"]),
        ("小区保安没有社保", ["物业保安"]),
        ("社区网格员编外没有年终奖", ["公共机构"]),
        ("保安调去做保洁", ["物业保安", "环卫保洁"]),
    ],
)
def test_words_name_the_industry(text, found):
    assert list(industries(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "司机师傅停一下",
        "站长扣我八百",
        "班组有八个人",
        "前台让我登记",
        "老师讲得好",
        "夜班太累",
        "点外卖送到单位行不行",
        "我去超市买菜",
        "坐公交上班",
        "取快递的柜子坏了",
        "医生说要休息",
        "落实安全生产，保安全",
        "医院看病能报多少",
        "孩子上学怎么申请助学金",
        "三个月没发工资",
        "",
    ],
)
def test_ambiguous_words_alone_and_customers_words_name_none(text):
    assert industries(text) == {}


def test_an_ambiguous_word_counts_beside_a_sure_one():
    text = "骑手说站长扣钱"
    assert [text[start:end] for start, end in industries(text)["外卖配送"]] == ["骑手", "站长"]


def test_places_are_those_of_the_text_as_it_was_written():
    text = "🙂 建築公司的鋼筋工，ＭＣＮ主播"
    assert {
        name: [text[start:end] for start, end in places]
        for name, places in industries(text).items()
    } == {"建筑施工": ["建築公司", "鋼筋工"], "互联网": ["ＭＣＮ", "主播"]}


def test_latin_words_count_whole_only():
    assert industries("digital") == {}
    assert list(industries("git log")) == ["互联网"]


def test_no_word_is_both_sure_and_excluded():
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sure = [word for row in rows if not row["with"] for word in row["words"].split()]
    assert sorted({word for word in sure if sure.count(word) > 1}) == []


@given(st.text(alphabet="骑手站长工地git 司机🙂ﬁ，", max_size=30))
def test_any_text_gives_places_within_it(text):
    for places in industries(text).values():
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)
