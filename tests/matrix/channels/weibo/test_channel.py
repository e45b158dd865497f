"""The Weibo channel against a stand-in of the platform."""

from datetime import UTC, date, datetime, timedelta, timezone

import httpx
import pytest

from cms.matrix.channels.base import (
    CallerBug,
    ContentRejected,
    OutcomeUnknown,
    Overrides,
    PermissionMissing,
    ReplyIn,
    State,
)
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.weibo.channel import WeiboChannel
from cms.matrix.channels.weibo.client import post_url, posted_at

from ..contract import ChannelContract
from ..stories import image_bytes, make_picture, make_story
from .conftest import ignore, make_account
from .fake import UID

SHARE = "/2/statuses/share.json"
TIMELINE = "/2/statuses/user_timeline.json"


class TestContract(ChannelContract):
    @pytest.fixture
    def channel(self, platform):
        with WeiboChannel(make_account(), MemoryTokenStore(), platform.transport) as channel:
            self.platform = platform
            yield channel

    def readers_speak(self, channel, target):
        self.platform.comment(target["mid"], "领到了")


# --- posting --------------------------------------------------------------------------------------


def test_a_post_carries_text_picture_and_address(channel, platform, payload, prepared):
    outcome = channel.submit(payload, prepared)
    assert outcome.state is State.PUBLISHED
    assert platform.pictures == 1
    (status,) = platform.statuses
    assert status["text"].startswith("【高温津贴怎么领】六月起")
    assert status["text"].endswith(" https://union.example.cn/policy/heat/?from=weibo")
    assert outcome.external["mid"] == status["mid"]
    assert outcome.url == f"https://weibo.com/{UID}/" + outcome.url.rsplit("/", 1)[1]


def test_a_post_without_cover_is_a_plain_form(channel, platform):
    payload = channel.render(make_story(cover=None), Overrides())
    channel.submit(payload, channel.prepare(payload, {}, {}, ignore))
    assert platform.pictures == 0
    request = platform.requests[-1]
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def test_submit_needs_prepare_on_the_same_object(platform, payload, prepared):
    with (
        WeiboChannel(make_account(), MemoryTokenStore(), platform.transport) as other,
        pytest.raises(CallerBug),
    ):
        other.submit(payload, prepared)
    assert platform.count(SHARE) == 0


def test_a_large_cover_is_made_small_enough(channel, platform, payload, story):
    noise = image_bytes("BMP", (1400, 1400), noise=True)
    assert len(noise) > 5_000_000
    pictures = {"cover-9": make_picture("cover-9", "image/bmp", noise)}
    channel.submit(payload, channel.prepare(payload, pictures, {}, ignore))
    assert len(platform.requests[-1].content) < 5_000_000
    assert b'filename="picture.jpg"' in platform.requests[-1].content


def test_a_lost_answer_is_found_again_by_its_text(channel, platform, payload, prepared):
    platform.lose_answer(SHARE)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)
    found = channel.reconcile(payload, prepared)
    assert found.state is State.PUBLISHED
    assert found.external["mid"] == platform.statuses[0]["mid"]
    assert len(platform.statuses) == 1


def test_a_shown_text_may_be_escaped_and_cut(channel, platform, story):
    payload = channel.render(make_story(title="A&B <津贴>"), Overrides())
    shown = payload.fields["status"].replace("&", "&amp;").replace("<", "&lt;")
    platform.post(f"{shown[:60]}...全文： http://t.cn/abc")
    assert channel.reconcile(payload, {"prepared_at": 1}).state is State.PUBLISHED


def test_another_text_is_not_ours(channel, platform, payload, prepared):
    platform.post("【高温津贴怎么领】另一条 http://t.cn/abc")
    assert channel.reconcile(payload, prepared).state is State.NOT_FOUND


def test_five_newer_posts_hide_the_view_so_a_person_looks(channel, platform, payload, prepared):
    for number in range(5):
        platform.post(f"后来的第 {number} 条", datetime.now(UTC) + timedelta(minutes=1))
    outcome = channel.reconcile(payload, prepared)
    assert outcome.state is State.MANUAL
    assert outcome.reason
    for number in range(5):
        platform.post(f"以前的第 {number} 条", datetime.now(UTC) - timedelta(days=1))
    assert channel.reconcile(payload, prepared).state is State.NOT_FOUND


def test_repeated_content_is_our_own_lost_success(channel, platform, payload, prepared):
    channel.submit(payload, prepared)
    again = channel.submit(payload, prepared)
    assert again.state is State.PUBLISHED
    assert len(platform.statuses) == 1


def test_repeated_content_that_is_not_ours_goes_to_the_editor(channel, platform, payload, prepared):
    platform.fail(SHARE, error="repeat content!", error_code="20019", http=400)
    with pytest.raises(ContentRejected):
        channel.submit(payload, prepared)


def test_repeated_content_we_cannot_check_stays_unknown(channel, platform, payload, prepared):
    platform.fail(SHARE, error="repeat content!", error_code=20019, http=400)
    platform.fail(TIMELINE, error="rpc error", error_code=10011, http=400)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)


