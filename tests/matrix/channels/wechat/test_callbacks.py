"""Pushes: signature and encryption by the published vectors, and every kind of body (§9)."""

import base64
import json
from datetime import UTC, datetime

import pytest

from cms.matrix.channels.base import State
from cms.matrix.channels.wechat.callbacks import (
    CallbackRefused,
    Secrets,
    decrypt,
    echo,
    encrypt,
    passive_news,
    passive_text,
    read_push,
    signature,
)
from cms.matrix.channels.wechat.pushes import (
    MassFinished,
    PublishFinished,
    Unknown,
    UserEvent,
    UserMessage,
)

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
OTHER_KEY = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode().rstrip("=")
SHARED = Secrets("wx49f0ab532d5d035a", "123456", (KEY,))
VECTOR = """<xml>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[test]]></Content>
<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>
<ToUserName><![CDATA[messense]]></ToUserName>
<AgentID>1</AgentID>
<CreateTime>1411525903</CreateTime>
</xml>"""
HEAD = """<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oUser]]></FromUserName>
<CreateTime>1481013459</CreateTime>"""
PUBLISHED = f"""<xml>{HEAD}<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[PUBLISHJOBFINISH]]></Event><PublishEventInfo><publish_id>2247503051</publish_id>
<publish_status>0</publish_status><article_id><![CDATA[b5O2OUs25HBxRceL7hfReg-U9QGeq9
zQjiDvyWP4Hq4]]></article_id><article_detail><count>1</count><item><idx>1</idx>
<article_url><![CDATA[http://mp.weixin.qq.com/s?__biz=M&mid=2247503099&idx=1]]></article_url>
</item></article_detail></PublishEventInfo></xml>"""


def query(**changes) -> dict[str, str]:
    plain = {"timestamp": "1411525903", "nonce": "461056294"}
    signed = signature(SHARED.token, plain["timestamp"], plain["nonce"])
    return {**plain, "signature": signed, **changes}


def read(xml: str):
    return read_push(xml.encode(), query(), SHARED)


# --- vectors --------------------------------------------------------------------------------------


def test_signature_by_the_official_vector():
    shared = Secrets("wx", "AAAAA")
    asked = {
        "timestamp": "1714037059",
        "nonce": "486452656",
        "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78",
        "echostr": "4375120948345356249",
    }
    assert echo(asked, shared) == "4375120948345356249"
    with pytest.raises(CallbackRefused):
        echo({**asked, "nonce": "486452657"}, shared)
    with pytest.raises(CallbackRefused):
        echo({}, shared)


def test_encryption_by_the_published_vector():
    sealed = encrypt(VECTOR, SHARED, "1411525903", "461056294", b"1234567890123456")
    assert "<![CDATA[407518b7649e86ef23978113f92d27afa9296533]]>" in sealed
    encrypted = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert decrypt(encrypted, SHARED).decode() == VECTOR


def test_an_empty_token_never_verifies():
    nobody = Secrets("wx", "")
    with pytest.raises(CallbackRefused):
        echo({"signature": signature("", "", "")}, nobody)


# --- safe mode ------------------------------------------------------------------------------------


def sealed_push(message: str, shared: Secrets = SHARED, as_json: bool = False):
    answer = encrypt(message, shared, "1411525903", "461056294")
    encrypted = answer.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    signed = answer.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"
    if as_json:
        body = json.dumps({"ToUserName": "gh_1", "Encrypt": encrypted})
    return body.encode(), query(encrypt_type="aes", msg_signature=signed)


@pytest.mark.parametrize("as_json", [False, True])
def test_an_encrypted_push_is_opened(as_json):
    push = read_push(*sealed_push(PUBLISHED, as_json=as_json), SHARED)
    assert isinstance(push, PublishFinished)


def test_the_previous_key_still_opens():
    body, asked = sealed_push(PUBLISHED)
    assert read_push(body, asked, Secrets(SHARED.app_id, SHARED.token, (OTHER_KEY, KEY)))
    with pytest.raises(CallbackRefused):
        read_push(body, asked, Secrets(SHARED.app_id, SHARED.token, (OTHER_KEY,)))


