"""How good a model is on texts it has not seen: stratified cross-validation."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from statistics import mean

from cms.topics.classifier.examples import Row, rows
from cms.topics.classifier.training import train_rows


@dataclass(frozen=True)
class LabelFigures:
    """Of one label: ``texts`` that have it; precision, recall and F1 from 0 to 1."""

    texts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Figures:
    """``confusions``: ((true label, answered label), times), the most frequent first.

    ``macro_f1`` is the mean F1 of the labels when the model must always answer. ``decided`` is the
    share of texts for which ``Model.decide`` answers, ``decided_right`` the share of right ones
    among those.
    """

    texts: int
    macro_f1: float
    labels: dict[str, LabelFigures]
    confusions: list[tuple[tuple[str, str], int]]
    decided: float
    decided_right: float


def cross_validate(
    examples: Iterable[tuple[str, str]],
    folds: int = 5,
    weights: Sequence[float] | None = None,
    seed: int = 0,
) -> Figures:
    """Train on all folds but one and ask about that one, for each fold in turn.

    Figures count texts, not weights. A text with several labels is answered rightly by any of
    them. The same examples and seed give the same figures. Raises ValueError for less than two
    folds or fewer texts than folds, and what ``train`` raises.
    """
    of = rows(examples, weights)
    if not 2 <= folds <= len(of):
        raise ValueError(f"{folds} folds of {len(of)} texts")
    answers: list[tuple[str, str, bool]] = []
    for held_out in _folds(of, folds, seed):
        model = train_rows([row for number, row in enumerate(of) if number not in held_out])
        for number in sorted(held_out):
            row = of[number]
            answer = model.classify(row.text)[0][0]
            truth = answer if answer in row.labels else row.labels[0]
            answers.append((truth, answer, model.decide(row.text) is not None))
    return _figures(answers)


def _folds(of: Sequence[Row], folds: int, seed: int) -> list[set[int]]:
    """Deal the texts of each label out in turn, in an order drawn from the seed and the text."""

    def drawn(number: int) -> bytes:
        return blake2b(f"{seed}\n{of[number].text}".encode(), digest_size=16).digest()

    by_label = sorted(range(len(of)), key=lambda number: (of[number].labels, drawn(number)))
    return [set(by_label[first::folds]) for first in range(folds)]


def _figures(answers: Sequence[tuple[str, str, bool]]) -> Figures:
    confused = Counter((truth, answer) for truth, answer, _ in answers)
    true, given = defaultdict(int), defaultdict(int)
    for (truth, answer), times in confused.items():
        true[truth] += times
        given[answer] += times
    labels = {
        label: _label(confused[label, label], true[label], given[label])
        for label in sorted({*true, *given})
    }
    wrong = [(pair, times) for pair, times in confused.items() if pair[0] != pair[1]]
    decided = [truth == answer for truth, answer, sure in answers if sure]
    return Figures(
        texts=len(answers),
        macro_f1=mean(figures.f1 for figures in labels.values()),
        labels=labels,
        confusions=sorted(wrong, key=lambda one: (-one[1], one[0])),
        decided=len(decided) / len(answers),
        decided_right=mean(decided) if decided else 0.0,
    )


def _label(right: int, true: int, given: int) -> LabelFigures:
    return LabelFigures(
        texts=true,
        precision=right / given if given else 0.0,
        recall=right / true if true else 0.0,
        f1=2 * right / (true + given) if true + given else 0.0,
    )
