"""The callback door: only what the platform really sent, once, answered at once, done later."""

import base64
import json
import logging
import threading
import time
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from cms.matrix import tasks
from cms.matrix.channels.wechat import callbacks as wire
from cms.matrix.lifecycle import State
from cms.matrix.models import CallbackEvent, CallbackRefusal, ChannelAccount, Delivery, Reply
from cms.matrix.services import callbacks as services
from tests.factories import committed
from tests.factories.matrix import make_account
from tests.matrix.conftest import publish

pytestmark = pytest.mark.django_db
KEYS = [base64.b64encode(bytes([n]) * 32).decode().rstrip("=") for n in (1, 2, 3)]


@pytest.fixture
def account(newsroom):
    return make_account(newsroom.union, "http://127.0.0.1:9")


def message(text="高温津贴怎么领", msg_id="1001", receiver="gh_mine", sender="oReader") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{receiver}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{msg_id}</MsgId></xml>"
    )


class Door:
    """Knocks as the platform does, or as somebody who would like to be it."""

    def __init__(self, client, account):
        self.client, self.account = client, account
        self.address = f"/channels/wechat/{account.app_id}/callback"

    def signed(self, *, token=None, at=None, nonce="n-1") -> dict[str, str]:
        stamp = str(int(at if at is not None else time.time()))
        signature = wire.signature(token or self.account.token, stamp, nonce)
        return {"timestamp": stamp, "nonce": nonce, "signature": signature}

    def post(self, body, query=None, kind="text/xml", **extra):
        with committed():
            return self.client.post(
                self.address, body, content_type=kind,
                query_params=query or self.signed(), **extra,
            )  # fmt: skip

    def sealed(self, xml, key, app_id=None, nonce="n-1"):
        """A push in safe mode: query and body."""
        shared = wire.Secrets(app_id or self.account.app_id, self.account.token, (key,))
        stamp = str(int(time.time()))
        root = ElementTree.fromstring(wire.encrypt(xml, shared, stamp, nonce))
        query = {
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": root.findtext("MsgSignature"),
        }
        return f"<xml><Encrypt><![CDATA[{root.findtext('Encrypt')}]]></Encrypt></xml>", query


@pytest.fixture
def door(client, account):
    return Door(client, account)


def refusals() -> dict[str, int]:
    return dict(CallbackRefusal.objects.values_list("reason", "count"))


# --- Who is there --------------------------------------------------------------------------------


def test_the_address_is_proved_by_echoing(door):
    query = {**door.signed(), "echostr": "7788"}
    answer = door.client.get(door.address, query_params=query)
    assert (answer.status_code, answer.content) == (200, b"7788")
    query["signature"] = "0" * 40
    assert door.client.get(door.address, query_params=query).status_code == 403


def test_a_wrong_signature_is_refused_logged_and_counted(door, caplog):
    with caplog.at_level(logging.WARNING):
        answer = door.post(message("偷看日志的话"), door.signed(token="guess"))
    assert (answer.status_code, answer.content) == (403, b"")
    assert "refused: wrong signature" in caplog.text
    assert "偷看日志的话" not in caplog.text
    assert refusals() == {"wrong signature": 1}
    assert not CallbackEvent.objects.exists()


@pytest.mark.parametrize("minutes", [-11, 11])
def test_a_push_of_another_time_is_refused(door, minutes):
    at = time.time() + minutes * 60
    assert door.post(message(), door.signed(at=at)).status_code == 403
    assert refusals() == {"old": 1}


def test_an_account_without_token_takes_nothing(door):
    ChannelAccount.objects.update(token="")
    query = door.signed()
    empty = wire.signature("", query["timestamp"], query["nonce"])
    assert door.post(message(), {**query, "signature": empty}).status_code == 403


def test_another_accounts_message_is_refused(door):
    assert door.post(message(msg_id="1")).status_code == 200
    other = door.post(message(msg_id="2", receiver="gh_other"), door.signed(nonce="n-2"))
    assert other.status_code == 403
    assert refusals() == {"for another account": 1}


def test_a_message_encrypted_for_another_app_is_refused(door):
    ChannelAccount.objects.update(aes_keys=KEYS[0])
    body, query = door.sealed(message(), KEYS[0], app_id="wx_somebody_else")
    assert door.post(body, query).status_code == 403
    assert refusals() == {"cannot be decrypted for this account": 1}


# --- Once ----------------------------------------------------------------------------------------


def test_a_hundred_replays_have_one_effect_and_are_refused_from_the_fifth_on(door):
    query, body = door.signed(), message()
    answers = [door.post(body, query).status_code for _ in range(100)]
    assert answers == [200] * 4 + [403] * 96
    assert CallbackEvent.objects.count() == 1
    assert Reply.objects.count() == 1
    assert refusals() == {"repeated too often": 96}


