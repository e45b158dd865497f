import json

import pytest

from cms.matrix.sandbox.wechat import crypto

from .test_wechat_mass import follow
from .test_wechat_publish import AES_KEY, TOKEN, listen, sha1


def kinds(receiver):
    return [call["body"].partition("<Event><![CDATA[")[2].partition("]")[0]
            for call in receiver.events("<Event>")]  # fmt: skip


def states(sandbox):
    return [row["state"] for row in sandbox.state()["wx_callback"]][::-1]


def test_reordered_callback_arrives_after_the_next_one(sandbox, service, receiver):
    listen(sandbox, receiver)
    sandbox.fault(path="callback", effect="reorder", seconds=3600)
    follow(sandbox, service, "wang")
    assert kinds(receiver) == []
    assert states(sandbox) == ["held"]
    follow(sandbox, service, "wang", following=False)
    sandbox.wait_for(lambda: states(sandbox) == ["delivered", "delivered"])
    assert kinds(receiver) == ["unsubscribe", "subscribe"]


def test_callback_that_nothing_overtakes_arrives_all_the_same(sandbox, service, receiver):
    listen(sandbox, receiver)
    sandbox.fault(path="callback", effect="reorder")
    follow(sandbox, service, "wang")
    sandbox.advance(seconds=31)
    sandbox.wait_for(lambda: kinds(receiver) == ["subscribe"])


def test_delayed_callback_waits_without_holding_anybody(sandbox, service, receiver):
    listen(sandbox, receiver)
    sandbox.fault(path="callback", effect="delay", seconds=600)
    follow(sandbox, service, "wang")
    follow(sandbox, service, "li")
    assert len(kinds(receiver)) == 1
    sandbox.advance(seconds=601)
    sandbox.wait_for(lambda: len(kinds(receiver)) == 2)


def test_passive_reply_to_a_delayed_message_reaches_the_chat(sandbox, service, receiver):
    listen(sandbox, receiver)
    receiver.answer = b"<xml><MsgType>text</MsgType><Content>hello</Content></xml>"
    sandbox.fault(path="callback", effect="delay", seconds=60)
    address = f"/__sandbox/accounts/wechat/{service.app_id}/message"
    said = sandbox.post(address, json={"nickname": "wang", "content": "hi"}).json()
    assert len(said["messages"]) == 1
    sandbox.advance(seconds=61)
    sandbox.wait_for(lambda: sandbox.state()["wx_message"][0]["content"] == "hello")


@pytest.mark.parametrize("name", ["FREEPUBLISHJOBFINISH", "MASSSENDJOBFINISH"])
def test_finished_job_may_be_told_by_its_other_names(sandbox, service, receiver, name):
    listen(sandbox, receiver)
    sandbox.account("wechat", service.app_id, publish_event=name)
    service.publish()
    pushed = sandbox.wait_for(lambda: receiver.events(name))[0]["body"]
    assert ("<ArticleUrlResult>" in pushed) == (name == "MASSSENDJOBFINISH")


def test_json_format_says_the_same(sandbox, service, receiver):
    listen(sandbox, receiver)
    sandbox.account("wechat", service.app_id, callback_format="json")
    sandbox.fault(
        path="/cgi-bin/freepublish/submit", effect="publish_status", status=4, fail_idx=[1, 2]
    )
    answer = service.publish()
    pushed = json.loads(sandbox.wait_for(lambda: receiver.events("PUBLISHJOBFINISH"))[0]["body"])
    assert pushed["ToUserName"] == "gh_demo_service"
    assert isinstance(pushed["CreateTime"], int)
    assert pushed["PublishEventInfo"]["fail_idx"] == [1, 2]
    assert pushed["PublishEventInfo"]["publish_id"] == str(answer["publish_id"])
    service.publish()
    body = sandbox.wait_for(lambda: receiver.events("article_url"))[0]["body"]
    assert len(json.loads(body)["PublishEventInfo"]["article_detail"]["item"]) == 1


