"""The one ranking formula, for both databases: Okapi BM25 (Robertson & Zaragoza 2009, §3.4).

    rank(text) = prior(title) · Σ weight · idf^1.3 · impact
    impact = tf·(k1+1) / (tf + k1·(1 − b + b·length/average))

``tf``: how often the token stands in the text, in the title ``TITLE`` times over · ``length`` and
``average`` in units · ``weight``: what the question gives the token. The constants were chosen on
development halves of three open sets; docs/decisions/0012 has the figures.
"""

import math

K1 = 1.2
B = 0.9
#: A rare token tells more than its logarithm says.
IDF_POWER = 1.3
#: What a token in the title is worth against one in the body.
TITLE = 1.5

# A short title names the thing itself, a long one what is said about it.
_USUAL_TITLE = 16
_PRIOR_POWER = 0.15
_PRIOR_SPAN = 2.0


def prior(title_length: int) -> float:
    """Return what a title of so many units makes a text worth: 1.0 for a usual headline."""
    if not title_length:
        return 1.0
    ratio = _USUAL_TITLE / title_length
    return min(max(ratio, 1 / _PRIOR_SPAN), _PRIOR_SPAN) ** _PRIOR_POWER


def impact(frequency: float, length: float, average: float) -> float:
    """Return what a token says of a text that holds it ``frequency`` times; 0 to k1 + 1."""
    return frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / average))


def idf(documents: int, holding: int) -> float:
    """Return how much it tells that a text holds a token which ``holding`` texts hold."""
    return max(math.log((documents - holding + 0.5) / (holding + 0.5)), 1e-6) ** IDF_POWER


#: ``idf`` in PostgreSQL: %(documents)s texts, of which {holding} hold the token.
IDF_SQL = (
    "power(greatest(ln(greatest(%(documents)s - {holding}, 0) + 0.5) - ln({holding} + 0.5), 1e-6),"
    f" {IDF_POWER})"
)