def test_a_retry_with_a_new_signature_is_the_same_event(door):
    body = message()
    first = door.post(body, door.signed(nonce="a")).content
    assert door.post(body, door.signed(nonce="b")).content == first
    assert Reply.objects.count() == 1


def test_a_captured_signature_brings_no_other_words(door):
    query = door.signed()
    assert door.post(message(), query).status_code == 200
    assert door.post(message("换成我的话", msg_id="9"), query).status_code == 403
    assert Reply.objects.get().text == "高温津贴怎么领"
    assert refusals() == {"signature used before": 1}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_at_the_same_moment_are_one(account, client):
    query, body = Door(client, account).signed(), message().encode()
    start, results = threading.Barrier(20), []

    def knock():
        start.wait()
        while True:
            try:
                _event, new = services.callback_take_in(account=account, query=query, body=body)
                results.append("new" if new else "again")
            except wire.CallbackRefused:
                results.append("refused")
            except OperationalError:
                # A database in memory refuses where a real one lets the next writer wait.
                continue
            break
        connections.close_all()

    threads = [threading.Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CallbackEvent.objects.count() == 1
    # One that was told to try again after its row was written finds it there.
    assert results.count("new") <= 1
    assert CallbackEvent.objects.get().seen <= services.MOST_SEEN
    assert len(results) == 20


# --- Hostile bodies ------------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(9))
    + "]><xml><Content>&a8;</Content></xml>"
)
FILE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    "<xml><Content>&f;</Content></xml>"
)


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        FILE,
        "<xml>" * 40 + "</xml>" * 40,
        "<xml><Content>",
        "{" * 5000,
        '{"a":' * 5000,
        "\x00",
    ],
    ids=["laughs", "file", "deep", "cut", "braces", "deep json", "nul"],
)
def test_bombs_and_rubbish_are_refused_and_the_door_goes_on(door, body):
    assert door.post(body).status_code == 403
    assert not CallbackEvent.objects.exists()
    assert door.post(message(), door.signed(nonce="later")).status_code == 200


def test_five_megabytes_are_refused_before_they_are_read(door):
    answer = door.post("x" * (5 * 1024 * 1024))
    assert answer.status_code == 413
    assert refusals() == {"too large": 1}


def test_a_length_that_is_no_number_is_refused(door):
    assert door.post(message(), CONTENT_LENGTH="-1").status_code == 413


# --- Keys ----------------------------------------------------------------------------------------


def test_the_key_before_the_current_one_still_opens(door):
    ChannelAccount.objects.update(aes_keys=f"{KEYS[1]}\n{KEYS[0]}")
    for number, key in enumerate((KEYS[1], KEYS[0])):
        body, query = door.sealed(message(msg_id=str(number)), key, nonce=f"n{number}")
        assert door.post(body, query).status_code == 200
    body, query = door.sealed(message(msg_id="9"), KEYS[2], nonce="n9")
    assert door.post(body, query).status_code == 403


def test_message_keys_are_encrypted_at_rest(account):
    account.aes_keys = KEYS[0]
    account.save()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT aes_keys, extra FROM matrix_channelaccount")
        assert KEYS[0] not in str(cursor.fetchall())
    assert account.as_value().extra["aes_keys"] == [KEYS[0]]


# --- Answers -------------------------------------------------------------------------------------


def test_a_keyword_is_answered_at_once_and_a_retry_gets_the_same_words(door, account):
    rule = account.auto_replies.create(words="高温津贴", answer="每年六月到十月按月发放。")
    query, body = door.signed(), message()
    first = ElementTree.fromstring(door.post(body, query).content)
    rule.delete()
    again = ElementTree.fromstring(door.post(body, query).content)
    assert first.findtext("Content") == again.findtext("Content") == "每年六月到十月按月发放。"
    assert first.findtext("ToUserName") == "oReader"


def test_an_encrypted_push_gets_an_encrypted_answer(door):
    ChannelAccount.objects.update(aes_keys=KEYS[0])
    body, query = door.sealed(message(), KEYS[0])
    answer = ElementTree.fromstring(door.post(body, query).content)
    shared = wire.Secrets(door.account.app_id, door.account.token, (KEYS[0],))
    opened = ElementTree.fromstring(wire.decrypt(answer.findtext("Encrypt"), shared))
    assert str(services.THANKS) in opened.findtext("Content")


def test_the_answer_is_written_with_the_key_that_the_platform_still_uses(door):
    ChannelAccount.objects.update(aes_keys=f"{KEYS[1]}\n{KEYS[0]}")
    body, query = door.sealed(message(), KEYS[0])
    answer = ElementTree.fromstring(door.post(body, query).content)
    old = wire.Secrets(door.account.app_id, door.account.token, (KEYS[0],))
    assert b"<Content>" in wire.decrypt(answer.findtext("Encrypt"), old)


