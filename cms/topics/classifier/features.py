"""What a text is classified by: its characters, pairs of neighbours and words.

Words alone are cut differently in different sentences and are too rare in a few thousand texts;
characters and pairs alone miss what a dictionary knows. A pair that is also a word is one feature
and counts twice, so that every feature is a piece of text that a person can read.
"""

from collections import defaultdict

from search.text import segment
from search.text.normalise import normalise

#: Characters read: what a long text is about, it says early.
READ = 8_000
#: What people write first says most: the unit at the beginning counts 1, one that stands HALF_WAY
#: after it half of the way down to LEAST_PLACE, and none less than that. No logarithm, no power:
#: the weights are the same on every machine.
HALF_WAY = 20
LEAST_PLACE = 0.2
PLACES = tuple(
    LEAST_PLACE + (1 - LEAST_PLACE) * HALF_WAY / (HALF_WAY + place) for place in range(READ + 1)
)


def features(text: str) -> dict[str, float]:
    """Return {feature: sum of the weights of its places}, in the order of first appearance.

    A unit is a Chinese character or a whole Latin word or number; pairs do not reach over marks.
    """
    whole = normalise(text, READ)[:READ]
    found: defaultdict[str, float] = defaultdict(float)
    place = 0
    for run in segment.RUN.findall(whole):
        units = segment.units(run)
        places = PLACES[place : place + len(units)]
        for unit, weight in zip(units, places, strict=True):
            found[unit] += weight
        for pair, weight in zip(segment.pairs(units), places, strict=False):
            found[pair] += weight
        place += len(units)
    place = 0
    for word in segment.words(whole):
        if word.isascii():  # One unit, counted above.
            place += 1
        else:
            if len(word) > 1:
                found[word] += PLACES[place]
            place += len(word)
    return found
