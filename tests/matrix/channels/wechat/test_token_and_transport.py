"""The token rule, the error table and the doubt about every answer (contract §1, §2, §14)."""

import threading
import time
from datetime import datetime

import httpx
import pytest

from cms.matrix.channels.base import (
    Account,
    ChannelError,
    CredentialError,
    OutcomeUnknown,
    Transient,
    Unmetered,
)
from cms.matrix.channels.pictures import Upload
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.client import WeChatClient
from cms.matrix.channels.wechat.errors import BEIJING

from .fake import APP_ID, SECRET, FakeWeChat

ACCOUNT = Account(7, "wechat", "市总工会", "https://api.example.test", APP_ID, SECRET)
COUNT = "/cgi-bin/draft/count"


@pytest.fixture
def platform():
    return FakeWeChat()


@pytest.fixture
def tokens():
    return MemoryTokenStore()


@pytest.fixture
def client(platform, tokens):
    return WeChatClient(ACCOUNT, tokens, platform.transport, 5.0, Unmetered())


def test_one_token_is_fetched_and_shared(client, platform, tokens):
    client.draft_count()
    client.draft_count()
    WeChatClient(ACCOUNT, tokens, platform.transport, 5.0, Unmetered()).draft_count()
    assert platform.token_calls == [False]


def test_the_token_is_kept_until_five_minutes_before_its_end(client, tokens):
    client.draft_count()
    _token, expires_at = tokens.get(f"wechat:token:{APP_ID}")
    assert 6880 < expires_at - time.time() <= 6900


def test_a_rejected_token_is_fetched_again_once(client, platform):
    client.draft_count()
    platform.token = "TOKEN-9"
    client.draft_count()
    assert platform.token_calls == [False, False]


def test_a_token_that_stays_rejected_is_forced_once(client, platform):
    client.draft_count()
    platform.token_is_stale = True
    client.draft_count()
    assert platform.token_calls == [False, False, True]


def test_only_a_token_that_did_not_change_is_forced(client, platform, tokens):
    client.draft_count()
    platform.token = "TOKEN-9"
    for _attempt in range(2):
        platform.fail(COUNT, errcode=40001, errmsg="invalid credential")
    with pytest.raises(CredentialError):
        client.draft_count()
    assert tokens.get(f"wechat:token:{APP_ID}")[0] == "TOKEN-9"
    assert True not in platform.token_calls


def test_another_processs_fresh_token_is_used_without_fetching(client, platform, tokens):
    client.draft_count()
    platform.token = "TOKEN-FROM-ELSEWHERE"
    tokens.set(f"wechat:token:{APP_ID}", platform.token, time.time() + 1000)
    client.draft_count()
    assert platform.token_calls == [False]


def test_a_storm_of_rejections_ends_in_credential_error(client, platform):
    for _attempt in range(3):
        platform.fail(COUNT, errcode=40001, errmsg="invalid credential rid: 1-2-3")
    with pytest.raises(CredentialError) as caught:
        client.draft_count()
    assert caught.value.rid == "1-2-3"
    assert platform.count(COUNT) == 3
    for _attempt in range(3):
        platform.fail(COUNT, errcode=42001, errmsg="access_token expired")
    with pytest.raises(CredentialError):
        client.draft_count()
    assert platform.token_calls.count(True) == 1, "forced again within 30 seconds"


def test_forcing_stops_at_twenty_a_day(client, platform, tokens):
    today = f"wechat:token:{APP_ID}:forced:{datetime.now(BEIJING):%Y-%m-%d}"
    tokens.set(today, "20", time.time() + 100)
    client.draft_count()
    platform.token_is_stale = True
    with pytest.raises(CredentialError):
        client.draft_count()
    assert True not in platform.token_calls


def test_many_threads_fetch_one_token(platform, tokens):
    clients = [
        WeChatClient(ACCOUNT, tokens, platform.transport, 5.0, Unmetered()) for _ in range(8)
    ]
    threads = [threading.Thread(target=client.draft_count) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert platform.token_calls == [False]


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>busy</html>"),
        httpx.Response(200, json=[1, 2]),
        httpx.Response(200, json="ok"),
        httpx.Response(502, text="bad gateway"),
        httpx.Response(200, content=b"\xff\xfe{}"),
        httpx.Response(200, text="[" * 100_000),
    ],
)
def test_a_strange_answer_is_transient_for_reads_and_unknown_for_effects(
    client, platform, response
):
    client.draft_count()
    platform.say(COUNT, response)
    with pytest.raises(Transient):
        client.draft_count()
    platform.say("/cgi-bin/freepublish/submit", response)
    with pytest.raises(OutcomeUnknown):
        client.submit("DRAFT")


def test_an_upload_answer_without_a_web_address_is_refused(client, platform):
    platform.fail("/cgi-bin/media/uploadimg", url="javascript:alert(1)")
    with pytest.raises(Transient):
        client.uploadimg(Upload("picture.png", "image/png", b"x"))


def test_secrets_appear_in_no_error_and_no_log(client, platform, caplog):
    caplog.set_level("DEBUG")
    client.draft_count()
    platform.fail(COUNT, errcode=48001, errmsg="api unauthorized")
    with pytest.raises(ChannelError) as caught:
        client.draft_count()
    told = f"{caught.value} {caught.value!r} {caplog.text} {ACCOUNT!r}"
    assert SECRET not in told
    assert platform.token not in told
