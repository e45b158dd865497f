"""A day's calls: what matters most always finds some left, and no process overdraws for another."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cms.matrix.budget import RESERVED, DatabaseMeter, allowed, midnight_after
from cms.matrix.channels.base import Purpose, QuotaExceeded
from cms.matrix.models import CallCount
from tests.factories import make_union
from tests.factories.matrix import make_account

WEIBO = {"*": 100}


def spend_all(limit: int, purpose: Purpose, used: dict) -> dict:
    used = dict(used)
    while allowed(purpose, limit, used):
        used[purpose] = used.get(purpose, 0) + 1
    return used


def test_statistics_leave_what_is_reserved_for_publishing_replies_and_comments():
    assert spend_all(100, Purpose.STATISTICS, {})[Purpose.STATISTICS] == 26


def test_publishing_may_use_everything_that_is_left():
    assert spend_all(100, Purpose.PUBLISH, {})[Purpose.PUBLISH] == 100


def test_after_a_day_of_lesser_calls_publishing_still_has_its_share():
    used = spend_all(100, Purpose.STATISTICS, {})
    used = spend_all(100, Purpose.COMMENTS, used)
    used = spend_all(100, Purpose.REPLY, used)
    assert spend_all(100, Purpose.PUBLISH, used)[Purpose.PUBLISH] == 30


@given(
    limit=st.integers(1, 500),
    order=st.lists(st.sampled_from(list(Purpose)), max_size=700),
)
def test_no_order_of_calls_overdraws_or_takes_publishing_its_share(limit, order):
    used: dict[str, int] = {}
    for purpose in order:
        if allowed(purpose, limit, used):
            used[purpose] = used.get(purpose, 0) + 1
    assert sum(used.values()) <= limit
    lesser = sum(count for purpose, count in used.items() if purpose is not Purpose.PUBLISH)
    assert lesser <= limit - int(limit * RESERVED[Purpose.PUBLISH])


@pytest.fixture
def account(db):
    return make_account(make_union(), "http://127.0.0.1:9", "weibo")


def test_calls_are_counted_by_day_call_and_purpose(account):
    meter = DatabaseMeter(account, WEIBO)
    for _ in range(3):
        meter.spend("/2/statuses/share.json", Purpose.PUBLISH)
    meter.spend("/2/comments/to_me.json", Purpose.COMMENTS)
    counts = CallCount.objects.values_list("call", "purpose", "used")
    assert set(counts) == {
        ("/2/statuses/share.json", "publish", 3),
        ("/2/comments/to_me.json", "comments", 1),
    }


def test_a_spent_budget_says_until_when(account):
    meter = DatabaseMeter(account, {"*": 2})
    meter.spend("/a", Purpose.PUBLISH)
    meter.spend("/b", Purpose.PUBLISH)
    with pytest.raises(QuotaExceeded, match="次数") as refused:
        meter.spend("/c", Purpose.PUBLISH)
    assert refused.value.until == midnight_after(timezone.now())


def test_each_call_has_its_own_limit_where_the_platform_counts_them_apart(account):
    meter = DatabaseMeter(account, {"/submit": 1, "/get": 1})
    meter.spend("/submit", Purpose.PUBLISH)
    meter.spend("/get", Purpose.PUBLISH)
    with pytest.raises(QuotaExceeded):
        meter.spend("/get", Purpose.PUBLISH)


def test_a_new_day_begins_with_a_full_budget(account):
    meter = DatabaseMeter(account, {"*": 1})
    meter.spend("/a", Purpose.PUBLISH)
    CallCount.objects.update(day=timezone.localdate() - timedelta(days=1))
    meter.spend("/a", Purpose.PUBLISH)


def test_what_the_platform_says_is_used_up_is_not_asked_again_before_its_time(account):
    meter = DatabaseMeter(account, {})
    meter.exhausted("/submit", timezone.now() + timedelta(hours=1))
    with pytest.raises(QuotaExceeded):
        meter.spend("/submit", Purpose.PUBLISH)
    meter.spend("/other", Purpose.PUBLISH)
    CallCount.objects.update(exhausted_until=timezone.now() - timedelta(seconds=1))
    meter.spend("/submit", Purpose.PUBLISH)


def test_an_accounts_own_quota_wins_over_the_usual_one(account):
    account.extra = {"daily_calls": {"*": 1}}
    meter = DatabaseMeter(account, WEIBO)
    meter.spend("/a", Purpose.PUBLISH)
    with pytest.raises(QuotaExceeded):
        meter.spend("/a", Purpose.PUBLISH)


def test_whoever_may_not_speak_any_more_is_stopped_before_the_call(account):
    def stop():
        raise RuntimeError("lost the hold")

    with pytest.raises(RuntimeError, match="lost the hold"):
        DatabaseMeter(account, WEIBO, stop).spend("/a", Purpose.PUBLISH)
    assert not CallCount.objects.exists()
