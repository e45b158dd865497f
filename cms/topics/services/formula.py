"""The weights of the heat, as a person sets them."""

from collections.abc import Mapping
from math import isfinite

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.topics.heat import PARTS
from cms.topics.models import HeatFormula
from cms.topics.services.pages import concerns_touch

#: Weights are hundredths: what was typed as 0.35 adds up without a rest.
PLACES = 2


@transaction.atomic
def formula_set(*, weights: Mapping[str, float], user) -> HeatFormula:
    """Put weights in force from now on: one for each part of the heat, 0 to 1, adding up to 1.

    Raises ValidationError. A row is added, so that it is known who set what and when.
    """
    kept = weights_check(weights)
    formula = HeatFormula.objects.create(weights=kept, set_by=user)
    log(formula, "topics.formula", user=user, data=kept)
    concerns_touch()
    return formula


def weights_check(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights in hundredths, by part. Raises ValidationError."""
    kept = {part.key: weights.get(part.key) for part in PARTS}
    for part in PARTS:
        value = kept[part.key]
        if value is None or not isfinite(value) or not 0 <= value <= 1:
            raise ValidationError(
                _("“%(name)s”的权重请填 0 到 1 之间的数。"), params={"name": part.name}
            )
        kept[part.key] = round(float(value), PLACES)
    total = round(sum(kept.values()), PLACES)
    if total != 1:
        raise ValidationError(
            _("各项权重加起来要等于 1，现在是 %(total).2f。"), params={"total": total}
        )
    return kept
