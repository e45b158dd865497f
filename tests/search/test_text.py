import subprocess
import sys

import pytest

from search.text import match, question, segment
from search.text.highlight import excerpt
from search.text.normalise import fold, normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ＡＩ　技術", "ai 技术"),
        ("農民工討薪", "农民工讨薪"),
        ("讨\u200b薪\x00\ufeff", "讨薪"),
        ("  多个\n\t空白  ", "多个 空白"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_texts_a_reader_takes_for_the_same_come_out_equal(written, meant):
    assert normalise(written) == meant


def test_normalised_text_is_cut_to_its_limit():
    assert len(normalise("工" * 50, limit=10)) == 10


def test_fold_keeps_the_place_of_every_character():
    text = "①農民工㎏"
    folded, places = fold(text)
    assert folded == "1农民工kg"
    assert [text[place] for place in places] == list("①農民工㎏㎏")


def test_house_words_are_never_cut():
    assert segment.words("大小周和陪产假算不算五险一金") == [
        "大小周",
        "和",
        "陪产假",
        "算不算",
        "五险一金",
    ]


def test_index_holds_units_pairs_and_long_words():
    assert segment.index_tokens("AI農民工") == [
        *("ai", "农", "民", "工"),
        *("ai农", "农民", "民工"),
        "农民工",
    ]


def test_a_word_is_found_however_the_sentence_was_cut():
    assert set(question.ask("长江大桥").weights) <= set(segment.index_tokens("南京市长江大桥"))


def test_text_rooms_work_without_django():
    code = (
        "import sys; from search.text import keywords, match, highlight, segment;"
        "assert match.find_terms('讨薪'); assert segment.words('农民工讨薪');"
        "assert 'django.db' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_terms_are_found_longest_first_with_their_canonical_word():
    text = "老板拖欠工资，外賣騎手也要ＥＡＰ"
    found = match.find_terms(text)
    assert [(m.term, m.canonical, text[m.start : m.end]) for m in found] == [
        ("拖欠工资", "欠薪", "拖欠工资"),
        ("外卖骑手", "网约配送员", "外賣騎手"),
        ("EAP", "心理咨询", "ＥＡＰ"),
    ]
    assert found[0].topic == "劳动报酬/欠薪"


def test_numbers_match_whole_only():
    assert [m.term for m in match.find_terms("拨打12351")] == ["12351"]
    assert match.find_terms("单号9123510") == []


def test_excerpt_marks_words_and_escapes_everything_else():
    shown = excerpt('<script>alert("高温")</script>&高温补贴', "高温补贴 <b>")
    assert "<script>" not in shown
    assert "<mark>高温补贴</mark>" in shown
    assert "&lt;script&gt;" in shown
    assert "&amp;" in shown


def test_excerpt_shows_the_passage_that_answers():
    shown = excerpt("前言" * 200 + "高溫補貼每月三百元" + "后记" * 200, "高温补贴多少钱", 60)
    assert "<mark>高溫補貼</mark>每月三百元" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("text", "query"), [("", "工会"), ("正文", ""), ("正文", "&<>\"'"), ("a", "的")]
)
def test_excerpt_without_a_match_is_the_beginning(text, query):
    assert "<mark>" not in excerpt(text, query)
