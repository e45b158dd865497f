"""The rule of small groups, whatever the numbers are."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from cms.interactions.small import (
    LEAST,
    Lag,
    View,
    at_least,
    hidden_cells,
    in_steps,
    is_small,
    merge_small,
)

counts = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40), max_size=8
)


@given(st.lists(st.integers(1, 30), max_size=30))
def test_views_that_follow_each_other_and_the_final_one_differ_by_a_whole_group(batches):
    lag, ballots, shown = Lag(), 0, [0]
    for votes in batches:
        ballots += votes
        lag = lag.step(View(ballots))
        if lag.shown.ballots != shown[-1]:
            shown.append(lag.shown.ballots)
    if shown[-1]:
        shown.append(ballots)
    assert all(later - earlier >= LEAST for earlier, later in pairwise(shown))


@given(counts)
def test_no_single_choice_of_a_few_is_shown_nor_given_back_by_the_total(cells):
    people = sum(cells.values())
    assume(people >= LEAST)  # Fewer are told of nowhere.
    hidden = hidden_cells(cells, people)
    shown = {key: n for key, n in cells.items() if key not in hidden}
    assert not any(is_small(n) or is_small(people - n) for n in shown.values())
    rest = people - sum(shown.values())
    assert not is_small(rest)
    assert len(hidden) != 1 or set(cells) == hidden


@given(counts, st.integers(0, 40))
def test_whom_all_but_a_few_chose_is_no_more_shown_than_whom_a_few_chose(cells, people):
    cells = {key: min(n, people) for key, n in cells.items()}
    hidden = hidden_cells(cells, people)
    for key, number in cells.items():
        if key not in hidden:
            assert not is_small(number)
            assert not is_small(people - number)


def test_nobody_is_shown_as_nobody():
    assert hidden_cells({"a": 0, "b": 20, "c": 30}, 50) == set()


@given(counts)
def test_parts_are_joined_until_each_is_a_group_and_nobody_is_lost(cells):
    parts = merge_small(cells)
    assert all(people >= LEAST for _labels, people in parts)
    whole = sum(cells.values())
    assert sum(people for _labels, people in parts) == (whole if whole >= LEAST else 0)
    labels = [label for labels, _people in parts for label in labels]
    assert len(labels) == len(set(labels))


@given(counts, counts)
def test_those_who_stayed_away_are_a_group_as_well(cells, away):
    wholes = {label: people + away.get(label, 0) for label, people in cells.items()}
    parts = merge_small(cells, wholes=wholes)
    rests = [sum(wholes[label] for label in labels) - people for labels, people in parts]
    assert len(parts) < 2 or not any(is_small(rest) for rest in rests)


@given(st.lists(st.integers(0, 12), max_size=20))
def test_days_of_a_few_wait_for_a_day_of_enough(numbers):
    days = dict(enumerate(numbers))
    told = in_steps(days)
    assert all(people >= LEAST for people in told.values())
    assert sum(told.values()) == (sum(numbers) if sum(numbers) >= LEAST else 0)


def test_a_running_count_moves_in_steps():
    assert [at_least(n) for n in (0, 4, 5, 9, 10)] == [0, 0, 5, 5, 10]
