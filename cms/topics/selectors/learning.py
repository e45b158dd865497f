"""Versions of the classifier with the words that would change their theme."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from cms.interactions.privacy import quotable
from cms.members.models import Union
from cms.topics.models.runs import LearnedModel
from cms.topics.models.topics import Placement, Topic
from cms.topics.selectors.scope import heard

VERSIONS_SHOWN = 5


@dataclass(frozen=True)
class Change:
    """What adopting does to one theme. `samples`: (masked words, is added, because)."""

    theme: str
    added: int
    removed: int
    samples: list[tuple[str, bool, str]] = field(default_factory=list)


def corrections() -> int:
    return Placement.objects.filter(topic__kind=Topic.Kind.LEXICON).count()


def versions(*, unions: QuerySet[Union] | None) -> list[LearnedModel]:
    """The latest versions, each with `changes` (list of Change) whose samples are within reach, and
    `labels`: [{theme, n, precision, recall}]. Three queries."""
    found = list(
        LearnedModel.objects.defer("weights").select_related("trained_by")[:VERSIONS_SHOWN]
    )
    wanted = {
        sample["voice"]
        for one in found
        for change in one.figures.get("changes", ())
        for sample in change["samples"]
    }
    texts = {
        voice.pk: quotable(voice.whole) for voice in heard(unions=unions).filter(pk__in=wanted)
    }
    names = dict(Topic.objects.filter(kind=Topic.Kind.LEXICON).values_list("key", "name"))
    for one in found:
        one.labels = [
            {**figures, "theme": names.get(key, key)}
            for key, figures in one.figures.get("labels", {}).items()
        ]
        one.changes = [_change(row, texts) for row in one.figures.get("changes", ())]
    return found


def _change(row: dict, texts: dict[int, str]) -> Change:
    return Change(
        theme=row["theme"],
        added=row["added"],
        removed=row["removed"],
        samples=[
            (texts[sample["voice"]], sample["added"], "、".join(sample["because"]))
            for sample in row["samples"]
            if sample["voice"] in texts
        ],
    )
