"""Dated messages through the product's detection, as it would have seen them day by day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from cms.topics import heat
from cms.topics.detection import Detector, Said, rising


@dataclass
class Replay:
    """What is known at the end of a day: `members` of each group, who of them is a copy."""

    said: dict[str, Said] = field(default_factory=dict)
    engagement: dict[str, int] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    copies: set[str] = field(default_factory=set)
    detector: Detector = field(default_factory=Detector)

    def days(self, rows: list[dict]) -> Iterator[tuple[date, dict[str, str]]]:
        """Go through all messages; yields each day and what was merged on it, group into group."""
        by_day: dict[date, list[Said]] = defaultdict(list)
        for row in rows:
            day = date.fromisoformat(row["time"][:10])
            by_day[day].append(
                Said(row["id"], day, row.get("user", ""), row["text"], row.get("title", ""))
            )
            self.engagement[row["id"]] = row.get("up", 0) + row.get("down", 0)
        for day in sorted(by_day):
            said = by_day[day]
            result = self.detector.advance(day, said)
            self.said.update((one.id, one) for one in said)
            self.copies.update(result.copy_of)
            for gone, kept in result.moved():
                self.members.setdefault(kept, []).extend(self.members.pop(gone, []))
            for id, key in sorted(result.assigned.items()):
                self.members.setdefault(key, []).append(id)
            yield day, result.merged

    def voices(self, key: str) -> list[Said]:
        """The group's utterances without near-copies, in the order of days."""
        ids = [id for id in self.members[key] if id not in self.copies]
        return sorted((self.said[id] for id in ids), key=lambda one: (one.day, one.id))

    def heat(self, key: str) -> float:
        """The heat over the whole time of the messages."""
        first: dict[str, int] = {}
        days: dict[str, set[date]] = defaultdict(set)
        for one in self.voices(key):
            first.setdefault(one.voice, one.day.toordinal())
        for id in self.members[key]:
            one = self.said[id]
            if one.voice in first:
                days[one.voice].add(one.day)
        return heat.heat(
            people=len(first),
            gathered=heat.gathered(sorted(first.values())),
            times=sum(min(len(on), heat.INSISTENCE) for on in days.values()),
            engagement=sum(self.engagement[one.id] for one in self.voices(key)),
        )

    def spoken(self, key: str) -> dict[date, set[str]]:
        """Who spoke on which day, near-copies left out."""
        found: dict[date, set[str]] = defaultdict(set)
        for one in self.voices(key):
            found[one.day].add(one.voice)
        return found


def ranked(rows: list[dict]) -> list[dict]:
    """{id, cluster, rank} of each message; a group of one is no cluster."""
    replay = Replay()
    for _day, _merged in replay.days(rows):
        pass
    several = [key for key, ids in replay.members.items() if len(ids) > 1]
    order = sorted(several, key=lambda key: (-replay.heat(key), key))
    ranks = {key: rank for rank, key in enumerate(order, start=1)}
    return [
        {"id": id, "cluster": key if key in ranks else None, "rank": ranks.get(key)}
        for key, ids in replay.members.items()
        for id in ids
    ]


def alerts(rows: list[dict]) -> list[dict]:
    """{date, members, why} of each rise, when it would have been told."""
    replay, found, up = Replay(), [], set()
    since = min((date.fromisoformat(row["time"][:10]) for row in rows), default=None)
    for day, merged in replay.days(rows):
        up = {_kept(key, merged) for key in up}
        watched = [key for key in replay.members if _speaks(replay, key, day)]
        for key in watched:
            rise = rising.rise(replay.spoken(key), day, since, len(watched))
            if rise is None or rise.calm:
                up.discard(key)
            elif rise.fires and key not in up:
                members = _within(replay, key, day)
                voices = [replay.said[id] for id in members if id not in replay.copies]
                if rising.is_alarm(rise, voices):
                    up.add(key)
                    found.append({"date": str(day), "members": members, "why": rise.why})
        up.intersection_update(watched)
    return found


def _kept(key: str, merged: dict[str, str]) -> str:
    while key in merged:
        key = merged[key]
    return key


def _speaks(replay: Replay, key: str, day: date) -> bool:
    """Whether enough people for a rise spoke within the longest window."""
    after = day - timedelta(days=rising.WINDOW)
    recent = {one.voice for one in replay.voices(key) if one.day > after}
    return len(recent) >= rising.LEAST


def _within(replay: Replay, key: str, day: date) -> list[str]:
    after = day - timedelta(days=rising.WINDOW)
    return sorted(id for id in replay.members[key] if replay.said[id].day > after)
