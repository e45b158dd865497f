"""The version of the classifier that is in force, loaded once in each process."""

from dataclasses import dataclass
from functools import lru_cache

from cms.topics.classifier import Model
from cms.topics.models.runs import LearnedModel

#: The label of what is about no theme.
NOTHING = "无"


@dataclass(frozen=True)
class Learned:
    version: int
    model: Model


def in_force() -> Learned | None:
    """The adopted version; None when the lexicon reads alone. One query."""
    adopted = LearnedModel.objects.filter(state=LearnedModel.State.ADOPTED)
    pk = adopted.values_list("pk", flat=True).first()
    return _load(pk) if pk else None


@lru_cache(maxsize=1)
def _load(pk: int) -> Learned:
    row = LearnedModel.objects.only("weights").get(pk=pk)
    return Learned(pk, Model.load(bytes(row.weights)))
