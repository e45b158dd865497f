"""The weights of the heat: those in force, and who set which."""

from cms.topics.heat import PARTS, WEIGHTS, Weights
from cms.topics.models.runs import HeatFormula

FORMULAS_SHOWN = 20


def weights_in_force() -> Weights:
    """The latest that somebody set, or those that are shipped. One query."""
    latest = HeatFormula.objects.order_by("-pk").values_list("weights", flat=True).first()
    return weights_of(latest) if latest else WEIGHTS


def weights_of(kept: dict) -> Weights:
    """As they were written down; a part that came later has no weight in older rows."""
    return Weights(**{part.key: float(kept.get(part.key, 0)) for part in PARTS})


def formulas() -> list[HeatFormula]:
    """What was set, the latest first. One query."""
    return list(HeatFormula.objects.select_related("set_by").order_by("-pk")[:FORMULAS_SHOWN])