@pytest.mark.parametrize("format_", ["xml", "json"])
def test_compat_mode_carries_plain_and_sealed(sandbox, service, receiver, format_):
    listen(sandbox, receiver, aes_key=AES_KEY)
    sandbox.account("wechat", service.app_id, callback_mode="compat", callback_format=format_)
    service.publish()
    pushed = sandbox.wait_for(lambda: receiver.events("Encrypt"))[0]
    assert "PUBLISHJOBFINISH" in pushed["body"]
    if format_ == "json":
        sealed = json.loads(pushed["body"])["Encrypt"]
    else:
        sealed = pushed["body"].partition("<Encrypt><![CDATA[")[2].partition("]")[0]
    query = pushed["query"]
    assert query["msg_signature"] == sha1(TOKEN, query["timestamp"], query["nonce"], sealed)
    assert "PUBLISHJOBFINISH" in crypto.decrypt(AES_KEY, sealed, service.app_id)


def test_reply_in_json_reaches_the_chat(sandbox, service, receiver):
    listen(sandbox, receiver, aes_key=AES_KEY)
    sandbox.account("wechat", service.app_id, callback_format="json")
    sealed = crypto.encrypt(
        AES_KEY, json.dumps({"MsgType": "text", "Content": "你好"}), service.app_id
    )
    reply = {"Encrypt": sealed, "TimeStamp": 1, "Nonce": "n"}
    reply["MsgSignature"] = sha1(TOKEN, "1", "n", sealed)
    receiver.answer = json.dumps(reply).encode()
    address = f"/__sandbox/accounts/wechat/{service.app_id}/message"
    said = sandbox.post(address, json={"nickname": "wang", "content": "hi"}).json()
    assert [m["content"] for m in said["messages"]] == ["hi", "你好"]


def test_new_key_is_in_force_at_once(sandbox, service, receiver):
    listen(sandbox, receiver, aes_key=AES_KEY)
    page = sandbox.post(f"/wechat/{service.app_id}/console/rotate-key", follow_redirects=True).text
    assert "EncodingAESKey 已更换" in page
    accounts = sandbox.get("/__sandbox/accounts").json()
    key = next(a for a in accounts if a["app_id"] == service.app_id)["callback_aes_key"]
    assert key != AES_KEY
    service.publish()
    body = sandbox.wait_for(lambda: receiver.events("<Encrypt>"))[0]["body"]
    sealed = body.partition("<Encrypt><![CDATA[")[2].partition("]")[0]
    assert "PUBLISHJOBFINISH" in crypto.decrypt(key, sealed, service.app_id)


def test_slow_receiver_of_one_account_delays_no_other(sandbox, service, plain, receiver):
    """The slow one answers only when the other account's push has long arrived."""
    listen(sandbox, receiver)
    listen(sandbox, receiver, app_id=plain.app_id)
    receiver.wait_if("gh_demo_service")
    follow_slow = service.draft()["media_id"]
    service.post("/cgi-bin/freepublish/submit", {"media_id": follow_slow})
    sandbox.wait_for(lambda: receiver.events("gh_demo_service"))
    media_id = plain.draft()["media_id"]
    address = f"/__sandbox/accounts/wechat/{plain.app_id}/console-publish"
    sandbox.post(address, json={"media_id": media_id})
    sandbox.wait_for(lambda: "delivered" in states(sandbox))
    assert "waiting" in states(sandbox)
    receiver.go_on()
    sandbox.wait_for(lambda: states(sandbox) == ["delivered", "delivered"])


def test_callbacks_are_listed_on_the_control_page(sandbox, service, receiver):
    listen(sandbox, receiver)
    service.publish()
    sandbox.wait_for(lambda: "delivered" in states(sandbox))
    page = sandbox.get("/callbacks").text
    assert "PUBLISHJOBFINISH" in page
    assert "已送达" in page
