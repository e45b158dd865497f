"""A linear support vector machine with squared hinge loss, by dual coordinate descent.

Hsieh, Chang, Lin, Keerthi & Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear
SVM, ICML 2008 (algorithm 1, and 3 for shrinking); it is what LIBLINEAR does. Minimises
½‖w‖² + Σ cost_i · max(0, 1 − y_i · w·x_i)² over w.
"""

import math
import random
from collections.abc import Sequence
from operator import mul

from cms.topics.classifier.vectors import Vector

#: Steps over all examples at most.
PASSES = 60
#: The descent stops when no example of a whole pass violates the optimum by more (as LIBLINEAR).
ENOUGH = 0.1


def separate(
    vectors: Sequence[Vector], sides: Sequence[int], costs: Sequence[float], size: int
) -> tuple[list[float], float]:
    """Return (weights of the ``size`` features, baseline) that part sides +1 from sides −1.

    ``costs[i]`` says how bad it is to have example ``i`` on the wrong side. The baseline is the
    weight of a feature that every example has, as in LIBLINEAR. Sums are exact (``math.fsum``) and
    the order is drawn from a fixed seed: the result is the same on every machine.
    """
    weights = [0.0] * (size + 1)
    get = weights.__getitem__
    rows = [
        ([*vector.ids, size], [*vector.values, 1.0], side, 0.5 / cost)
        for vector, side, cost in zip(vectors, sides, costs, strict=True)
    ]
    diagonal = [math.fsum(map(mul, values, values)) + slack for _, values, _, slack in rows]
    alphas = [0.0] * len(rows)
    order = random.Random(0)
    active = list(range(len(rows)))
    steepest = math.inf
    for _ in range(PASSES):
        order.shuffle(active)
        kept: list[int] = []
        violation = 0.0
        for number in active:
            ids, values, side, slack = rows[number]
            alpha = alphas[number]
            slope = side * math.fsum(map(mul, values, map(get, ids))) - 1 + slack * alpha
            if alpha == 0.0 and slope >= 0.0:
                if slope <= steepest:  # Far on the right side: not looked at until the end.
                    kept.append(number)
                continue
            kept.append(number)
            violation = max(violation, abs(slope))
            alphas[number] = max(alpha - slope / diagonal[number], 0.0)
            step = (alphas[number] - alpha) * side
            for place, value in zip(ids, values, strict=True):
                weights[place] += step * value
        whole = len(active) == len(rows)
        if violation <= ENOUGH:
            if whole:
                break
            active, steepest = list(range(len(rows))), math.inf
        else:
            active, steepest = kept, violation
    baseline = weights.pop()
    return weights, baseline
