"""From labelled texts to a model: one line between each label and all others."""

from collections.abc import Iterable, Sequence

from cms.topics.classifier.examples import Row, rows
from cms.topics.classifier.features import features
from cms.topics.classifier.model import STEP, Model
from cms.topics.classifier.solver import separate
from cms.topics.classifier.vectors import Vector, vocabulary_of

#: How bad an example on the wrong side is, against simple weights (C of the literature).
COST = 2.0


def train(examples: Iterable[tuple[str, str]], weights: Sequence[float] | None = None) -> Model:
    """Return the model of ``examples`` (text, label); ``weights`` say how often each counts.

    The order of the examples does not matter. Of one text the labels of the greatest weight hold,
    and a repeated text counts once (``examples.rows``).

    Raises ValueError without any example, and what ``rows`` raises.
    """
    return train_rows(rows(examples, weights))


def train_rows(of: Sequence[Row]) -> Model:
    """Return the model of rows as ``rows`` gives them. Raises ValueError if there is none."""
    if not of:
        raise ValueError("nothing to learn from: no examples")
    bags = [features(row.text) for row in of]
    vocabulary = vocabulary_of(bags, of)
    vectors = [vocabulary.vector(bag) for bag in bags]
    labels = sorted({label for row in of for label in row.labels})
    size = len(vocabulary.names)
    lines = [_line(label, of, vectors, size, len(labels)) for label in labels]
    return Model(
        labels, vocabulary, [weights for weights, _ in lines], [baseline for _, baseline in lines]
    )


def _line(
    label: str, of: Sequence[Row], vectors: Sequence[Vector], size: int, labels: int
) -> tuple[list[int], int]:
    """Return (weights, baseline) of one of so many ``labels`` in STEPs.

    The texts of a rare label cost more, as LIBLINEAR balances classes: by all ÷ (labels × own).
    """
    sides = [1 if label in row.labels else -1 for row in of]
    own = sum(row.weight for row, side in zip(of, sides, strict=True) if side > 0)
    balance = sum(row.weight for row in of) / (labels * own)
    costs = [
        COST * row.weight * (balance if side > 0 else 1.0)
        for row, side in zip(of, sides, strict=True)
    ]
    weights, baseline = separate(vectors, sides, costs, size)
    return [round(weight / STEP) for weight in weights], round(baseline / STEP)
