"""What is meant by what sounds like it; corrections come from the vocabulary and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.text import sound, spell
from search.text.sound import rough, spelling

VOCABULARY = (
    *("工资", "工资条", "拖欠工资", "老板", "怎么", "劳动仲裁", "仲裁", "高温补贴", "高温津贴"),
    *("工伤保险", "工商", "保险", "社会保险", "临时工", "公积金", "住房公积金", "西安", "律师"),
    *("重庆", "工会", "农民工", "认定", "怎么办", "app"),
)


def word(text: str, documents: int = 3) -> spell.Word:
    syllables = spelling(text)
    initials = "".join(syllable[0] for syllable in syllables)
    return spell.Word(text, documents, "".join(syllables), initials)


WORDS = [word(text) for text in VOCABULARY]


def look_up(sounds, initials):
    return [one for one in WORDS if rough(one.sound) in sounds or one.initials in initials]


def meant(typed: str) -> str:
    guesses = spell.guess(typed, look_up)
    return guesses.likely.text if guesses.likely else typed


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("gongzi", "工资"),
        ("gong zi", "工资"),
        ("ＧＯＮＧＺＩ", "工资"),
        ("gōngzī", "工资"),
        ("xi'an", "西安"),
        ("lüshi", "律师"),
        ("lvshi", "律师"),
        ("chongqing", "重庆"),
        ("高温butie", "高温补贴"),
        ("高温 butie", "高温补贴"),
        ("工资tiao", "工资条"),
        ("gaowenjintie zenmeban", "高温津贴 怎么办"),
        ("ldzc", "劳动仲裁"),
        ("公资", "工资"),
        ("劳动中裁", "劳动仲裁"),
        ("勞動中裁", "劳动仲裁"),
        ("高文津贴", "高温津贴"),
        ("老板拖欠公资怎么办", "老板拖欠工资怎么办"),
        ("住房公鸡金", "住房公积金"),
        ("工商保险", "工伤保险"),
    ],
)
def test_words_are_read_by_their_sound(typed, text):
    assert meant(typed) == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [("灵时工", "临时工"), ("nongmingong", "农民工"), ("gongji jing", "公积金")],
)
def test_near_sounds_are_forgiven(typed, text):
    assert meant(typed) == text


@pytest.mark.parametrize("typed", [*VOCABULARY, "工资 工会", "app", "老板拖欠工资怎么办", "12351"])
def test_a_known_word_is_never_changed(typed):
    assert spell.guess(typed, look_up) == spell.Guesses()


def test_a_word_of_the_dictionary_gives_way_only_when_we_dare():
    guesses = spell.guess("公子", look_up)
    assert guesses.likely is None
    assert guesses.daring.text == "工资"


@pytest.mark.parametrize(
    "typed", ["住在公资路的张三问一问怎么办", "公资路边上的老板拖着不给怎么办", "工的", "我的工资"]
)
def test_two_strange_characters_in_a_sentence_are_a_name(typed):
    assert meant(typed) == typed


def test_letters_that_spell_a_word_are_sure_and_a_like_sounding_word_is_not():
    assert spell.guess("高温butie", look_up).likely.sure
    assert not spell.guess("高文补贴", look_up).likely.sure


def test_the_commoner_of_two_words_of_one_sound_is_meant():
    words = [word("公式", 2), word("公示", 9)]
    assert spell.guess("gongshi", lambda *_keys: words).likely.text == "公示"


def test_a_long_text_is_read_at_its_beginning_and_kept_to_its_end():
    assert meant("住房公鸡金" + "呢" * 100) == "住房公积金" + "呢" * 100


def test_brands_and_foreign_words_stay():
    assert meant("wechat") == "wechat"
    assert meant("SpaceX 工资") == "SpaceX 工资"


@pytest.mark.parametrize(
    "typed", ["gongzi", "laodongzhongcai", "fangan", "xian", "zhongguo", "lve"]
)
def test_the_rough_sound_of_a_beginning_begins_the_rough_sound(typed):
    for end in range(len(typed)):
        assert rough(typed).startswith(rough(typed[:end]))


CHARACTERS = st.sampled_from("工资公子劳动中裁高温gongzichuangxlv ' 0的。\x00😀é")


@given(st.one_of(st.text(max_size=200), st.text(CHARACTERS, max_size=60)))
@settings(max_examples=200, deadline=None)
def test_no_text_raises_and_every_correction_is_a_word_of_the_vocabulary(text):
    guesses = spell.guess(text, look_up)
    for correction in filter(None, (guesses.likely, guesses.daring)):
        assert {now for _was, now in correction.changes} <= set(VOCABULARY)
        assert all(now in correction.text for _was, now in correction.changes)


@given(st.text(max_size=50))
@settings(max_examples=100, deadline=None)
def test_sounds_of_any_text_are_letters(text):
    for key in spell.keys_of(text):
        assert key.isascii()
        assert key.isalpha()
    for character in text:
        assert all(heard.isascii() for heard in sound.sounds(character))
