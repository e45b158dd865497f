"""New words are found by how they hold together and how freely they are used."""

import pytest

from search.text import newwords

SUBJECTS = ["小区", "园区", "工地", "商场", "车站", "医院", "学校", "广场"]
SAID = ["坏了没人修", "排队要很久", "晚上特别亮", "离家比较远", "收费不太透明", "数量明显不够"]


@pytest.fixture
def texts():
    """Eight places × six complaints about a thing that no dictionary knows."""
    return [f"{where}云洗亭{what}，希望早日解决" for where in SUBJECTS for what in SAID]


def words_of(found):
    return [one.word for one in found]


def test_a_word_that_no_dictionary_has_is_found_with_its_figures_and_examples(texts):
    found = {one.word: one for one in newwords.find(texts)}
    one = found["云洗亭"]
    assert (one.count, one.texts) == (48, 48)
    assert one.cohesion >= newwords.COHESION
    assert one.freedom >= newwords.FREEDOM
    assert len(one.examples) == newwords.EXAMPLES
    assert all("云洗亭" in example for example in one.examples)


def test_the_same_texts_give_the_same_words(texts):
    assert newwords.find(texts) == newwords.find(texts)


def test_a_part_that_stands_only_in_the_word_is_no_word(texts):
    assert not {"云洗", "洗亭"} & set(words_of(newwords.find(texts)))


def test_known_words_are_not_proposed(texts):
    assert "云洗亭" not in words_of(newwords.find(texts, known=lambda word: word == "云洗亭"))
    assert not {"希望", "解决", "收费"} & set(words_of(newwords.find(texts)))


def test_a_text_posted_fifty_times_counts_once(texts):
    assert "共享轮椅" not in words_of(newwords.find([*texts, *["楼下的共享轮椅很好用"] * 50]))


def test_a_headline_under_every_story_counts_once(texts):
    headline = "云雀计划请您报名"
    assert "云雀计划" not in words_of(newwords.find([f"{text}\n{headline}" for text in texts]))


def test_one_persons_own_word_is_not_proposed(texts):
    own = ["我把" + "哈吉米，".join(SUBJECTS) + "哈吉米" for _time in range(2)]
    assert "哈吉米" not in words_of(newwords.find([*texts, *own]))


def test_names_are_not_proposed():
    texts = [f"{where}的王翠兰同志{what}" for where in SUBJECTS for what in SAID]
    assert "王翠兰" not in words_of(newwords.find(texts))


def test_what_is_somebodys_own_is_not_shown():
    hidden = newwords.hide(
        "打13912345678或写信a.b@example.com，找@张三丰，见https://x.cn/1?q=2 谢谢"
    )
    for own in ("139", "example", "张三丰", "x.cn"):
        assert own not in hidden
    assert "谢谢" in hidden


def test_examples_are_short(texts):
    long = [("前" * 80) + text.replace("，", "") + ("后" * 80) for text in texts]
    found = {one.word: one for one in newwords.find(long)}
    for example in found["云洗亭"].examples:
        assert "云洗亭" in example
        assert len(example) <= newwords.EXAMPLE_LENGTH + 2


def test_more_text_than_is_read_is_left_out(texts, monkeypatch):
    monkeypatch.setattr(newwords, "MOST_CHARACTERS", 60)
    assert newwords.find(texts) == []


@pytest.mark.parametrize("texts", [[], [""], ["\0\n\ud800"], ["abc 123"], ["。" * 999], ["字"]])
def test_nothing_to_find_is_no_error(texts):
    assert newwords.find(texts) == []
