"""Grouping: the set of utterances decides, one person is one voice, the state is bounded."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.topics.detection import Detector, Settings, UnknownState
from tests.topics.detection.voices import BUS, HEAT, WAGES, by_day, day, grouped, said, weeks


def state_after(every):
    detector = Detector()
    for on, those in by_day(every).items():
        detector.advance(on, those)
    return detector.dump()


def test_what_is_said_of_one_matter_is_one_group_and_other_matters_are_others():
    groups = grouped(weeks())
    found = [groups[f"u{at:02}"] for at in range(len(WAGES) + len(HEAT) + len(BUS))]
    wages, rest = found[: len(WAGES)], found[len(WAGES) :]
    heat, bus = rest[: len(HEAT)], rest[len(HEAT) :]
    assert len(set(wages)) == len(set(heat)) == len(set(bus)) == 1
    assert len({wages[0], heat[0], bus[0]}) == 3


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_in_which_utterances_are_given_changes_no_byte(rng):
    every = weeks()
    rng.shuffle(every)
    assert state_after(every) == state_after(weeks())


def test_going_on_from_a_stored_state_is_the_same_as_never_having_stopped():
    whole, stopped = Detector(), Detector()
    for on, those in by_day(weeks()).items():
        stopped = Detector.load(stopped.dump())
        assert stopped.advance(on, those) == whole.advance(on, those)
        assert stopped.dump() == whole.dump()


def test_a_key_is_the_id_of_the_utterance_that_founded_the_group():
    groups = grouped(weeks())
    assert all(groups[key] == key for key in groups.values())


def test_days_come_in_order():
    detector = Detector()
    detector.advance(day(1), [])
    with pytest.raises(ValueError, match="not after"):
        detector.advance(day(1), [])


def test_a_state_of_another_version_is_refused(monkeypatch):
    packed = Detector().dump()
    monkeypatch.setattr("cms.topics.detection.state.VERSION", 0)
    with pytest.raises(UnknownState):
        Detector.load(packed)


def test_what_is_silent_too_long_leaves_the_state():
    detector = Detector(Settings(horizon=10))
    detector.advance(day(0), [said(0, "a", "p1", WAGES[0])])
    detector.advance(day(11), [said(11, "b", "p2", BUS[0])])
    assert set(detector.groups.by_key) == {"b"}


def test_the_state_holds_no_more_than_its_bounds():
    rng = random.Random(1)
    detector = Detector(Settings(lone_most=50, group_most=10))
    for number in range(12):
        words = ["".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(12)) for _ in range(40)]
        detector.advance(
            day(number),
            [said(number, f"{number}/{at}", f"p{at}", text) for at, text in enumerate(words)],
        )
    # The bounds are kept at a day's beginning: what one day brought comes on top.
    assert len(list(detector.groups)) <= 50 + 10 + 40
    assert len(detector.copies.firsts) <= 50 + 40


def test_who_speaks_again_does_not_pull_the_centre_again():
    detector = Detector()
    detector.advance(day(0), [said(0, "a", "p1", WAGES[0])])
    before = replace(detector.groups.by_key["a"], centre=dict(detector.groups.by_key["a"].centre))
    result = detector.advance(day(1), [said(1, "b", "p1", WAGES[2])])
    assert result.assigned == {"b": "a"}
    assert detector.groups.by_key["a"].centre == before.centre
    assert detector.groups.by_key["a"].voices == 1


def test_utterances_of_nobody_known_are_voices_of_their_own():
    detector = Detector()
    detector.advance(day(0), [said(0, "a", "", WAGES[0]), said(0, "b", "", WAGES[2])])
    (group,) = detector.groups
    assert group.voices == 2


def test_a_title_says_more_than_the_text_below_it():
    plain = "各位领导好，有一件事想说，请看下面，谢谢关注，辛苦了，盼复"
    detector = Detector()
    detector.advance(day(0), [said(0, "a", "p1", plain, title=WAGES[0])])
    result = detector.advance(
        day(1),
        [said(1, "b", "p2", "今天又去问了一回，还是没有说法", title="恒通电子厂三月工资没发")],
    )
    assert result.assigned["b"] == "a"


def test_a_text_without_any_letter_is_a_group_of_its_own():
    result = Detector().advance(day(0), [said(0, "a", "p", "！！！"), said(0, "b", "q", "")])
    assert set(result.assigned) == {"a", "b"}


def test_every_merger_ends_at_an_older_group_that_is_still_there():
    # Pairs are made, and no third enters them: only merging brings them together.
    detector = Detector(Settings(pair=0.25, join=0.9, merge=0.05))
    texts = [*WAGES, *HEAT, *BUS]
    result = detector.advance(
        day(0), [said(0, f"{at:02}", f"p{at}", text) for at, text in enumerate(texts)]
    )
    assert result.merged
    assert set(result.merged.values()) <= set(detector.groups.by_key)
    assert set(result.merged).isdisjoint(detector.groups.by_key)
    assert set(result.assigned.values()) <= set(detector.groups.by_key)
    assert all(kept < gone for gone, kept in result.merged.items())
