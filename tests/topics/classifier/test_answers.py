"""Answers: best first, silent about what is strange, every score with its reasons."""

import pytest

from cms.topics.classifier import train
from cms.topics.classifier.model import BASELINE, LEAD, LEAST

ASKED = {
    "老板不发工资": "欠薪与工资",
    "天天加班没有休息": "加班与休假",
    "脚手架没有防护": "安全与高温",
}


@pytest.mark.parametrize(("text", "label"), ASKED.items())
def test_new_words_of_workers_find_their_concern(model, text, label):
    assert model.decide(text) == label


def test_every_label_has_a_score_and_the_best_comes_first(model):
    ranked = model.classify("老板不发工资")
    scores = [score for _label, score in ranked]
    assert sorted(label for label, _score in ranked) == model.labels
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("text", ["春天桃花开满山坡", "Happy birthday to you", "蓝鲸吃磷虾"])
def test_it_abstains_on_texts_about_something_else(model, text):
    assert model.decide(text) is None


@pytest.mark.parametrize("text", ["", "   ", "。。。", "🙂🙂", "\ud800", "\x00"])
def test_a_text_without_words_has_the_baselines_and_no_decision(model, text):
    empty = model.classify("")
    assert model.classify(text) == empty
    assert model.decide(text) is None


def test_a_decision_needs_a_score_and_a_lead(model, examples):
    for text in [*ASKED, *(text for text, _label in examples), "加班的工资", "手套"]:
        (label, best), (_second, second) = model.classify(text)[:2]
        sure = best >= LEAST and best - second >= LEAD
        assert model.decide(text) == (label if sure else None)


@pytest.mark.parametrize("text", [*ASKED, "", "年底工资和加班费一起拖欠，工地没有口罩"])
def test_an_explanation_adds_up_to_the_score(model, text):
    for label, score in model.classify(text):
        reasons = model.explain(text, label, top=None)
        assert sum(contribution for _name, contribution in reasons) == pytest.approx(score)


def test_an_explanation_names_pieces_of_the_text_that_spoke_for_the_label(model):
    reasons = model.explain("老板不发工资", "欠薪与工资", top=3)
    assert "工资" in dict(reasons)
    assert all(name in "老板不发工资" and contribution > 0 for name, contribution in reasons)
    assert len(reasons) == 3


def test_the_baseline_is_no_reason_among_the_best(model):
    assert all(name != BASELINE for name, _ in model.explain("老板不发工资", "欠薪与工资", 99))


def test_an_unknown_label_cannot_be_explained(model):
    with pytest.raises(KeyError):
        model.explain("老板不发工资", "没有的标签")


def test_a_model_of_one_label_never_decides():
    model = train([("厂里拖欠工资", "欠薪与工资"), ("工资没有发", "欠薪与工资")])
    assert [label for label, _score in model.classify("厂里拖欠工资")] == ["欠薪与工资"]
    assert model.decide("厂里拖欠工资") is None


def test_a_very_long_text_is_answered(model):
    assert model.classify("拖欠工资" * 20_000)[0][0] == "欠薪与工资"
