"""Emerging issues in what workers say, one day after another.

Single-pass clustering as in topic detection and tracking (J. Allan, R. Papka, V. Lavrenko: On-line
New Event Detection and Tracking, 1998): each utterance enters the group with the nearest centre or
founds one; at the day's end groups that have grown alike become one. One person is one voice:
a centre is pulled once by each person, and by near-copies once altogether.

The result depends on the set of utterances only: a day is worked off in an order taken from its
contents, sums are of whole numbers, ties go to the older group.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from cms.topics.detection import features, state
from cms.topics.detection.copies import Copies, letters
from cms.topics.detection.frequencies import Frequencies
from cms.topics.detection.groups import Group, Groups
from cms.topics.detection.model import Day, Said, Settings


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing here holds itself in a cycle, so Python's collector would only walk through all that
    is kept, again and again: a sixth of the time of 100,000 utterances."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Detector:
    """All that is known at the end of a day; bounded by `Settings`."""

    def __init__(self, settings: Settings | None = None):
        self.settings = settings or Settings()
        self.day: date | None = None
        self.frequencies = Frequencies()
        self.copies = Copies()
        self.groups = Groups(self.settings)

    def advance(self, day: date, said: Iterable[Said]) -> Day:
        """Take in all of one day's utterances; days come in ascending order, some may be left out.

        Groups silent too long are dropped at the day's beginning.
        """
        if self.day and day <= self.day:
            raise ValueError(f"{day} is not after {self.day}")
        self.day = day
        with _uncollected():
            return self._take_in(day, said)

    def _take_in(self, day: date, said: Iterable[Said]) -> Day:
        number = day.toordinal()
        self.groups.forget(number)
        self.copies.forget(number - self.settings.horizon, self.settings.lone_most)
        result = Day(day)
        seen: dict[str, set[str]] = {}
        for one in sorted(said, key=lambda one: (one.title, one.text, one.person, one.id)):
            counts = features.count(one, self.settings)
            vector = features.vector(counts, self.frequencies, self.settings)
            original = self.copies.original(one.id, letters(one.title, one.text), number)
            if original:
                result.copy_of[one.id] = original
            else:
                seen.setdefault(one.voice, set()).update(counts)
            group = self._group_of(one, vector, number)
            result.assigned[one.id] = group.key
            if not original or not group.pull:
                self.groups.pull(group, one.voice, vector, one.weight)
        self._merge(result)
        self.frequencies.add(seen[voice] for voice in sorted(seen))
        return result

    def _group_of(self, one: Said, vector: features.Vector, day: int) -> Group:
        """The nearest group if it is near enough, else a new one."""
        group, near = self.groups.nearest(vector)
        if group is None or near < self._least(group):
            group = Group(key=one.id, first=day, last=day)
            self.groups.add(group)
        group.last = day
        return group

    def _least(self, group: Group) -> float:
        return self.settings.join if group.voices > 1 else self.settings.pair

    def _merge(self, result: Day) -> None:
        """Join groups that spoke today to near ones, until none is near enough."""
        spoke = sorted(set(result.assigned.values()))
        queue = [key for key in spoke if self.groups.by_key[key].voices > 1]
        while queue:
            group = self.groups.by_key.get(queue.pop())
            if group is None or not group.pull:
                continue
            other, near = self.groups.nearest(self._mean(group), but=group.key)
            if other is None or near < self.settings.merge:
                continue
            older, younger = sorted((group, other), key=lambda one: one.seniority)
            self.groups.merge(younger, older)
            result.merged[younger.key] = older.key
            queue.append(older.key)
        # To where it ends: what was taken over may have been taken over again.
        for gone, kept in result.merged.items():
            while kept in result.merged:
                kept = result.merged[kept]
            result.merged[gone] = kept
        for id, key in result.assigned.items():
            result.assigned[id] = result.merged.get(key, key)

    def _mean(self, group: Group) -> features.Vector:
        """A group's centre as the vector of one utterance, the heaviest feature first."""
        ranked = sorted(group.centre.items(), key=lambda item: (-item[1], item[0]))
        return {feature: round(weight / group.pull) for feature, weight in ranked}

    def dump(self) -> bytes:
        """The state as canonical bytes: equal states, equal bytes."""
        return state.dump(self)

    @classmethod
    def load(cls, packed: bytes, settings: Settings | None = None) -> "Detector":
        return state.load(cls(settings), packed)
