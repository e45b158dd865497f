"""A text as weighed features: dictionary words and pairs of neighbouring characters.

Pairs find what no dictionary has (the name of a company, a misspelling); a pair that is a word as
well counts twice. The vector of an utterance is tf · idf, cut to its heaviest features and scaled
to length `SCALE` in whole numbers: sums of them are exact in whatever order they are made.
"""

import math
import re
from collections import Counter

from cms.topics.detection.frequencies import Frequencies
from cms.topics.detection.model import Said, Settings
from search import lexicon
from search.text import segment
from search.text.normalise import normalise

Vector = dict[str, int]

#: Length of the vector of one utterance.
SCALE = 1000
#: Said more often, a feature says no more.
OFTEN = 4
#: Longer numbers are telephone and file numbers, nobody else's matter.
LONG_NUMBER = re.compile(r"\d{5,}")


def count(said: Said, settings: Settings) -> Counter[str]:
    """Return how often each feature stands in `said`; in the title it counts several times."""
    found = _features(said.text, settings.read)
    if said.title:
        for feature, times in _features(said.title, settings.read).items():
            found[feature] += settings.title * times
    return found


def _features(text: str, limit: int) -> Counter[str]:
    plain = LONG_NUMBER.sub(" ", normalise(text, limit))
    small = lexicon.current().stop_words
    found = Counter([word for word in segment.words(plain) if len(word) > 1 and word not in small])
    for run in segment.RUN.findall(plain):
        found.update(segment.pairs(segment.units(run)))
    return found


def vector(counts: Counter[str], frequencies: Frequencies, settings: Settings) -> Vector:
    """Return the heaviest features with their weights, the heaviest first, of length `SCALE`."""
    idf = frequencies.idf
    weights = [
        (-(times if times < OFTEN else OFTEN) * idf(feature), feature)
        for feature, times in counts.items()
    ]
    weights.sort()
    del weights[settings.features :]
    length = math.sqrt(math.fsum(weight * weight for weight, _feature in weights))
    if not length:
        return {}
    scaled = ((feature, round(-SCALE * weight / length)) for weight, feature in weights)
    return {feature: weight for feature, weight in scaled if weight}
