"""What goes into detection and what comes out of it, and every number it is tuned by."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance. `id` is stable and unique; `person` is pseudonymous, "" when nobody knows.

    `weight` ≥ 1: how strongly its words pull the centre of its group.
    """

    id: str
    day: date
    person: str
    text: str
    title: str = ""
    weight: int = 1

    @property
    def voice(self) -> str:
        """Whose voice it is; an utterance of nobody known is a voice of its own."""
        return self.person or f"#{self.id}"


@dataclass(frozen=True, slots=True)
class Day:
    """What one day brought. A group's key is the id of the utterance that founded it.

    `assigned`: utterance → group, for every utterance of the day, after the day's mergers.
    `merged`: group that is gone → older group, still there, that has its utterances of all days.
    `copy_of`: utterance → the first utterance it nearly repeats, letter for letter.
    """

    day: date
    assigned: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    copy_of: dict[str, str] = field(default_factory=dict)

    def moved(self) -> Iterator[tuple[str, str]]:
        """Each (group that is gone, group to write instead), in a fixed order."""
        return iter(sorted(self.merged.items()))


@dataclass(frozen=True, slots=True)
class Settings:
    """One set of numbers for every stream; likenesses are mean cosines, 0 to 1.

    `join`: an utterance enters the nearest group from this likeness on, else it founds one;
    `pair`: … if only one voice is in that group: two may have a phrase in common by chance.
    `merge`: two groups become one from this likeness on.
    `title`: times that a word of the title counts.
    `read`: characters of a text, and of a title, that are read.
    `features`: of an utterance, and of a centre, those kept; the heaviest.
    `probes`: features of an utterance by which groups are looked up, the heaviest.
    `visited`: places in the index that are looked at for one utterance, those of the heaviest
    features first; a feature with more groups than are left is passed over.
    `compared`: groups found that are compared in full.
    `horizon`: days of silence after which a group leaves the state.
    `lone_most`, `group_most`: single voices, groups of several that are held, the latest.
    `known_people`: voices of a group that are remembered, the latest: they pull its centre once.
    """

    join: float = 0.12
    pair: float = 0.16
    merge: float = 0.2
    title: int = 3
    read: int = 600
    features: int = 60
    centre: int = 120
    probes: int = 12
    visited: int = 150
    compared: int = 4
    horizon: int = 90
    lone_most: int = 10_000
    group_most: int = 5_000
    known_people: int = 200
