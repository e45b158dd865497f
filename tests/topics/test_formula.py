"""The weights of the heat: in sum one, tried before they are set, never changed in silence."""

import pytest
from django.core.exceptions import ValidationError

from cms.topics import heat
from cms.topics.models import HeatFormula
from cms.topics.selectors import Period, ranking, weights_in_force, weights_of
from cms.topics.services import formula_set
from tests.factories.topics import grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

PAGE = "/admin/concerns/formula/"
KEYS = [part.key for part in heat.PARTS]
PEOPLE_ALONE = {key: float(key == "people") for key in KEYS}


def test_the_shipped_weights_hold_until_somebody_sets_others(manager):
    assert weights_in_force() == heat.WEIGHTS
    formula_set(weights=PEOPLE_ALONE, user=manager)
    assert weights_in_force() == weights_of(PEOPLE_ALONE)


def test_the_board_is_ranked_by_the_weights_in_force(manager):
    make_voices(5)
    make_voice("天天加班到深夜，不给加班费")
    grouped()
    before = [row.heat for row in ranking(period=Period.of(7))]
    formula_set(weights=PEOPLE_ALONE, user=manager)
    after = [row.heat for row in ranking(period=Period.of(7))]
    assert before != after
    assert after[0] == round(100 * 1 / (1 + heat.PEOPLE.half), 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": 0.5},
        {"people": 1.5, "times": -0.5},
        {"people": float("nan")},
        {"people": None},
        {},
    ],
)
def test_weights_outside_0_to_1_or_not_adding_up_are_refused(manager, wrong):
    weights = {**dict.fromkeys(KEYS, 0.0), **wrong} if wrong else {}
    with pytest.raises(ValidationError):
        formula_set(weights=weights, user=manager)
    assert not HeatFormula.objects.exists()


def test_weights_are_tried_beside_the_present_top_and_change_nothing(client, manager, newsroom):
    make_voices(5, union=newsroom.union)
    grouped()
    response = client.post(PAGE, {**PEOPLE_ALONE, "action": "try"})
    text = response.content.decode()
    assert "现在和改后" in text
    assert "用新的权重" in text
    assert 'name="people" value="1.0"' in text
    assert not HeatFormula.objects.exists()


def test_weights_are_set_and_told_with_who_set_them(client, manager):
    client.post(PAGE, {**PEOPLE_ALONE, "action": "set"})
    text = client.get(PAGE).content.decode()
    assert HeatFormula.objects.get().set_by == manager
    assert "1.00 × 人数" in text
    client.post(PAGE, {"action": "usual"})
    assert weights_in_force() == heat.WEIGHTS
    assert HeatFormula.objects.count() == 2


def test_a_wrong_sum_says_what_it_is_and_keeps_what_was_typed(client, manager):
    response = client.post(PAGE, {**PEOPLE_ALONE, "times": "0.25", "action": "set"})
    text = response.content.decode()
    assert "现在是 1.25" in text
    assert 'value="0.25"' in text
    assert not HeatFormula.objects.exists()


@pytest.mark.parametrize("typed", ["", "nan", "inf", "viel", "-1", "2"])
def test_what_is_no_weight_is_refused_in_words(client, manager, typed):
    response = client.post(PAGE, {**PEOPLE_ALONE, "people": typed, "action": "set"})
    assert "help-critical" in response.content.decode()
    assert not HeatFormula.objects.exists()
