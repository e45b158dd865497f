"""Resemblance of texts: what is told an editor must be right, symmetric, and never an error."""

from hypothesis import given, settings
from hypothesis import strategies as st

from search.text.similar import ENOUGH, NEAR, containment, likeness, pieces, resemblance
from tests.news import releases

TEXTS = st.text(max_size=400) | st.text(
    alphabet="工会高温津贴发放标准，。 ＡＢab臺灣12", max_size=400
)
MEASURES = (resemblance, containment, likeness)

RELEASE = pieces(f"{releases.TITLE}\n{releases.text(releases.PARAGRAPHS)}")
REPRINT = pieces(f"{releases.REPRINT_TITLE}\n{releases.text(releases.REPRINT_PARAGRAPHS)}")
SAME_TOPIC = pieces(f"{releases.SAME_TOPIC_TITLE}\n{releases.text(releases.SAME_TOPIC_PARAGRAPHS)}")


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_every_measure_is_symmetric_and_a_share(one, other):
    one, other = pieces(one), pieces(other)
    for measure in MEASURES:
        share = measure(one, other)
        assert 0 <= share <= 1
        assert share == measure(other, one)


@given(TEXTS)
@settings(deadline=None)
def test_a_text_is_all_of_itself_and_one_without_letters_is_like_nothing(text):
    own = pieces(text)
    for measure in MEASURES:
        assert measure(own, own) == (1 if own else 0)


@given(st.text(min_size=1, max_size=200), TEXTS)
@settings(deadline=None)
def test_resemblance_never_passes_containment(one, other):
    one, other = pieces(one), pieces(other)
    assert resemblance(one, other) <= containment(one, other)


def test_width_case_traditional_forms_and_marks_do_not_count():
    assert pieces("ＡＢＣ勞動合同法，是什麼？") == pieces("abc 劳动合同法是什么")


def test_a_reprint_with_another_headline_lead_and_paragraphs_is_the_same_story():
    assert likeness(RELEASE, REPRINT) > 0.6
    assert resemblance(RELEASE, REPRINT) < likeness(RELEASE, REPRINT)


def test_an_excerpt_is_found_in_the_whole():
    assert likeness(pieces(releases.EXCERPT), RELEASE) > 0.9


def test_the_same_topic_in_other_words_is_another_story():
    assert likeness(RELEASE, SAME_TOPIC) < 0.1


def test_two_headlines_of_one_formula_are_not_the_same():
    one = pieces("关于做好2026年高温津贴发放工作的通知")
    other = pieces("关于做好2026年困难职工帮扶工作的通知")
    assert max(len(one), len(other)) < ENOUGH
    assert likeness(one, other) < NEAR
