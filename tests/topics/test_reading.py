"""One text: longest match, synonyms, general words, the sentence, free keywords."""

import pytest

from cms.topics import reading


def test_synonyms_count_as_their_canonical_word():
    found = reading.topics_of("老板跑路，工资没发")
    assert list(found) == ["劳动报酬/欠薪"]
    assert list(found["劳动报酬/欠薪"].terms) == ["欠薪"]
    assert len(found["劳动报酬/欠薪"].marks) == 2


def test_the_longest_term_wins():
    text = "最低工资标准什么时候涨"
    marks = reading.topics_of(text)["劳动报酬/欠薪"].marks
    assert [text[start:end] for start, end in marks] == ["最低工资标准"]


def test_one_general_word_makes_no_topic_two_do():
    assert reading.topics_of("哪里可以充电") == {}
    assert list(reading.topics_of("哪里可以充电和饮水")) == ["户外驿站"]


def test_addressing_the_union_is_about_nothing():
    assert reading.topics_of("工会主席您好，请总工会看看") == {}


def test_the_sentence_holds_the_word_and_is_short():
    text = "你好！" + "我在工地干活" * 40 + "被拖欠工资" + "没有人管" * 40 + "。谢谢。"
    sentence = reading.topics_of(text)["劳动报酬/欠薪"].sentence
    assert "拖欠工资" in sentence
    assert len(sentence) <= reading.SENTENCE_LIMIT


def test_free_words_are_none_of_the_lexicon():
    read = reading.read("小区电梯坏了，快递员被拖欠工资")
    assert "电梯" in read.words
    assert not {"快递员", "拖欠工资", "欠薪"} & set(read.words)


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "。。。", "a" * 3000, "\ud800欠薪"])
def test_odd_texts_are_read_without_error(text):
    reading.read(text)


def test_small_words_are_no_keywords():
    assert reading.read("电梯总是坏").words == ["电梯"]
    assert reading.read("补贴还没发，太好了").words == ["补贴"]


def test_the_same_text_gives_the_same_reading():
    text = "高温天没有高温津贴，还要强制加班，五险一金也不交"
    assert reading.read(text) == reading.read(text)
