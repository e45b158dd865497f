"""The trained model: scores, decisions and the reasons for them."""

from array import array
from collections.abc import Sequence
from operator import mul

from cms.topics.classifier import stored
from cms.topics.classifier.features import features
from cms.topics.classifier.vectors import Vocabulary

#: What weights are counted in: fine enough not to change an answer, coarse enough to be small.
STEP = 1 / 512
#: The model decides if the best label scores at least LEAST and is LEAD before the next. Measured
#: (docs/decisions/0018): decides on 8 of 10 messages, 94 % of them rightly, and on 2 to 8 % of
#: texts about something else.
LEAST, LEAD = -0.1, 0.2
#: How the part of a score that is there without any text is called in an explanation.
BASELINE = "（基线）"


class Model:
    """For each label a line: weights of the features and a baseline, in whole STEPs.

    ``weights[l][f]`` belongs to ``labels[l]`` and ``vocabulary.names[f]``.
    """

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        weights: Sequence[Sequence[int]],
        baselines: Sequence[int],
    ) -> None:
        self.labels = list(labels)
        self.vocabulary = vocabulary
        self.weights = [array("i", line) for line in weights]
        self.baselines = list(baselines)

    def classify(self, text: str) -> list[tuple[str, float]]:
        """Return every label with its score, the best first.

        A score is the signed margin of the label's line: 0 is the border, about 1 a typical text
        of the label, about −1 a typical text of others. Scores of one model compare with each
        other, between texts and labels.
        """
        ids, values = self.vocabulary.vector(features(text))
        scores = [
            STEP * (baseline + sum(map(mul, values, map(line.__getitem__, ids))))
            for line, baseline in zip(self.weights, self.baselines, strict=True)
        ]
        ranked = zip(self.labels, scores, strict=True)
        return sorted(ranked, key=lambda one: (-one[1], one[0]))

    def decide(self, text: str) -> str | None:
        """Return the best label, or None if its score is below LEAST or its lead below LEAD.

        A model of one label has seen nothing else and never decides.
        """
        ranked = self.classify(text)
        if len(ranked) < 2:
            return None
        (label, best), (_second, second) = ranked[:2]
        return label if best >= LEAST and best - second >= LEAD else None

    def explain(self, text: str, label: str, top: int | None = 5) -> list[tuple[str, float]]:
        """Return the ``top`` features that spoke for ``label`` as (piece of text, contribution).

        The greatest contribution comes first. With ``top=None`` all are returned, also those
        against it and the baseline: they add up to the score. Raises KeyError for an unknown label.
        """
        if label not in self.labels:
            raise KeyError(label)
        number = self.labels.index(label)
        line, names = self.weights[number], self.vocabulary.names
        ids, values = self.vocabulary.vector(features(text))
        spoke = [
            (names[feature], line[feature] * STEP * value)
            for feature, value in zip(ids, values, strict=True)
            if line[feature]
        ]
        if top is None:
            spoke.append((BASELINE, self.baselines[number] * STEP))
        else:
            spoke = [one for one in spoke if one[1] > 0]
        spoke.sort(key=lambda one: (-one[1], one[0]))
        return spoke[:top]

    def dump(self) -> bytes:
        """Return the model as a file's content: the same bytes for the same model."""
        return stored.pack(
            stored.Content(
                labels=self.labels,
                names=self.vocabulary.names,
                telling=self.vocabulary.telling,
                weights=[list(line) for line in self.weights],
                baselines=self.baselines,
            )
        )

    @classmethod
    def load(cls, content: bytes) -> "Model":
        """Return the model that ``dump`` wrote. Raises ``BadModel`` for anything else."""
        read = stored.unpack(content)
        vocabulary = Vocabulary(read.names, read.telling)
        return cls(read.labels, vocabulary, read.weights, read.baselines)
