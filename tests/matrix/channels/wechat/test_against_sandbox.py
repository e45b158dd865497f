"""The channel over HTTP against the local platform: its live answers, and those of the documents.

Both ends were written from the contract independently; here they meet. Each test runs for both
sides of the conflicts of contract §13.
"""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from cms.matrix.channels.base import (
    Account,
    CredentialError,
    NeedsConsole,
    OutcomeUnknown,
    Overrides,
    QuotaExceeded,
    ReplyIn,
    State,
    Way,
)
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.channel import WeChatChannel

from ..stories import make_story, pictures_of
from .conftest import ignore

APP_ID = "wxdemo_service"
SUBMIT = "/cgi-bin/freepublish/submit"
SENDALL = "/cgi-bin/message/mass/sendall"
LIVE: dict = {}
DOCUMENTED = {
    "documented_answers": True,
    "publish_id_as_text": True,
    "submit_tells_msg_data_id": False,
    "reply_as_list": True,
    "total_is_page_size": False,
    "draft_tells_thumb_url": False,
    "fail_idx_while_publishing": True,
}


@pytest.fixture(params=[LIVE, DOCUMENTED], ids=["live", "documented"])
def connect(sandbox, server, request):
    """Opens the channel of an account of the sandbox."""
    opened = []

    def open_channel(app_id=APP_ID, **changes) -> WeChatChannel:
        sandbox.account("wechat", app_id, **request.param, **changes)
        known = next(
            account
            for account in sandbox.get("/__sandbox/accounts").json()
            if account["app_id"] == app_id
        )
        account = Account(7, "wechat", known["name"], f"{server}/wechat", app_id, known["secret"])
        opened.append(WeChatChannel(account, MemoryTokenStore(), timeout=5))
        return opened[-1]

    yield open_channel
    for channel in opened:
        channel.close()


@pytest.fixture
def channel(connect):
    return connect()


@pytest.fixture
def story():
    return make_story(url="https://union.example.cn/heat/")


@pytest.fixture
def payload(channel, story):
    return channel.render(story, Overrides())


@pytest.fixture
def prepared(channel, story, payload):
    return channel.prepare(payload, pictures_of(story), {"key": "rongmei-1-0"}, ignore)


@pytest.fixture
def target(sandbox, channel, payload, prepared):
    return settle(sandbox, channel, channel.submit(payload, prepared).external).external


def settle(sandbox, channel, external):
    """What becomes of it when the platform's work is done."""

    def done():
        outcome = channel.poll(external)
        return None if outcome.state is State.WAITING else outcome

    return sandbox.wait_for(done)


def write_comment(sandbox, url: str, words: str) -> None:
    query = parse_qs(urlsplit(url).query)
    form = {name: query[name][0] for name in ("mid", "idx", "sn")}
    sandbox.post("/s/comment", data={**form, "nickname": "王师傅", "content": words})


def test_what_is_sent_is_kept_by_the_draft_box(prepared):
    assert prepared["differences"] == []


def test_a_story_is_published_with_the_ids_for_comments_and_withdrawn(sandbox, channel, target):
    mid = parse_qs(urlsplit(target["url"]).query)["mid"]
    assert [target["msg_data_id"]] == mid
    assert channel.withdraw(target).state is State.WITHDRAWN
    assert channel.poll(target).state is State.WITHDRAWN


@pytest.mark.parametrize(
    ("status", "state"),
    [(2, State.FAILED), (3, State.FAILED), (4, State.FAILED), (5, State.WITHDRAWN)],
)
def test_each_end_of_a_publication_is_told(sandbox, channel, payload, prepared, status, state):
    sandbox.fault(path=SUBMIT, effect="publish_status", status=status)
    outcome = settle(sandbox, channel, channel.submit(payload, prepared).external)
    assert outcome.state is state
    assert outcome.reason