def test_a_push_for_another_app_is_refused():
    body, asked = sealed_push(PUBLISHED, Secrets("wx-other", SHARED.token, (KEY,)))
    with pytest.raises(CallbackRefused):
        read_push(body, asked, SHARED)


def test_a_changed_cipher_text_or_signature_is_refused():
    body, asked = sealed_push(PUBLISHED)
    with pytest.raises(CallbackRefused):
        read_push(body.replace(b"<Encrypt>", b"<Encrypt>A"), asked, SHARED)
    with pytest.raises(CallbackRefused):
        read_push(body, {**asked, "msg_signature": "ü"}, SHARED)


# --- hostile bodies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<xml>",
        b"{",
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        b"<a>" * 2000 + b"</a>" * 2000,
        b'{"a":' * 60000,
        b"<xml>" + b" " * 300_000 + b"</xml>",
    ],
)
def test_unreadable_bodies_are_refused_not_crashed_on(body):
    with pytest.raises(CallbackRefused):
        read_push(body, query(), SHARED)


@pytest.mark.parametrize(
    "body",
    [
        b"<xml/>",
        b"{}",
        b"[]",
        b'{"MsgType": {"a": 1}, "CreateTime": 1e300, "Event": ["x"]}',
        b'{"MsgType": "event", "Event": "PUBLISHJOBFINISH", "PublishEventInfo": [1, 2]}',
        b"<xml><CreateTime>99999999999999999</CreateTime><MsgType>hologram</MsgType></xml>",
    ],
)
def test_odd_but_signed_bodies_become_unknown_or_a_plain_value(body):
    if body == b"[]":
        with pytest.raises(CallbackRefused):
            read_push(body, query(), SHARED)
    else:
        push = read_push(body, query(), SHARED)
        assert isinstance(push, Unknown | UserEvent)
        assert push.created_at.tzinfo


# --- what they become -----------------------------------------------------------------------------


def test_a_finished_publication_gives_the_outcome_a_poll_would_give():
    push = read(PUBLISHED)
    assert isinstance(push, PublishFinished)
    assert push.publish_id == "2247503051"
    assert push.created_at == datetime.fromtimestamp(1481013459, UTC)
    outcome = push.outcome({"media_id": "M", "publish_id": "2247503051"})
    assert outcome.state is State.PUBLISHED
    assert outcome.external["media_id"] == "M"
    assert outcome.external["article_id"] == "b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvyWP4Hq4"
    assert outcome.external["msg_data_id"] == "2247503099"
    assert outcome.external["published_on"] == "2016-12-06"
    assert read(PUBLISHED).key == push.key


def test_the_old_event_name_and_json_are_understood():
    info = {
        "publish_id": 2247503051,
        "publish_status": 4,
        "fail_idx": [1],
        "article_detail": {"count": 0, "item": []},
    }
    fields = {
        "FromUserName": "o", "CreateTime": 1481013459, "MsgType": "event",
        "Event": "FREEPUBLISHJOBFINISH", "PublishEventInfo": info,
    }  # fmt: skip
    push = read_push(json.dumps(fields).encode(), query(), SHARED)
    outcome = push.outcome({})
    assert outcome.state is State.FAILED
    assert "审核" in outcome.reason


def test_a_refused_publication_with_repeated_elements():
    xml = PUBLISHED.replace("<publish_status>0<", "<publish_status>2<").replace(
        "</PublishEventInfo>", "<fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>"
    )
    assert read(xml).outcome({}).state is State.FAILED


def mass(status: str, results: str = "") -> str:
    return f"""<xml>{HEAD}<MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event>
    <MsgID>1000001625</MsgID><Status><![CDATA[{status}]]></Status><TotalCount>100</TotalCount>
    <FilterCount>80</FilterCount><SentCount>75</SentCount><ErrorCount>5</ErrorCount>
    <ArticleUrlResult><Count>1</Count>{results}</ArticleUrlResult></xml>"""


