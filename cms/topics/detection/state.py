"""The state of a detector as bytes and back. JSON, packed; never pickle, which would run code."""

import json
import zlib
from datetime import date
from typing import TYPE_CHECKING

from cms.topics.detection.copies import First
from cms.topics.detection.frequencies import Frequencies
from cms.topics.detection.groups import Group

if TYPE_CHECKING:
    from cms.topics.detection.detector import Detector

#: Rises when a state of before cannot be read, or would be gone on with otherwise.
VERSION = 1


class UnknownState(ValueError):
    """Bytes of another version: build the state anew from the utterances."""


def dump(detector: "Detector") -> bytes:
    groups = sorted(detector.groups, key=lambda group: group.key)
    plain = {
        "version": VERSION,
        "day": detector.day and detector.day.isoformat(),
        "total": detector.frequencies.total,
        "counts": dict(sorted(detector.frequencies.counts.items())),
        # In the order in which they came: it decides which are the latest.
        "firsts": [
            [first.id, first.plain, first.last, first.sketch]
            for first in detector.copies.firsts.values()
        ],
        "groups": [
            [
                group.key,
                group.first,
                group.last,
                group.voices,
                group.pull,
                list(group.people),
                dict(sorted(group.centre.items())),
            ]
            for group in groups
        ],
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), level=1)


def load(detector: "Detector", packed: bytes) -> "Detector":
    """Fill an empty detector."""
    plain = json.loads(zlib.decompress(packed))
    if plain["version"] != VERSION:
        raise UnknownState(f"version {plain['version']}, not {VERSION}")
    detector.day = date.fromisoformat(plain["day"]) if plain["day"] else None
    detector.frequencies = Frequencies(plain["total"], plain["counts"])
    for id, text, last, numbers in plain["firsts"]:
        detector.copies.add(First(id, text, last, tuple(numbers)))
    for key, first, last, voices, pull, people, centre in plain["groups"]:
        detector.groups.add(Group(key, first, last, centre, dict.fromkeys(people), voices, pull))
    return detector
