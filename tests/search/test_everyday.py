"""Twelve headlines of union news and forty words that people look for, on whichever database.

A story that holds a word is found by it, whatever stands round the word; a story that does not
hold it is not.
"""

import pytest
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from search.backends.tree import Sentence

HEADLINES = [
    "市总工会启动“送清凉”行动，户外劳动者高温津贴按月发放",
    "建筑工地欠薪专项整治：三百名农民工拿回血汗钱",
    "外卖骑手有了自己的工会，入会扫码三分钟办好",
    "职工互助保障续保开始，住院一天补助六十元",
    "女职工产假期间工资怎么算？法律援助律师在线解答",
    "五一劳动奖章推荐对象公示，一线工人占七成",
    "工伤认定被拒怎么办，仲裁员讲了三个案例",
    "货车司机之家开到高速服务区，热饭洗澡全免费",
    "集体协商要约行动月：最低工资标准上调后这样谈",
    "职工书屋新添两万册图书，夜校报名名额翻倍",
    "困难职工子女金秋助学金八月底前到账",
    "电焊工技能竞赛决赛落幕，状元获评技术能手",
]
#: Words as people type them, with the headlines that hold them.
WORDS = {
    "高温津贴": {0},
    "送清凉": {0},
    "清凉": {0},
    "户外劳动者": {0},
    "劳动者": {0},
    "津贴": {0},
    "欠薪": {1},
    "农民工": {1},
    "建筑工地": {1},
    "工地": {1},
    "血汗钱": {1},
    "外卖": {2},
    "骑手": {2},
    "入会": {2},
    "扫码": {2},
    "互助保障": {3},
    "住院": {3},
    "续保": {3},
    "产假": {4},
    "工资": {4, 8},
    "女职工": {4},
    "法律援助": {4},
    "律师": {4},
    "职工": {3, 4, 9, 10},
    "奖章": {5},
    "劳动": {0, 5},
    "工人": {5},
    "公示": {5},
    "工伤": {6},
    "工伤认定": {6},
    "仲裁": {6},
    "司机": {7},
    "服务区": {7},
    "集体协商": {8},
    "最低工资": {8},
    "夜校": {9},
    "图书": {9},
    "助学": {10},
    "困难职工": {10},
    "电焊": {11},
    "技能竞赛": {11},
    "工会": {0, 2},
}
#: Words that none of the headlines holds, though some hold their characters.
ABSENT = ["公积金", "薪工", "学校", "会员卡", "工地产", "保险", "医保", "离婚", "补贴", "竞赛奖"]


@pytest.fixture
def headlines(add_page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return [add_page(title) for title in HEADLINES]


def found(word):
    query = Sentence(word, synonyms=False)
    return {page.title for page in get_search_backend().search(query, Page)}


def test_the_table_is_right():
    for word, places in WORDS.items():
        assert {n for n, title in enumerate(HEADLINES) if word in title} == places, word
    assert not [word for word in ABSENT for title in HEADLINES if word in title]
    assert len(HEADLINES) == 12
    assert len(WORDS) >= 40


@pytest.mark.usefixtures("headlines")
def test_every_word_finds_all_headlines_that_hold_it_and_no_other():
    for word, places in WORDS.items():
        assert found(word) == {HEADLINES[n] for n in places}, word


@pytest.mark.usefixtures("headlines")
def test_a_word_that_is_nowhere_finds_nothing():
    assert {word: found(word) for word in ABSENT if found(word)} == {}


@pytest.mark.usefixtures("headlines")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("请问我们工地的高温津贴什么时候发", 0),
        ("老板拖欠农民工工资怎么办", 1),
        ("送外卖的可以加入工会吗", 2),
        ("住院了互助保障能补助多少钱", 3),
        ("休产假的时候工资应该怎么发", 4),
        ("工伤认定不给认怎么办", 6),
        ("开货车的在服务区哪里可以洗澡", 7),
        ("孩子上学困难职工有助学金吗", 10),
    ],
)
def test_a_whole_question_puts_the_right_story_first(typed, first):
    best = list(Page.objects.search(typed)[:1])
    assert [page.title for page in best] == [HEADLINES[first]]


@pytest.mark.usefixtures("headlines")
def test_synonyms_and_sayings_find_until_they_are_switched_off():
    assert HEADLINES[1] in {page.title for page in Page.objects.search("讨薪")}
    assert found("讨薪") == set()