def test_publishing_by_hand_is_recognised_by_its_mass_event():
    item = """<ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>
    <![CDATA[https://mp.weixin.qq.com/s?__biz=M&mid=22475&idx=1]]></ArticleUrl></item></ResultList>"""
    push = read(mass("send success", item))
    assert isinstance(push, MassFinished)
    assert (push.msg_id, push.ok, push.reason, push.sent, push.failed) == (
        "1000001625", True, "", 75, 5,
    )  # fmt: skip
    outcome = push.outcome({"media_id": "M", "manual": True})
    assert outcome.state is State.PUBLISHED
    assert outcome.url.startswith("https://mp.weixin.qq.com/s?")
    assert outcome.external["msg_data_id"] == "22475"


def test_a_mass_event_without_addresses_takes_nothing_away_that_was_known():
    push = read(mass("send success"))
    assert push.outcome({}).external["msg_data_id"] == "1000001625"
    url = "https://mp.weixin.qq.com/s/known"
    known = {"msg_id": "1000001625", "msg_data_id": "206227730", "url": url}
    outcome = push.outcome(known)
    assert outcome.external["msg_data_id"] == "206227730"
    assert outcome.url == outcome.external["url"] == url


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("err(30003)", "转载"),
        ("err(20431)", "err(20431)"),
        ("send fail", "send fail"),
        ("", "原因不明"),
    ],
)
def test_a_failed_mass_send_says_why(status, words):
    push = read(mass(status))
    assert not push.ok
    assert words in push.reason
    assert push.outcome({}).state is State.FAILED


def test_an_address_of_another_scheme_is_dropped():
    item = "<ResultList><item><ArticleUrl>javascript:alert(1)</ArticleUrl></item></ResultList>"
    assert read(mass("send success", item)).articles == ()


@pytest.mark.parametrize(
    ("inner", "kind", "text"),
    [
        ("<MsgType>text</MsgType><Content><![CDATA[在吗 & 好]]></Content>", "text", "在吗 & 好"),
        ("<MsgType>image</MsgType><PicUrl>http://x</PicUrl>", "image", "[图片]"),
        ("<MsgType>voice</MsgType><Recognition>工资</Recognition>", "voice", "[语音] 工资"),
        ("<MsgType>location</MsgType><Label>工地</Label>", "location", "[位置] 工地"),
        (
            "<MsgType>link</MsgType><Title>标题</Title><Url>http://x</Url>",
            "link",
            "[链接] 标题 http://x",
        ),
    ],
)
def test_readers_messages_become_text_for_the_inbox(inner, kind, text):
    push = read(f"<xml>{HEAD}{inner}<MsgId>23</MsgId></xml>")
    assert isinstance(push, UserMessage)
    assert (push.kind, push.text, push.key) == (kind, text, "23")
    reply = push.as_reply()
    assert reply.external_id == "message:23"
    assert reply.kind == "message"
    assert reply.author_key == "oUser"


def test_events_of_readers_have_a_key_of_their_own():
    xml = f"<xml>{HEAD}<MsgType>event</MsgType><Event>%s</Event><EventKey>k</EventKey></xml>"
    follow, leave = read(xml % "subscribe"), read(xml % "unsubscribe")
    assert isinstance(follow, UserEvent)
    assert (follow.event, follow.event_key) == ("subscribe", "k")
    assert follow.key != leave.key


# --- answers --------------------------------------------------------------------------------------


def test_passive_answers_go_back_to_the_sender_and_cannot_be_broken_out_of():
    push = read(f"<xml>{HEAD}<MsgType>text</MsgType><Content>hi</Content></xml>")
    now = datetime.fromtimestamp(1700000000, UTC)
    answer = passive_text(push, "好]]><b>", now)
    assert "<ToUserName><![CDATA[oUser]]></ToUserName>" in answer
    assert "<FromUserName><![CDATA[gh_1]]></FromUserName>" in answer
    back = read(answer)
    assert isinstance(back, UserMessage)
    assert back.text == "好]]><b>"
    card = passive_news(push, "标题", "描述", "https://p.example/a.png", "https://u.example/", now)
    assert "<ArticleCount>1</ArticleCount>" in card
    assert "<Url><![CDATA[https://u.example/]]></Url>" in card
