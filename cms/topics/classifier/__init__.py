"""A small linear text classifier over characters and words. Pure Python, no Django.

    model = train([("厂里拖欠三个月工资", "欠薪与工资"), …], weights=[1, …])
    model.classify(text)        # [(label, score), …], best first
    model.decide(text)          # the label, or None if the model should not say
    model.explain(text, label)  # [(word or character, contribution), …]
    Model.load(model.dump())    # answers the same

Same examples, same bytes: on every machine, in every order. See docs/decisions/0018.
"""

from cms.topics.classifier.examples import Row
from cms.topics.classifier.model import Model
from cms.topics.classifier.stored import BadModel
from cms.topics.classifier.training import train
from cms.topics.classifier.validation import Figures, cross_validate

__all__ = ["BadModel", "Figures", "Model", "Row", "cross_validate", "train"]
