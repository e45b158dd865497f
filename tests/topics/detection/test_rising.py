"""Rises: the stated rate of false alarms holds, a rise is found and told once."""

import math
import random
from datetime import timedelta

import pytest

from cms.topics.detection import rising
from tests.topics.detection.voices import FIRST, day

#: How much more is said on each weekday; a week has 7 of them.
WEEK = (1.4, 1.3, 1.2, 1.1, 1.0, 0.6, 0.4)


def poisson(rng, mean):
    """Knuth's: multiply until below e^-mean."""
    least, product, count = math.exp(-mean), rng.random(), 0
    while product > least:
        product *= rng.random()
        count += 1
    return count


def spoken(rng, days, mean, spread=0.0, since=0, rise=1.0):
    """New people each day; `spread`: variance beyond Poisson's, as a share of the mean."""
    found, person = {}, 0
    for number in range(days):
        today = mean * WEEK[number % 7] * (rise if number >= since else 1.0)
        if spread:
            today = rng.gammavariate(today / spread, spread)
        count = poisson(rng, today)
        found[day(number)] = {f"p{person + at}" for at in range(count)}
        person += count
    return found


def weeks_with_a_false_alarm(*, history, mean, spread, series=120):
    """The share of weeks, looked at daily, in which a series that does not rise gives an alarm."""
    rng = random.Random(f"{history}/{mean}/{spread}")
    alarms = 0
    for _series in range(series):
        every = spoken(rng, history + 14 + 7, mean, spread)
        looks = [rising.rise(every, day(history + 13 + number), FIRST) for number in range(7)]
        alarms += any(one.fires for one in looks)
    return alarms / series


@pytest.mark.parametrize("history", [14, 42, 112], ids="{} days".format)
@pytest.mark.parametrize("mean", [0.2, 1.5, 6.0], ids="{} a day".format)
@pytest.mark.parametrize("spread", [0.0, 0.3], ids=["poisson", "clumped"])
def test_the_rate_of_false_alarms_is_no_higher_than_stated(history, mean, spread):
    share = weeks_with_a_false_alarm(history=history, mean=mean, spread=spread)
    # Twice the error of a share of 120 series on top.
    assert share <= rising.PER_TOPIC + 2 * math.sqrt(rising.PER_TOPIC / 120)


def test_a_fourfold_rise_is_found_within_a_fortnight():
    rng = random.Random(5)
    found = 0
    for _series in range(50):
        every = spoken(rng, 84 + 14, 0.5, since=84, rise=4.0)
        found += any(rising.rise(every, day(84 + n), FIRST).fires for n in range(14))
    assert found >= 45


def test_one_person_every_hour_is_one_person():
    every = {day(number): {"loud"} for number in range(70, 84)}
    assert rising.windows(every, day(83), FIRST)[0] == 1
    assert not rising.rise(every, day(83), FIRST).fires


def test_many_topics_share_one_budget_of_false_alarms():
    assert rising.level(1) == rising.level(20) == rising.PER_TOPIC / 7
    assert rising.level(200) * 7 * 200 == pytest.approx(rising.BUDGET)


def test_without_any_past_nothing_can_have_risen():
    many = {day(number): {f"{number}/{at}" for at in range(3)} for number in range(14)}
    assert rising.rise(many, day(13), FIRST) is None


def test_a_new_issue_is_a_rise_where_it_was_silent_before():
    every = {day(80): {"a"}, day(82): {"b"}, day(83): {"c", "d"}}
    assert rising.rise(every, day(83), FIRST).fires


def test_three_people_are_no_rise():
    every = {day(300): {"a", "b", "c"}}
    assert not rising.rise(every, day(300), FIRST).fires


def test_the_weeks_right_before_a_window_are_not_its_past():
    assert rising.look([5, 9, 0, 0, 0]).expected < rising.look([5, 0, 9, 0, 0]).expected


def test_a_rise_stays_up_until_it_is_calm():
    every = {
        FIRST + timedelta(days=100 + number): {f"p{number}", f"q{number}"} for number in range(7)
    }
    looks = [rising.rise(every, day(100 + number), FIRST) for number in range(40)]
    assert any(one.fires for one in looks[:10])
    assert not any(one.calm for one in looks[3:12])
    assert looks[-1].calm


def test_the_reason_is_a_sentence_with_its_numbers():
    rise = rising.Rise(12, 2.1, 8, 0.0004, 0.003)
    assert (
        rise.why
        == "近 14 天 12 人，按此前 8 周预计 2.1 人；若没有变化，出现这么多人的概率不到千分之一。"
    )
