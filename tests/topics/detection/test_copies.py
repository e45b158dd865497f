"""Near-copies: the same text up to digits, marks and small edits is one saying."""

import pytest

from cms.topics.detection import Detector
from cms.topics.detection.copies import Copies, letters
from tests.topics.detection.voices import WAGES, day, said

TEXT = WAGES[0]


@pytest.mark.parametrize(
    "altered",
    [
        f"{TEXT}！！！",
        TEXT.replace("，", " ") + "88",
        f"【转】{TEXT}",
        TEXT.replace("再等等", "再等"),
        f"{TEXT}，求关注",
        TEXT.replace("电子", "電子"),
    ],
)
def test_a_text_with_small_edits_is_a_copy_of_the_first(altered):
    result = Detector().advance(day(0), [said(0, "b", "p2", altered), said(0, "a", "p1", TEXT)])
    assert len(result.copy_of) == 1


def test_the_same_matter_in_other_words_is_no_copy():
    every = [said(0, str(at), f"p{at}", text) for at, text in enumerate(WAGES)]
    assert Detector().advance(day(0), every).copy_of == {}


def test_short_texts_are_copies_only_if_all_letters_are_the_same():
    copies = Copies()
    assert copies.original("a", letters("", "欠薪没人管"), 1) is None
    assert copies.original("b", letters("", "欠薪有人管"), 1) is None
    assert copies.original("c", letters("", "欠薪没人管！3"), 1) == "a"


def test_a_copy_is_known_on_later_days_and_by_the_first_of_its_class():
    detector = Detector()
    detector.advance(day(0), [said(0, "a", "p1", TEXT)])
    assert detector.advance(day(3), [said(3, "b", "p2", f"{TEXT}顶")]).copy_of == {"b": "a"}
    assert detector.advance(day(5), [said(5, "c", "p3", f"{TEXT}顶一下")]).copy_of == {"c": "a"}


def test_copies_do_not_pull_a_centre():
    detector = Detector()
    detector.advance(day(0), [said(0, str(at), f"p{at}", f"{TEXT}{at}") for at in range(20)])
    (group,) = detector.groups
    assert group.voices == 1


def test_classes_nobody_repeats_are_forgotten():
    copies = Copies()
    copies.original("a", letters("", TEXT), 1)
    copies.original("b", letters("", WAGES[1]), 5)
    copies.forget(before=3, most=10)
    assert set(copies.firsts) == {"b"}
    assert copies.original("c", letters("", TEXT), 6) is None
