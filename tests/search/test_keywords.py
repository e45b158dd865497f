"""Keywords: names and things first, no small words, explained, and no input too strange."""

import math
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.news.templatetags import news_admin
from search import lexicon
from search.text.keywords import PARTS, READ, keywords
from search.text.normalise import clean

TITLE = "地铁站里的母婴室：周慧敏和她的“小窗口”"
TEXT = (
    "早上七点，周慧敏打开母婴室的灯。地铁站的母婴室开了三年，来的人一天比一天多。"
    "“以前我们只有一张椅子。”周慧敏说。2023年5月，区里给母婴室换了新的护理台，花了3万元。"
    "现在，地铁站每天有二十多位妈妈来。周慧敏把大家的话记在本子上，取名《窗口日记》。"
)


def words(title: str, text: str, top: int = 8) -> list[str]:
    return [one.word for one in keywords(title, text, top)]


def readable(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text))


def test_keywords_name_the_matter_and_no_small_words():
    text = "公司拖欠工资三个月，大家去仲裁。工会法律援助律师帮助申请劳动仲裁，追回拖欠工资。" * 2
    found = words("工会法律援助帮农民工追回拖欠工资", text)
    assert {"拖欠工资", "工会法律援助"} <= set(found[:3])
    assert not {"公司", "大家", "的"} & set(found)


def test_people_places_and_compounds_come_whole():
    assert set(words(TITLE, TEXT)[:3]) == {"周慧敏", "母婴室", "地铁站"}


def test_a_word_of_the_title_counts_for_more():
    text = "会上，代表们谈了食堂，也谈了宿舍。"
    assert words("食堂要办好", text, 1) == ["食堂"]
    assert words("宿舍要修好", text, 1) == ["宿舍"]


def test_what_is_said_first_counts_for_more():
    between = "。我们等了很久，也问过很多次，一直没有人来看，也没有人回话。"
    assert words("", f"食堂太远{between}宿舍太小", 1) == ["食堂"]
    assert words("", f"宿舍太小{between}食堂太远", 1) == ["宿舍"]


@pytest.mark.parametrize("name", ["我和我的工友", "窗口日记", "梁家河2"])
def test_names_in_book_marks_are_whole(name):
    assert name in words(f"《{name}》开机", f"昨天，《{name}》在影视城开机。演员们来了。")


@pytest.mark.parametrize("name", ["亚当·斯密", "歼20", "iPhone X"])
def test_names_with_marks_digits_and_blanks_are_whole(name):
    assert name in words(f"{name}来了", f"大家都在谈{name}。可是{name}到底怎么样？看看{name}吧。")


def test_what_stands_only_inside_a_longer_keyword_is_left_out():
    found = words("次贷危机十年", "次贷危机来了。次贷危机又来了。")
    assert "次贷危机" in found
    assert "次贷" not in found


def test_no_dates_numbers_single_characters_or_small_words():
    text = TEXT + "第一，2024年；其次，66%、三十万、１２３、5月1日，哈哈哈，太好了。"
    for word in words(TITLE, text, 200):
        assert len(word) > 1
        assert not word[0].isdigit()
        assert word.lower() not in lexicon.current().stop_words
        assert word not in {"三十万", "第一", "哈哈哈", "太好了", "一天", "二十多位"}


def test_a_name_that_is_cut_in_different_ways_is_counted_whole():
    found = keywords("", "母婴室开了门，母婴室换了灯，母婴室里有灯")
    assert found[0].word == "母婴室"
    assert found[0].parts["frequency"] == 3


def test_numbers_that_count_something_close_no_name():
    assert not any("300" in word for word in words("", "补贴300元没发，补贴300元没到", 20))
    assert not any("2024" in word for word in words("", "会议2024年开，会议2024年完", 20))


def test_a_hotline_is_a_word():
    assert words("", "12351打了好几次没人接", 1) == ["12351"]


def test_addresses_are_no_matter_of_the_text():
    text = "报名请上https://example.org/signup.html，或者写信到huodong@example.org，食堂有海报"
    assert words("", text, 20)[0] == "食堂"
    assert not any(word.isascii() for word in words("", text, 20))


@pytest.mark.parametrize(
    ("comment", "first"),
    [
        ("公司拖欠工资三个月没人管", "拖欠工资"),
        ("外卖骑手有没有工伤保险啊？", "外卖骑手"),
        ("电梯总是坏", "电梯"),
        ("食堂的饭菜越来越贵了", "食堂"),
        ("张桂梅校长太伟大了", "张桂梅"),
        ("补贴还没发，太好了", "补贴"),
    ],
)
def test_one_line_comments_give_their_thing_first(comment, first):
    assert words("", comment)[0] == first


def test_words_of_the_house_are_lifted_and_general_ones_less():
    found = {one.word: one.parts["house"] for one in keywords("", "食堂门口的爱心驿站")}
    assert found["爱心驿站"] > found["食堂"] > found["门口"] == 1


def test_parts_reproduce_the_score_and_have_names_for_editors():
    found = keywords(TITLE, TEXT, 30)
    assert len(found) > 8
    for one in found:
        assert tuple(one.parts) == PARTS == tuple(news_admin.PARTS)
        assert one.score == pytest.approx(math.prod(one.parts.values()))
        assert one.score > 0
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_same_text_gives_the_same_keywords():
    assert keywords(TITLE, TEXT, 20) == keywords(TITLE, TEXT, 20)


def test_fewer_are_the_beginning_of_more():
    assert words(TITLE, TEXT, 3) == words(TITLE, TEXT, 10)[:3]


@pytest.mark.parametrize(
    ("title", "text"), [("", ""), ("🙂", "，。！\x00 123"), ("的", "了吗呢"), ("《》", "《!!!》")]
)
def test_keywords_of_nothing_are_none(title, text):
    assert keywords(title, text) == []


HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["《", "》", "《《", "·", "-", " ", "\n", "\x00", "\ud800", "ﷺ", "工会", "歼20", "a b"]
        ),
        st.sampled_from([TITLE, TEXT, "拖欠工资", "ＡＢＣ", "哈" * 30, "《工人日报》", "1.5%"]),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(title=HOSTILE, text=HOSTILE, top=st.integers(0, 12))
def test_whatever_is_written_keywords_stand_in_it(title, text, top):
    found = keywords(title, text, top)
    assert len(found) <= top
    assert len({one.word for one in found}) == len(found)
    read = readable(f"{title[:READ]}\n{text[:READ]}")
    for one in found:
        assert one.word in read
        assert math.isfinite(one.score)
