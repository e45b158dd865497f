"""Labelled texts as the training takes them: each text once, in an order of their own."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from search.text.normalise import normalise


class Row(NamedTuple):
    """One text, the labels that hold for it (sorted) and how much it counts."""

    text: str
    labels: tuple[str, ...]
    weight: float


def rows(examples: Iterable[tuple[str, str]], weights: Sequence[float] | None = None) -> list[Row]:
    """Return the distinct texts of ``examples`` (text, label), sorted, whatever their order was.

    Of one text the labels of the greatest weight hold: a person's correction (5) overrules the
    lexicon (1), and several labels of the same weight are all right. A text that is said fifty
    times counts once. Texts are the same when ``normalise`` makes them so.

    Raises ValueError for a weight that is not positive, an empty label, or weights that are not
    as many as the examples.
    """
    examples = list(examples)
    weights = [1.0] * len(examples) if weights is None else weights
    if len(weights) != len(examples):
        raise ValueError(f"{len(examples)} examples but {len(weights)} weights")
    heaviest: dict[str, dict[str, float]] = {}
    for (text, label), weight in zip(examples, weights, strict=True):
        if not label:
            raise ValueError("an example has no label")
        if not 0 < weight < float("inf"):
            raise ValueError(f"a weight must be positive, not {weight}")
        of_text = heaviest.setdefault(normalise(text), {})
        of_text[label] = max(float(weight), of_text.get(label, 0.0))
    return [_row(text, heaviest[text]) for text in sorted(heaviest)]


def _row(text: str, weight_of: dict[str, float]) -> Row:
    weight = max(weight_of.values())
    return Row(text, tuple(sorted(one for one in weight_of if weight_of[one] == weight)), weight)