@pytest.mark.parametrize("effect", ["lost", "timeout"])
def test_a_lost_answer_to_publishing_is_settled_by_looking(
    sandbox, channel, payload, prepared, effect
):
    sandbox.fault(path=SUBMIT, effect=effect)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)
    if effect == "timeout":
        assert channel.reconcile(payload, prepared).state is State.NOT_FOUND
        return
    found = sandbox.wait_for(
        lambda: (found := channel.reconcile(payload, prepared)).state is State.PUBLISHED and found
    )
    assert found.external["article_id"]
    assert len(sandbox.state()["wx_publish"]) == 1


@pytest.mark.parametrize("effect", ["lost", "timeout"])
def test_a_lost_answer_to_mass_sending_is_settled_by_its_key(sandbox, connect, story, effect):
    channel = connect(mass_retry_seconds=0)
    payload = channel.render(story, Overrides())
    prepared = channel.prepare(payload, pictures_of(story), {"key": "rongmei-1-0"}, ignore)
    sandbox.fault(path=SENDALL, effect=effect)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared, Way.MASS)
    found = channel.reconcile(payload, prepared, Way.MASS)
    if effect == "timeout":
        assert found.state is State.NOT_FOUND
        return
    assert settle(sandbox, channel, found.external).state is State.PUBLISHED
    assert len(sandbox.state()["wx_mass"]) == 1


def test_a_mass_send_is_followed_and_taken_down(sandbox, channel, payload, prepared):
    receipt = channel.submit(payload, prepared, Way.MASS)
    published = settle(sandbox, channel, receipt.external)
    assert published.state is State.PUBLISHED
    assert channel.withdraw(published.external).state is State.WITHDRAWN
    assert channel.withdraw(published.external).state is State.WITHDRAWN
    assert channel.poll(published.external).state is State.WITHDRAWN


def test_the_second_mass_send_of_the_day_waits(sandbox, connect, story):
    channel = connect("wxdemo_sub")
    for number, expected in ((1, None), (2, "45028")):
        payload = channel.render(make_story(title=f"第 {number} 篇"), Overrides())
        progress = channel.prepare(payload, pictures_of(story), {"key": f"k-{number}"}, ignore)
        if expected is None:
            channel.submit(payload, progress, Way.MASS)
            continue
        with pytest.raises(QuotaExceeded) as caught:
            channel.submit(payload, progress, Way.MASS)
        assert caught.value.code == expected


def test_a_protected_account_waits_for_its_administrator(sandbox, connect, story):
    channel = connect(mass_protection=True)
    payload = channel.render(story, Overrides())
    prepared = channel.prepare(payload, pictures_of(story), {"key": "rongmei-1-0"}, ignore)
    outcome = channel.submit(payload, prepared, Way.MASS)
    assert outcome.state is State.MANUAL
    waiting = channel.poll(outcome.external)
    assert waiting.state is State.MANUAL
    assert waiting.external["draft_gone"] is True
    assert "管理员" in waiting.reason


def test_an_account_without_interfaces_leaves_it_to_a_person(sandbox, connect, story):
    channel = connect("wxdemo_plain")
    payload = channel.render(story, Overrides())
    prepared = channel.prepare(payload, pictures_of(story), {"key": "k"}, ignore)
    outcome = channel.submit(payload, prepared)
    assert outcome.state is State.MANUAL
    changed = channel.render(make_story(title="改过的标题"), Overrides())
    channel.correct(changed, pictures_of(story), outcome.external, prepared, ignore)
    assert "改过的标题" in sandbox.state()["wx_draft"][0]["articles"]
    found = channel.probe()
    assert found["account"] is True
    assert all("权限" in found[name] for name in ("publish", "mass", "statistics", "menu"))
    body = {"media_id": outcome.external["media_id"]}
    sandbox.post("/__sandbox/accounts/wechat/wxdemo_plain/console-publish", json=body)
    assert channel.poll(outcome.external).external["draft_gone"] is True