def test_who_follows_is_greeted(door):
    ChannelAccount.objects.update(greeting="您好，这里是江州工会权益。")
    body = message().replace(
        "<MsgType><![CDATA[text]]></MsgType>",
        "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event>",
    )
    answer = ElementTree.fromstring(door.post(body).content)
    assert answer.findtext("Content") == "您好，这里是江州工会权益。"
    assert not Reply.objects.exists()


def test_json_pushes_are_read_too(door):
    body = json.dumps(
        {
            "ToUserName": "gh_mine", "FromUserName": "oReader", "CreateTime": int(time.time()),
            "MsgType": "text", "Content": "加班费怎么算", "MsgId": 77,
        },
        ensure_ascii=False,
    )  # fmt: skip
    assert door.post(body, kind="application/json").status_code == 200
    assert Reply.objects.get().text == "加班费怎么算"


# --- Done later ----------------------------------------------------------------------------------


def finished(publish_id: str) -> str:
    return (
        "<xml><ToUserName>gh_mine</ToUserName><FromUserName>oSystem</FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType>event</MsgType>"
        "<Event>PUBLISHJOBFINISH</Event><PublishEventInfo>"
        f"<publish_id>{publish_id}</publish_id><publish_status>0</publish_status>"
        "<article_id>A1</article_id><article_detail><count>1</count><item><idx>1</idx>"
        "<article_url>http://mp.weixin.qq.com/s?mid=22&amp;idx=1</article_url></item>"
        "</article_detail></PublishEventInfo></xml>"
    )


def test_an_event_that_comes_before_its_submission_is_written_down_waits_for_it(door):
    delivery = Delivery.objects.create(account=door.account, title="稿", state=State.SUBMITTING)
    assert door.post(finished("42")).status_code == 200
    event = CallbackEvent.objects.get()
    assert event.state == CallbackEvent.State.WAITING
    Delivery.objects.update(state=State.SUBMITTED, external={"publish_id": "42"})
    CallbackEvent.objects.update(next_try_at=None)
    services.callback_carry_out(event_id=event.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.url) == (
        State.PUBLISHED, "http://mp.weixin.qq.com/s?mid=22&idx=1",
    )  # fmt: skip


def mass_finished(msg_id: str) -> str:
    return (
        "<xml><ToUserName>gh_mine</ToUserName><FromUserName>oSystem</FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType>event</MsgType>"
        f"<Event>MASSSENDJOBFINISH</Event><MsgID>{msg_id}</MsgID>"
        "<Status>send success</Status><ArticleUrlResult><Count>1</Count><ResultList><item>"
        "<ArticleIdx>1</ArticleIdx><ArticleUrl>http://mp.weixin.qq.com/s?mid=9&amp;idx=1</ArticleUrl>"
        "</item></ResultList></ArticleUrlResult></xml>"
    )


def test_a_mass_send_that_a_look_found_first_learns_its_address_from_the_event(door):
    published = {"state": State.PUBLISHED, "external": {"msg_id": "88"}}
    delivery = Delivery.objects.create(account=door.account, title="稿", **published)
    assert door.post(mass_finished("88")).status_code == 200
    delivery.refresh_from_db()
    assert (delivery.state, delivery.url) == (
        State.PUBLISHED, "http://mp.weixin.qq.com/s?mid=9&idx=1",
    )  # fmt: skip


def test_a_push_whose_task_was_lost_is_found_by_the_sweep(door, monkeypatch):
    monkeypatch.setattr(tasks.carry_out_callback, "delay", lambda pk: None)
    door.post(message())
    assert not Reply.objects.exists()
    monkeypatch.undo()
    CallbackEvent.objects.update(received_at=timezone.now() - timedelta(minutes=5))
    with committed():
        tasks.callbacks_sweep()
    assert Reply.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_draft_that_a_person_publishes_in_the_console_closes_its_delivery(
    newsroom, sandbox, live_server
):
    plain = make_account(
        newsroom.union,
        str(sandbox.base_url).rstrip("/"),
        app_id="wxdemo_plain",
        secret="demo-secret-plain-0123456789abcdef",
        token="demoTokenPlain",
    )
    sandbox.account(
        "wechat",
        "wxdemo_plain",
        callback_token="demoTokenPlain",
        callback_url=f"{live_server.url}/channels/wechat/wxdemo_plain/callback",
    )
    publish(newsroom, plain)
    delivery = Delivery.objects.get()
    assert delivery.state == State.NEEDS_CONSOLE
    media_id = delivery.external["media_id"]
    sandbox.post(
        "/__sandbox/accounts/wechat/wxdemo_plain/console-publish", json={"media_id": media_id}
    ).raise_for_status()
    sandbox.wait_for(lambda: Delivery.objects.filter(state=State.PUBLISHED).exists())
    delivery.refresh_from_db()
    assert "mid=" in delivery.url
    assert delivery.todo == ""
