"""Cross-validation: asks only about texts it has not seen, the same way every time."""

import pytest

from cms.topics.classifier import cross_validate


def test_the_same_examples_and_seed_give_the_same_figures(examples):
    assert cross_validate(examples, folds=3) == cross_validate(examples[::-1], folds=3)


def test_every_text_is_asked_about_once(examples):
    figures = cross_validate(examples, folds=3)
    right = figures.texts - sum(times for _pair, times in figures.confusions)
    assert figures.texts == len(examples)
    assert sum(one.texts for one in figures.labels.values()) == len(examples)
    assert right == round(sum(one.recall * one.texts for one in figures.labels.values()))


def test_macro_f1_is_the_mean_of_the_labels(examples):
    figures = cross_validate(examples, folds=3)
    mean = sum(one.f1 for one in figures.labels.values()) / len(figures.labels)
    assert figures.macro_f1 == pytest.approx(mean)


def test_f1_joins_precision_and_recall(examples):
    for one in cross_validate(examples, folds=3).labels.values():
        if one.precision + one.recall:
            harmonic = 2 * one.precision * one.recall / (one.precision + one.recall)
            assert one.f1 == pytest.approx(harmonic)


def test_labels_without_sense_cannot_be_guessed(examples):
    """A text it has seen would be answered rightly even when its label means nothing."""
    odd = [(f"{text}第{number}", f"{number % 2}") for number, (text, _) in enumerate(examples)]
    assert cross_validate(odd, folds=6).macro_f1 < 0.8


@pytest.mark.parametrize("folds", [0, 1, 19])
def test_folds_must_fit_the_texts(examples, folds):
    with pytest.raises(ValueError, match="folds"):
        cross_validate(examples, folds=folds)