def test_accepted_but_shown_later_waits_and_is_found(channel, platform, payload, prepared):
    platform.fail(SHARE, error="sync delayed", error_code=20032, http=400)
    outcome = channel.submit(payload, prepared)
    assert outcome.state is State.WAITING
    assert channel.poll(outcome.external).state is State.WAITING
    platform.post(payload.fields["status"])
    assert channel.poll(outcome.external).state is State.PUBLISHED


def test_missing_safe_domain_is_for_the_editor_and_admin(channel, platform, payload, prepared):
    platform.fail(SHARE, error="text not find domain!", error_code=10017, http=400)
    with pytest.raises(ContentRejected) as caught:
        channel.submit(payload, prepared)
    assert "登记本站域名" in caught.value.human


def test_an_error_page_after_posting_is_unknown(channel, platform, payload, prepared):
    platform.say(SHARE, httpx.Response(403, text="<html>403</html>"))
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)
    platform.say(SHARE, httpx.Response(200, json={}))
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)


# --- afterwards -----------------------------------------------------------------------------------


def test_a_vanished_post_is_an_alert_unless_we_asked_for_it(channel, platform, target):
    asked = channel.withdraw(target)
    assert asked.state is State.MANUAL
    assert asked.url == target["url"]
    assert channel.poll(asked.external).state is State.PUBLISHED
    platform.statuses.clear()
    assert channel.poll(target).state is State.TAKEN_DOWN
    assert channel.poll(asked.external).state is State.WITHDRAWN


def test_figures_leave_out_what_weibo_does_not_tell(channel, platform, target):
    (figures,) = channel.figures([target, {"media_id": "别处"}], date(2026, 6, 2))
    assert figures.reads is None
    assert (figures.likes, figures.shares, figures.comments) == (7, 2, 3)
    assert channel.figures([], date(2026, 6, 2)) == []


def test_missing_public_address_and_foreign_domain_are_problems_before_sending(platform):
    extra = {"rip": "", "safe_domain": "other.cn"}
    channel = WeiboChannel(make_account(**extra), MemoryTokenStore(), platform.transport)
    problems = channel.check(channel.render(make_story(), Overrides()))
    assert {problem.field for problem in problems} == {"url", "account"}


# --- what Weibo cannot do -------------------------------------------------------------------------


def test_a_post_cannot_be_changed_or_deleted_by_interface(channel, platform, payload, target):
    calls = len(platform.calls)
    for outcome in (
        channel.correct(payload, {}, target, {}, ignore),
        channel.withdraw(target),
    ):
        assert outcome.state is State.MANUAL
        assert outcome.url == target["url"]
        assert "登录微博" in outcome.reason
    assert len(platform.calls) == calls


@pytest.mark.parametrize(
    "act",
    [
        lambda channel, reply: channel.elect(reply, True),
        lambda channel, reply: channel.delete_reply(reply),
        lambda channel, reply: channel.menu(),
    ],
)
def test_what_weibo_has_not_is_refused_in_words(channel, act):
    reply = ReplyIn("1", "998", "", "好", datetime.now(UTC), "comment", {})
    with pytest.raises(PermissionMissing) as caught:
        act(channel, reply)
    assert caught.value.human.startswith("微博")


# --- the account ----------------------------------------------------------------------------------


def test_followers_are_told_for_today_and_yesterday_only(channel, platform):
    today = datetime.now(timezone(timedelta(hours=8))).date()
    for day in (today, today - timedelta(days=1)):
        figures = channel.account_figures(day)
        assert (figures.day, figures.followers, figures.posts) == (day, 128450, None)
        assert figures.extra == {"statuses": 36}
    assert channel.account_figures(today - timedelta(days=2)) is None
    assert platform.count("/2/users/show.json") == 2


def test_the_editors_own_cover_goes_with_the_text(channel, platform):
    own = make_picture("cover-77", data=image_bytes("JPEG", (31, 31)))
    payload = channel.render(make_story(), Overrides(cover=own))
    assert payload.fields["cover"] == "cover-77"
    channel.submit(payload, channel.prepare(payload, {"cover-77": own}, {}, ignore))
    assert own.load() in platform.requests[-1].content


@pytest.mark.parametrize(("code", "words"), [(20005, "格式"), (20006, "太大")])
def test_a_cover_the_platform_refuses_names_itself(
    channel, platform, payload, prepared, code, words
):
    platform.fail(SHARE, error="picture", error_code=code, http=400)
    with pytest.raises(ContentRejected) as caught:
        channel.submit(payload, prepared)
    assert caught.value.field == "cover"
    assert "图片cover-9.png" in caught.value.human
    assert words in caught.value.human


# --- errors, ids, times ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["10001", "10002", "10003", "10009", "10010", "10011"])
def test_a_busy_platform_leaves_a_post_unknown(channel, platform, payload, prepared, code):
    platform.fail(
        SHARE, error="system error", error_code=int(code), http=503 if code[-1] == "1" else 400
    )
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)


def test_a_post_address_is_the_mid_in_base_62():
    assert post_url("https://weibo.com", "1", "3501756485200075") == "https://weibo.com/1/z0JH2lOMb"
    assert post_url("https://weibo.com", "1", "10000001") == "https://weibo.com/1/10001"


def test_times_of_the_platform_are_aware():
    when = posted_at("Wed Oct 24 23:49:17 +0800 2012")
    assert when is not None
    assert when.utcoffset() == timedelta(hours=8)
    assert posted_at("yesterday") is None
