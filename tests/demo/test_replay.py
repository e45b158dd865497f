"""The demo's records, replayed without the demo, come apart into the issues that are in them."""

from collections import Counter, defaultdict
from datetime import date
from itertools import groupby

from cms.demo import content
from cms.topics.detection import Detector, Said
from tests.factories.demo_voices import demo_truth, demo_voices

TODAY = date(2026, 12, 20)


def group_of_each() -> dict[str, str]:
    """The group each record is in after the last day, by id."""
    said = [Said(**row) for row in demo_voices(TODAY)]
    detector, groups = Detector(), {}
    for day, ones in groupby(said, key=lambda one: one.day):
        result = detector.advance(day, ones)
        groups = {id: _now(key, result.merged) for id, key in groups.items()}
        groups.update(result.assigned)
    return groups


def _now(key: str, merged: dict[str, str]) -> str:
    """The group that took over what `key` was; one day may merge a group that just took another."""
    while key in merged:
        key = merged[key]
    return key


def test_every_record_has_its_truth():
    rows = demo_voices(TODAY)
    truth = demo_truth()
    assert [row["id"] for row in rows] == list(truth)
    assert max(row["day"] for row in rows) == TODAY


def test_most_issues_are_found_as_groups_of_their_own():
    truth = demo_truth()
    inside = defaultdict(Counter)
    for id, group in group_of_each().items():
        inside[group][truth[id]] += 1
    found = set()
    for counts in inside.values():
        issue, count = counts.most_common(1)[0]
        if issue and count >= 5 and count >= 0.8 * counts.total():
            found.add(issue)
    wanted = {row["key"] for row in content.issues() if row["course"] != "flood"}
    assert len(found & wanted) >= 0.7 * len(wanted), wanted - found
