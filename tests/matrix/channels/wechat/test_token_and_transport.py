"""The token rule, the error table and the doubt about every answer (contract §1, §2, §14)."""

import threading
import time
from datetime import datetime

import httpx
import pytest

from cms.matrix.channels.base import (
    Account,
    CallerBug,
    ChannelError,
    CredentialError,
    OutcomeUnknown,
    Transient,
    Unmetered,
)
from cms.matrix.channels.pictures import Upload
from cms.matrix.channels.tokens import MemoryTokenStore
from cms.matrix.channels.wechat.client import WeChatClient
from cms.matrix.channels.wechat.errors import BEIJING, RULES, error_for

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


def test_the_whitelist_error_names_the_address_to_add(client, platform):
    platform.fail(
        "/cgi-bin/stable_token",
        errcode=40164,
        errmsg="invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 65-1-2",
    )
    with pytest.raises(CredentialError) as caught:
        client.draft_count()
    assert "203.0.113.9" in caught.value.human


DOCUMENTED = """
40001 40014 42001 45011 42010 45066 53501 45009 45028 48006 48001 48004 50001 50002 50007 53500
88000 40200 40013 40125 40164 40243 41002 41004 89503 89506 89507 53503 53504 53505 48021 89504
89505 40007 44003 45002 45003 45004 45005 45166 41039 40137 40005 40009 45001 88007 40008 40114
41001 41005 41006 43001 43002 44001 44002 47001 88010 76021 45065 88005 88008 61503 61500 61501
53600 88001 88004
"""


def test_every_code_of_the_contract_has_a_rule():
    assert set(DOCUMENTED.split()) - set(RULES) == set()


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_known_code_tells_people_what_to_do(code):
    error = error_for(code, "message rid: 66-1-2")
    assert isinstance(error, ChannelError)
    assert error.code == code
    assert error.rid == "66-1-2"
    assert error.human.endswith("。")
    assert "{" not in error.human


def test_an_unknown_code_is_reported_and_not_retried():
    error = error_for("99999", "surprise")
    assert isinstance(error, CallerBug)
    assert "99999" in error.human
    assert error.retry_after is None


def test_busy_is_transient_for_a_read_and_unknown_for_an_effect():
    assert isinstance(error_for("-1", "busy"), Transient)
    assert isinstance(error_for("-1", "busy", effect=True), OutcomeUnknown)


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
