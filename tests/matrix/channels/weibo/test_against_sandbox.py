"""The channel over HTTP against the local platform (contract part B)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from cms.matrix.channels.base import (
    Account,
    ContentRejected,
    CredentialError,
    OutcomeUnknown,
    Overrides,
    QuotaExceeded,
    State,
)
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.weibo.channel import WeiboChannel

from ..stories import make_story, pictures_of
from .conftest import ignore

APP_KEY = "wbdemo_main"
SHARE = "/2/statuses/share.json"
STORY_URL = "http://127.0.0.1:8000/policy/heat/"
RETURN_TO = "http://127.0.0.1:8000/cms/matrix/weibo/back/"


@pytest.fixture
def connect(sandbox, server):
    """Opens the channel of an account of the sandbox."""
    opened = []

    def open_channel(token=None, **changes) -> WeiboChannel:
        known = sandbox.account("weibo", APP_KEY, **changes)
        account = Account(
            8, "weibo", known["name"], f"{server}/weibo", known["uid"], known["secret"],
            known["access_token"] if token is None else token,
            {"app_key": APP_KEY, "rip": "127.0.0.1", "web_url": f"{server}/weibo"},
        )  # fmt: skip
        opened.append(WeiboChannel(account, MemoryTokenStore(), timeout=5))
        return opened[-1]

    yield open_channel
    for channel in opened:
        channel.close()


@pytest.fixture
def channel(connect):
    return connect()


@pytest.fixture
def payload(channel):
    return channel.render(make_story(url=STORY_URL), Overrides())


@pytest.fixture
def prepared(channel, payload):
    return channel.prepare(payload, pictures_of(make_story()), {}, ignore)


@pytest.fixture
def target(channel, payload, prepared):
    return channel.submit(payload, prepared).external


def write_comment(sandbox, target, words: str) -> None:
    address = f"/weibo/{target['uid']}/{target['mid']}/comment"
    sandbox.post(address, data={"nickname": "小李", "content": words})


def test_a_post_stands_where_its_address_says(sandbox, channel, target):
    page = sandbox.get(target["url"])
    assert page.status_code == 200
    assert "高温津贴怎么领" in page.text
    assert channel.poll(target).state is State.PUBLISHED
    assert int(target["mid"]) > 2**53


@pytest.mark.parametrize("effect", ["lost", "timeout"])
def test_a_lost_answer_is_settled_by_the_timeline(sandbox, channel, payload, prepared, effect):
    sandbox.fault(path=SHARE, effect=effect)
    with pytest.raises(OutcomeUnknown):
        channel.submit(payload, prepared)
    found = channel.reconcile(payload, prepared)
    assert found.state is (State.PUBLISHED if effect == "lost" else State.NOT_FOUND)
    assert len(sandbox.state()["wb_status"]) == (1 if effect == "lost" else 0)


def test_the_same_text_again_is_our_own_success(sandbox, channel, payload, prepared, target):
    again = channel.submit(payload, prepared)
    assert again.state is State.PUBLISHED
    assert again.external["mid"] == target["mid"]
    assert len(sandbox.state()["wb_status"]) == 1


def test_a_link_outside_the_safe_domain_goes_back(connect, payload, prepared):
    channel = connect(safe_domains=["other.example"])
    channel.prepare(payload, pictures_of(make_story()), {}, ignore)
    with pytest.raises(ContentRejected) as caught:
        channel.submit(payload, prepared)
    assert caught.value.code == "10017"


def test_a_comment_is_read_answered_once_and_found_again(sandbox, channel, target):
    write_comment(sandbox, target, "领到了")
    (reply,), cursor = channel.replies([target], {})
    assert (reply.text, reply.author_name, reply.target) == ("领到了", "小李", target)
    assert channel.answered(reply, "谢谢反映") is False
    sandbox.fault(path="/2/comments/reply.json", effect="lost")
    with pytest.raises(OutcomeUnknown):
        channel.answer(reply, "谢谢反映")
    assert channel.answered(reply, "谢谢反映") is True
    assert channel.replies([target], cursor)[0] == [], "our own words are nobody's question"


def test_counters_and_followers_are_told(sandbox, channel, target):
    write_comment(sandbox, target, "领到了")
    (figures,) = channel.figures([target], sandbox.today())
    assert (figures.reads, figures.likes, figures.shares, figures.comments) == (None, 0, 0, 1)
    account = channel.account_figures(sandbox.today())
    assert account.followers == 128_450
    assert account.extra == {"statuses": 1}


def test_an_administrator_authorises_and_the_token_works(sandbox, connect):
    channel = connect(token="")
    page = channel.authorise_url(RETURN_TO, "abc123")
    form = {name: value[0] for name, value in parse_qs(urlsplit(page).query).items()}
    answer = sandbox.post(
        urlsplit(page).path, data={**form, "decision": "allow"}, follow_redirects=False
    )
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["abc123"]
    given = channel.authorise(back["code"][0], RETURN_TO)
    assert given.uid == channel.account.app_id
    assert given.until is not None
    found = connect(token=given.token).probe()
    assert found["account"] is found["publish"] is found["comments"] is True
    with pytest.raises(CredentialError):
        channel.authorise(back["code"][0], RETURN_TO)


def test_an_authorisation_that_was_given_back_is_over(connect, sandbox):
    channel = connect()
    back = {"access_token": channel.account.token}
    assert sandbox.post("/weibo/oauth2/revokeoauth2", data=back).json() == {"result": "true"}
    with pytest.raises(CredentialError) as caught:
        channel.client.timeline()
    assert "重新授权" in caught.value.human
    assert "重新授权" in channel.probe()["account"]


def test_a_day_without_calls_left_waits(connect, payload):
    channel = connect(daily_calls=1)
    channel.reconcile(payload, {})
    with pytest.raises(QuotaExceeded) as caught:
        channel.reconcile(payload, {})
    assert caught.value.until is not None
    used, limit = channel.quotas()["*"]
    assert (used, limit) == (1, 1)