def test_comments_are_read_answered_featured_and_deleted(sandbox, channel, target):
    write_comment(sandbox, target["url"], "高温费啥时候发")
    (reply,), _cursor = channel.replies([target], {})
    assert reply.text == "高温费啥时候发"
    sandbox.fault(path="/cgi-bin/comment/reply/add", effect="lost")
    with pytest.raises(OutcomeUnknown):
        channel.answer(reply, "月底前发")
    assert channel.answered(reply, "月底前发") is True
    again = channel.answer(reply, "月底前发")
    assert again.state is State.PUBLISHED
    assert "只允许回复一次" in again.reason
    channel.elect(reply, True)
    (read,), _cursor = channel.replies([target], {})
    assert read.extra == {"elected": True, "our_answer": "月底前发"}
    channel.elect(reply, False)
    channel.delete_reply(reply)
    channel.delete_reply(reply)
    assert channel.replies([target], {})[0] == []


def test_a_message_is_answered_within_its_window(sandbox, channel):
    path = f"/__sandbox/accounts/wechat/{APP_ID}/message"
    sandbox.post(path, json={"nickname": "王师傅", "content": "在吗"})
    openid = sandbox.state()["wx_fan"][0]["openid"]
    message = ReplyIn("message:1", openid, "", "在吗", None, "message", {})
    assert channel.answer(message, "在的").state is State.PUBLISHED
    sandbox.advance(hours=49)
    with pytest.raises(NeedsConsole) as caught:
        channel.answer(message, "还在吗")
    assert caught.value.code == "45015"


def test_the_menu_is_put_in_place_and_removed(channel):
    buttons = [{"type": "view", "name": "要闻", "url": "https://union.example.cn/"}]
    channel.set_menu(buttons)
    assert [button["name"] for button in channel.menu()] == ["要闻"]
    channel.set_menu([])
    assert channel.menu() == []


def test_figures_count_what_readers_did(sandbox, connect, story):
    channel = connect(stats_same_day=True)
    payload = channel.render(story, Overrides())
    prepared = channel.prepare(payload, pictures_of(story), {"key": "k"}, ignore)
    external = settle(sandbox, channel, channel.submit(payload, prepared).external).external
    today = sandbox.today()
    sandbox.get(external["url"])
    target = {**external, "published_on": today.isoformat()}
    (figures,) = channel.figures([target], today)
    assert (figures.reads, figures.as_of) == (1, today)
    assert sum(figures.extra["sources"].values()) >= 1
    account = channel.account_figures(today)
    assert account.day == today
    assert account.followers is not None


def test_everything_is_open_to_a_certified_account(channel):
    found = channel.probe()
    assert {name for name, value in found.items() if value is not True} == set()
    assert channel.quotas()[SUBMIT][1] == 100
    assert channel.client.jsapi_ticket() == channel.client.jsapi_ticket()


def test_the_days_last_withdrawal_says_when_the_next_is_possible(sandbox, connect, story):
    channel = connect(quotas={"/cgi-bin/freepublish/delete": 0})
    payload = channel.render(story, Overrides())
    prepared = channel.prepare(payload, pictures_of(story), {"key": "k"}, ignore)
    external = settle(sandbox, channel, channel.submit(payload, prepared).external).external
    with pytest.raises(QuotaExceeded) as caught:
        channel.withdraw(external)
    assert caught.value.until is not None


def test_a_server_that_is_not_admitted_learns_its_address(sandbox, connect):
    found = connect(ip_whitelist=["203.0.113.9"]).probe()
    assert "127.0.0.1" in found["account"]


def test_a_token_storm_ends_in_a_pause(sandbox, channel):
    sandbox.fault(path="/cgi-bin/draft/count", effect="error", code=40001, times=5)
    with pytest.raises(CredentialError):
        channel.client.draft_count()


def test_figures_of_a_day_to_come_are_none(channel, target):
    assert channel.figures([{**target, "published_on": "2035-01-01"}], date(2035, 1, 2)) == []
    assert channel.figures([target], date.today() - timedelta(days=400)) == []
