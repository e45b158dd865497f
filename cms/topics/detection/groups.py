"""Groups of utterances on one matter, and the inverted index by which the near ones are found."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import attrgetter

from cms.topics.detection.features import SCALE, Vector
from cms.topics.detection.horizon import outdated
from cms.topics.detection.model import Settings

_key = attrgetter("key")


@dataclass(slots=True)
class Group:
    """`centre`: sum of the vectors of its independent voices (see features.SCALE).

    `people`: voices that pulled the centre, the latest, in order. `voices`: how many ever did,
    and `pull` the sum of their weights.
    `first`, `last`: numbers of the days (date.toordinal) of its first and its latest utterance.
    """

    key: str
    first: int
    last: int
    centre: Vector = field(default_factory=dict)
    people: dict[str, None] = field(default_factory=dict)
    voices: int = 0
    pull: int = 0

    @property
    def seniority(self) -> tuple[int, str]:
        return self.first, self.key


def likeness(vector: Vector, group: Group) -> float:
    """Return the mean cosine of an utterance and the voices of a group (group-average linkage)."""
    centre = group.centre
    product = 0
    for feature, weight in vector.items():
        if feature in centre:
            product += weight * centre[feature]
    return product / (SCALE * SCALE * group.pull)


class Groups:
    """All groups that still speak, found by the features of their centres."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.by_key: dict[str, Group] = {}
        self._postings: dict[str, dict[str, None]] = {}

    def __iter__(self) -> Iterator[Group]:
        return iter(self.by_key.values())

    def add(self, group: Group) -> None:
        self.by_key[group.key] = group
        self._post(group, group.centre)

    def _post(self, group: Group, features: Iterable[str]) -> None:
        postings = self._postings
        for feature in features:
            if feature in postings:
                postings[feature][group.key] = None
            else:
                postings[feature] = {group.key: None}

    def nearest(self, vector: Vector, *, but: str = "") -> tuple[Group | None, float]:
        """Return the group with the greatest likeness, and that; of equals, the oldest."""
        best, most = None, 0.0
        for group in self._candidates(vector, but):
            near = likeness(vector, group)
            if near > most or (best and near == most and group.seniority < best.seniority):
                best, most = group, near
        return best, most

    def _candidates(self, vector: Vector, but: str) -> list[Group]:
        """The groups that share most of the heaviest features of `vector`, counted at C's speed."""
        settings = self.settings
        found: list[dict[str, None]] = []
        left = settings.visited
        for feature in islice(vector, settings.probes):
            posting = self._postings.get(feature)
            if posting and len(posting) <= left:
                left -= len(posting)
                found.append(posting)
        shared = Counter(chain.from_iterable(found))
        shared.pop(but, None)
        # One feature alone makes nobody near.
        least = max(1, max(shared.values(), default=0) // 2)
        ranked = sorted([(-much, key) for key, much in shared.items() if much > least])
        return [self.by_key[key] for _much, key in ranked[: settings.compared]]

    def pull(self, group: Group, voice: str, vector: Vector, weight: int) -> None:
        """Let a voice pull the centre, unless it has done so before."""
        if voice in group.people:
            return
        group.people[voice] = None
        group.voices += 1
        group.pull += weight
        centre = group.centre
        self._post(group, [feature for feature in vector if feature not in centre])
        for feature, value in vector.items():
            centre[feature] = centre.get(feature, 0) + weight * value
        self._trim(group)

    def _trim(self, group: Group) -> None:
        """Keep the heaviest features of a centre and the latest people."""
        settings = self.settings
        if len(group.centre) > settings.centre:
            ranked = sorted(group.centre.items(), key=lambda item: (-item[1], item[0]))
            light = [feature for feature, _weight in ranked[settings.centre :]]
            self._unpost(group, light)
            for feature in light:
                del group.centre[feature]
        while len(group.people) > settings.known_people:
            del group.people[next(iter(group.people))]

    def _unpost(self, group: Group, features: Iterable[str]) -> None:
        for feature in features:
            posting = self._postings[feature]
            del posting[group.key]
            if not posting:
                del self._postings[feature]

    def merge(self, younger: Group, older: Group) -> None:
        """Let `older` take over all that `younger` is."""
        self.remove(younger)
        self._post(older, [feature for feature in younger.centre if feature not in older.centre])
        for feature, value in younger.centre.items():
            older.centre[feature] = older.centre.get(feature, 0) + value
        older.pull += younger.pull
        older.voices += sum(voice not in older.people for voice in younger.people)
        older.people.update(younger.people)
        older.last = max(older.last, younger.last)
        self._trim(older)

    def remove(self, group: Group) -> None:
        self._unpost(group, group.centre)
        del self.by_key[group.key]

    def forget(self, day: int) -> None:
        """Drop what has been silent too long, and of too many the longest silent."""
        before = day - self.settings.horizon
        lone = [group for group in self if group.voices < 2]
        many = [group for group in self if group.voices >= 2]
        gone = outdated(lone, before, self.settings.lone_most, _key)
        for group in gone + outdated(many, before, self.settings.group_most, _key):
            self.remove(group)
