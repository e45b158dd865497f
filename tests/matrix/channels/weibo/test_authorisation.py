"""Who lets us speak for the account, until when, and what it may do then (contract §15, §17)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from cms.matrix.channels.base import Account, CredentialError, Overrides, Purpose, QuotaExceeded
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.weibo.channel import WeiboChannel

from ..metering import Ledger
from ..stories import make_story
from .conftest import make_account
from .fake import APP_KEY, UID

TIMELINE = "/2/statuses/user_timeline.json"
RETURN_TO = "https://union.example.cn/cms/matrix/weibo/back/?account=8"


def test_probe_tells_what_it_can_do_and_when_the_authorisation_ends(channel, platform):
    platform.expire_in = 3 * 86400
    found = channel.probe()
    left = datetime.fromisoformat(found.pop("until")) - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    can = {name for name, value in found.items() if value is True}
    assert can == {"account", "publish", "comments", "reply", "statistics"}
    assert {value for name, value in found.items() if name not in can} == {False}


def test_probe_notices_a_token_of_somebody_else(platform):
    other = replace(make_account(), app_id="42")
    with WeiboChannel(other, MemoryTokenStore(), platform.transport) as channel:
        assert "UID 不一致" in channel.probe()["account"]


def test_probe_on_a_busy_day_takes_nothing_away(channel, platform):
    platform.fail(TIMELINE, error="system error", error_code=10001, http=400)
    found = channel.probe()
    assert found["account"] is True
    assert "publish" not in found


def test_a_revoked_authorisation_pauses_the_account(platform, payload):
    revoked = Account(8, "weibo", "x", "https://api.example.test", UID, "s", "2.00revoked")
    with WeiboChannel(revoked, MemoryTokenStore(), platform.transport) as channel:
        with pytest.raises(CredentialError) as caught:
            channel.reconcile(payload, {})
        assert "重新授权" in channel.probe()["account"]
    assert "2.00revoked" not in repr(caught.value)


@pytest.mark.parametrize("code", [10005, 10014])
def test_a_higher_permission_we_lack_is_said_for_what_needs_it(channel, platform, code):
    platform.fail(
        "/2/comments/to_me.json", error="Insufficient app permissions!", error_code=code, http=403
    )
    found = channel.probe()
    assert found["publish"] is True
    assert found["comments"] == found["reply"]
    assert "高级接口" in found["comments"]


def test_an_administrator_is_sent_to_the_platforms_own_page(channel):
    url = urlsplit(channel.authorise_url(RETURN_TO, "abc123"))
    assert url.path == "/oauth2/authorize"
    assert parse_qs(url.query) == {
        "client_id": [APP_KEY],
        "redirect_uri": [RETURN_TO],
        "response_type": ["code"],
        "state": ["abc123"],
    }


def test_the_real_platforms_page_is_used_where_no_address_is_given():
    channel = WeiboChannel(replace(make_account(), base_url=""), MemoryTokenStore())
    assert channel.authorise_url(RETURN_TO, "x").startswith("https://api.weibo.com/oauth2/")


def test_a_code_becomes_a_token_with_its_user_and_end(channel, platform):
    given = channel.authorise("CODE", RETURN_TO)
    assert (given.token, given.uid) == ("2.00new", UID)
    left = given.until - datetime.now(UTC)
    assert timedelta(seconds=2626600) < left <= timedelta(seconds=2626641)
    request = platform.requests[-1]
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "2.00new" not in repr(given)


@pytest.mark.parametrize(("code", "words"), [("USED", "重新点"), ("", "重新点")])
def test_a_code_that_is_used_up_asks_to_start_again(channel, code, words):
    with pytest.raises(CredentialError) as caught:
        channel.authorise(code, RETURN_TO)
    assert words in caught.value.human


def test_a_wrong_app_secret_is_the_set_ups_fault(platform):
    wrong = replace(make_account(), secret="wrong")
    with (
        WeiboChannel(wrong, MemoryTokenStore(), platform.transport) as channel,
        pytest.raises(CredentialError) as caught,
    ):
        channel.authorise("CODE", RETURN_TO)
    assert "App Secret" in caught.value.human
    assert "wrong" not in repr(caught.value)


# --- 100 calls a day ------------------------------------------------------------------------------


@pytest.fixture
def meter(channel):
    channel.meter = Ledger()
    return channel.meter


def test_all_calls_share_one_budget_of_a_hundred():
    assert WeiboChannel.daily_calls == {"*": 100}


def test_what_publishes_comes_before_what_answers_before_what_listens_before_what_counts(
    channel, platform, meter, target
):
    platform.comment(target["mid"], "好")
    channel.reconcile(channel.render(make_story(), Overrides()), {})
    channel.poll(target)
    assert {purpose for _call, purpose in meter.spent} == {Purpose.PUBLISH}
    meter.spent.clear()
    (reply,), _cursor = channel.replies([target], {})
    assert [purpose for _call, purpose in meter.spent] == [Purpose.COMMENTS]
    meter.spent.clear()
    channel.answer(reply, "好")
    channel.answered(reply, "好")
    assert {purpose for _call, purpose in meter.spent} == {Purpose.REPLY}
    meter.spent.clear()
    channel.figures([target], date.today())
    channel.account_figures(date.today())
    channel.quotas()
    channel.probe()
    assert {purpose for _call, purpose in meter.spent} == {Purpose.STATISTICS}


def test_authorising_works_on_a_day_without_calls_left(channel, meter):
    channel.authorise("CODE", RETURN_TO)
    assert meter.spent == []


@pytest.mark.parametrize(
    ("code", "ended"),
    [(10004, "*"), (10022, "*"), (10023, "*"), (10024, TIMELINE)],
)
def test_the_platforms_own_word_ends_what_it_is_about_for_an_hour(
    channel, platform, meter, payload, code, ended
):
    platform.fail(TIMELINE, error="out of rate limit", error_code=code, http=403)
    with pytest.raises(QuotaExceeded) as caught:
        channel.reconcile(payload, {})
    assert meter.used_up == [(ended, caught.value.until)]


def test_quotas_are_the_platforms_own_word(channel, platform):
    assert channel.quotas() == {"*": (2, 100)}
    platform.fail("/2/account/rate_limit_status.json", user_limit=100)
    assert channel.quotas() == {}
