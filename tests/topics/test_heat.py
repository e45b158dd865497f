"""The formula: bounded, monotone, and no single loud person beats many."""

import pytest

from cms.topics import heat


def of(times=0, people=0, searches=0, earlier=(0, 0, 0)):
    return heat.heat(times=times, people=people, searches=searches, earlier=earlier)


def test_weights_add_up_to_one():
    assert sum(part.weight for part in heat.PARTS) == pytest.approx(1)


def test_silence_has_no_heat_and_nothing_exceeds_a_hundred():
    assert of() == 0
    assert of(times=10**6, people=10**6, searches=10**6) <= 100


def test_each_part_gives_half_its_weight_at_its_half():
    for part in heat.PARTS:
        assert part.value(part.half) == pytest.approx(part.weight / 2)


@pytest.mark.parametrize("figure", ["times", "people", "searches"])
def test_more_of_anything_is_hotter(figure):
    assert of(**{figure: 5}) < of(**{figure: 50})


def test_falling_topics_get_no_burst_and_no_penalty():
    assert heat.burst(5, (10, 10, 10)) == 0
    assert heat.burst(10, (4, 4, 4)) > heat.burst(10, (8, 8, 8)) > 0


@pytest.mark.parametrize("days", [7, 28, 84])
def test_one_person_on_every_day_stays_below_thirty_people_even_without_a_burst(days):
    loud = of(times=days, people=1, earlier=(0, 0, 0))
    many = of(times=30, people=30, earlier=(30, 30, 30))
    assert loud < many


def test_formula_on_the_page_names_the_weights_in_force():
    text = heat.formula()
    for part in heat.PARTS:
        assert f"{part.weight:.2f} × {part.name}" in text
        assert f"+{part.half})" in text
