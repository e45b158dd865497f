"""The state machine: only the drawn moves, each made once, each with a line in the log."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from cms.matrix import lifecycle
from cms.matrix.lifecycle import IllegalMove, LostHold, State, hold, keep_hold, move, rest
from cms.matrix.models import Delivery
from tests.factories import make_union, make_user
from tests.factories.matrix import make_account

pytestmark = pytest.mark.django_db
DRAWING = Path(__file__).parents[2] / "docs" / "deliveries.md"


@pytest.fixture
def delivery():
    account = make_account(make_union(), "http://127.0.0.1:9")
    return Delivery.objects.create(account=account, title="稿", state=State.APPROVED)


def fresh(delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def test_the_drawing_shows_exactly_the_moves_the_code_allows():
    arrows = re.findall(r"^    (\w+) --> (\w+)", DRAWING.read_text(encoding="utf-8"), re.M)
    drawn = {(one, other) for one, other in arrows}
    allowed = {(one.value, other.value) for one, to in lifecycle.MOVES.items() for other in to}
    assert drawn == allowed


def test_every_state_has_its_moves_and_can_be_reached():
    reached = {to for targets in lifecycle.MOVES.values() for to in targets}
    assert set(lifecycle.MOVES) == set(State)
    assert reached | {State.DRAFT} == set(State)


def test_a_move_that_is_not_drawn_is_refused_in_words(delivery):
    with pytest.raises(IllegalMove, match="等待分发"):
        move(delivery, State.WITHDRAWN)
    assert fresh(delivery).state == State.APPROVED


def test_each_move_is_logged_with_who_why_and_the_platforms_trace(delivery):
    editor = make_user("值班编辑")
    move(delivery, State.FAILED, by=editor, why="封面太大", error_code="40009", trace_id="rid-1")
    event = delivery.events.get()
    assert (event.from_state, event.to_state, event.by) == ("approved", "failed", editor)
    assert (event.why, event.code, event.trace_id) == ("封面太大", "40009", "rid-1")


def test_a_line_of_the_log_cannot_be_rewritten(delivery):
    move(delivery, State.FAILED, why="一")
    event = delivery.events.get()
    event.why = "二"
    with pytest.raises(TypeError):
        event.save()


def test_of_two_who_read_the_same_state_only_one_moves_it(delivery):
    other = fresh(delivery)
    move(delivery, State.SUBMITTING)
    with pytest.raises(LostHold):
        move(other, State.SUBMITTING)
    assert delivery.events.count() == 1


def test_a_held_row_is_nobody_elses(delivery):
    assert hold(Delivery.objects.all(), delivery.pk).attempts == 1
    assert hold(Delivery.objects.all(), delivery.pk) is None


def test_whoever_lost_the_hold_can_neither_write_nor_go_on(delivery):
    slow = hold(Delivery.objects.all(), delivery.pk)
    Delivery.objects.update(held_until=timezone.now())
    quick = hold(Delivery.objects.all(), delivery.pk)
    with pytest.raises(LostHold):
        keep_hold(slow)
    with pytest.raises(LostHold):
        move(slow, State.SUBMITTING)
    move(quick, State.SUBMITTING)
    assert fresh(delivery).state == State.SUBMITTING


def test_holding_on_moves_the_end_of_the_hold(delivery):
    held = hold(Delivery.objects.all(), delivery.pk)
    Delivery.objects.update(held_until=timezone.now())
    keep_hold(held)
    assert fresh(delivery).held_until > timezone.now()


def test_resting_lets_go_and_begins_counting_anew_in_a_new_state(delivery):
    held = hold(Delivery.objects.all(), delivery.pk)
    rest(held, State.FAILED, error_text="平台拒绝")
    left = fresh(delivery)
    assert (left.held_until, left.attempts, left.next_try_at) == (None, 0, None)
