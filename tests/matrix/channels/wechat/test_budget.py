"""Every call is counted right before it is made, and for what (contract §1.1)."""

from datetime import UTC, date, datetime

import pytest

from cms.matrix.channels.base import CredentialError, Purpose, QuotaExceeded, Way
from cms.matrix.channels.wechat.channel import WeChatChannel
from cms.matrix.channels.wechat.errors import tomorrow

from ..metering import Ledger
from ..stories import pictures_of
from .conftest import comment, ignore

SUBMIT = "/cgi-bin/freepublish/submit"
TOKEN = "/cgi-bin/stable_token"


@pytest.fixture
def meter(channel):
    channel.meter = Ledger()
    return channel.meter


def test_what_publishes_comes_before_what_answers_before_what_listens_before_what_counts(
    channel, platform, meter, story, payload
):
    channel.preview(payload, pictures_of(story), {}, ignore, "reader")
    prepared = channel.prepare(payload, pictures_of(story), {"key": "k-1"}, ignore)
    target = channel.poll(channel.submit(payload, prepared).external).external
    platform.comments = [comment(1)]
    (reply,), _cursor = channel.replies([target], {})
    assert set(meter.purposes().pop("/cgi-bin/comment/list")) == {Purpose.COMMENTS}
    assert {p for call, p in meter.spent if call != "/cgi-bin/comment/list"} == {Purpose.PUBLISH}
    meter.spent.clear()
    channel.answer(reply, "好")
    channel.answered(reply, "好")
    channel.elect(reply, True)
    channel.delete_reply(reply)
    channel.set_menu(channel.menu())
    assert {purpose for _call, purpose in meter.spent} == {Purpose.REPLY}
    meter.spent.clear()
    channel.figures([target], date(2026, 6, 2))
    channel.account_figures(date(2026, 6, 2))
    channel.quotas()
    channel.probe()
    without_menu = [p for call, p in meter.spent if call != "/cgi-bin/menu/get"]
    assert set(without_menu) == {Purpose.STATISTICS}
    meter.spent.clear()
    channel.withdraw(target)
    again = channel.prepare(payload, pictures_of(story), {"key": "k-2"}, ignore)
    channel.withdraw(channel.submit(payload, again, Way.MASS).external)
    assert {purpose for _call, purpose in meter.spent} == {Purpose.PUBLISH}


def test_a_call_made_again_with_a_new_token_is_counted_again(channel, platform, meter):
    platform.fail("/cgi-bin/draft/count", errcode=40001, errmsg="invalid credential")
    platform.fail("/cgi-bin/draft/count", errcode=40001, errmsg="invalid credential")
    channel.client.draft_count()
    assert [call for call, _purpose in meter.spent] == ["/cgi-bin/draft/count"] * 3
    assert platform.count("/cgi-bin/draft/count") == 3


def test_fetching_the_token_is_not_counted(channel, platform, meter):
    channel.client.draft_count()
    assert platform.count(TOKEN) == 1
    assert TOKEN not in meter.purposes()


def test_what_the_meter_refuses_is_not_sent(channel, platform, payload, prepared):
    class Empty(Ledger):
        def spend(self, call: str, purpose: Purpose) -> None:
            raise QuotaExceeded("budget", human="用完了。")

    with (
        WeChatChannel(channel.account, channel.tokens, platform.transport, meter=Empty()) as other,
        pytest.raises(QuotaExceeded),
    ):
        other.submit(payload, prepared)
    assert platform.count(SUBMIT) == 0


def test_the_platforms_own_word_on_a_day_ends_it_for_that_call(
    channel, platform, meter, payload, prepared
):
    platform.fail(SUBMIT, errcode=45009, errmsg="reach max api daily quota limit")
    with pytest.raises(QuotaExceeded):
        channel.submit(payload, prepared)
    assert meter.used_up == [(SUBMIT, tomorrow(datetime.now(UTC)))]


@pytest.mark.parametrize("code", [45011, 48006, 45028, 40001])
def test_nothing_else_ends_the_day(channel, platform, meter, code):
    for _attempt in range(3):
        platform.fail("/cgi-bin/draft/count", errcode=code, errmsg="no")
    with pytest.raises(Exception, match=str(code)) as caught:
        channel.client.draft_count()
    assert meter.used_up == []
    assert isinstance(caught.value, CredentialError) is (code == 40001)


def test_the_daily_numbers_are_the_documented_ones():
    assert WeChatChannel.daily_calls["/cgi-bin/freepublish/delete"] == 10
    assert WeChatChannel.daily_calls["/cgi-bin/draft/get"] == 500
    for name in ("submit", "get", "getarticle", "batchget"):
        assert WeChatChannel.daily_calls[f"/cgi-bin/freepublish/{name}"] == 100
    assert TOKEN not in WeChatChannel.daily_calls
