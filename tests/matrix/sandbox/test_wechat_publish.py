import hashlib
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cms.matrix.sandbox.wechat import crypto

TOKEN = "callbackToken"
AES_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"


def listen(sandbox, receiver, app_id="wxdemo_service", aes_key=""):
    sandbox.account(
        "wechat",
        app_id,
        callback_url=receiver.url,
        callback_token=TOKEN,
        callback_aes_key=aes_key,
    )


def sha1(*parts):
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def test_signature_agrees_with_the_official_example():
    assert crypto.sign("AAAAA", "1714037059", "486452656") == (
        "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    )


def test_encryption_agrees_with_the_recorded_vector():
    text = (
        "<xml><ToUserName><![CDATA[oia2TjjewbmiOUlr6X-1crbLOvLw]]></ToUserName>"
        "<FromUserName><![CDATA[gh_7f083739789a]]></FromUserName>"
        "<CreateTime>1407743423</CreateTime><MsgType><![CDATA[video]]></MsgType></xml>"
    )
    app_id = "wx49f0ab532d5d035a"
    sealed = crypto.encrypt(AES_KEY, text, app_id, random=b"1234567890123456")
    key = b64decode(AES_KEY + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(b64decode(sealed)) + decryptor.finalize()
    assert plain.startswith(b"1234567890123456" + len(text.encode()).to_bytes(4, "big"))
    assert len(plain) % 32 == 0
    assert crypto.decrypt(AES_KEY, sealed, app_id) == text
    with pytest.raises(ValueError, match="app id"):
        crypto.decrypt(AES_KEY, sealed, "wxother")


def test_submitted_draft_is_queued_published_and_gone_from_the_box(service):
    media_id = service.draft()["media_id"]
    answer = service.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
    assert answer["errcode"] == 0
    assert isinstance(answer["publish_id"], int)
    assert service.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007
    again = service.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
    assert again["errcode"] == 40007


def test_publishing_takes_its_time(sandbox, service):
    sandbox.account("wechat", service.app_id, publish_delay=60)
    media_id = service.draft()["media_id"]
    asked = service.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
    status = service.post("/cgi-bin/freepublish/get", {"publish_id": asked["publish_id"]})
    assert status["publish_status"] == 1
    sandbox.advance(seconds=61)
    sandbox.wait_for(lambda: sandbox.state()["wx_article"])


def test_published_article_is_known_by_all_its_names(sandbox, service):
    answer = service.publish(title="工会送清凉")
    by_text = {"publish_id": str(answer["publish_id"])}
    done = service.post("/cgi-bin/freepublish/get", by_text)
    assert done["publish_status"] == 0
    url = done["article_detail"]["item"][0]["article_url"]
    assert int(parse_qs(urlsplit(url).query)["mid"][0]) == answer["msg_data_id"]
    article = service.post("/cgi-bin/freepublish/getarticle", {"article_id": done["article_id"]})
    assert article["news_item"][0]["title"] == "工会送清凉"
    assert article["news_item"][0]["is_deleted"] is False
    listed = service.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1})
    assert listed["item"][0]["article_id"] == done["article_id"]
    assert "工会送清凉" in sandbox.get(url).text


def test_deleted_article_is_gone_for_readers(sandbox, service):
    answer = service.publish()
    url = service.article_url(answer["publish_id"])
    article_id = sandbox.state()["wx_article"][0]["article_id"]
    gone = service.post("/cgi-bin/freepublish/delete", {"article_id": article_id, "index": 1})
    assert gone["errcode"] == 0
    assert "该内容已被发布者删除" in sandbox.get(url).text
    status = service.post("/cgi-bin/freepublish/get", {"publish_id": answer["publish_id"]})
    assert status["publish_status"] == 5
    unknown = service.post("/cgi-bin/freepublish/delete", {"article_id": "nothing"})
    assert unknown["errcode"] == 53600


def test_withdrawal_is_limited_to_ten_a_day(service):
    codes = [
        service.post("/cgi-bin/freepublish/delete", {"article_id": "nothing"})["errcode"]
        for _ in range(11)
    ]
    assert codes == [53600] * 10 + [45009]


def test_uncertified_account_may_not_publish(plain):
    media_id = plain.draft()["media_id"]
    assert plain.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["errcode"] == 48001
    assert plain.post("/datacube/getusersummary", {})["errcode"] == 48001


@pytest.mark.parametrize("status", [2, 3, 4])
def test_failed_publishing_gives_the_draft_back(sandbox, service, receiver, status):
    listen(sandbox, receiver)
    sandbox.fault(
        path="/cgi-bin/freepublish/submit", effect="publish_status", status=status, fail_idx=[1]
    )
    answer = service.publish()
    done = service.post("/cgi-bin/freepublish/get", {"publish_id": answer["publish_id"]})
    assert (done["publish_status"], done["fail_idx"]) == (status, [1])
    assert service.get("/cgi-bin/draft/count")["total_count"] == 1
    pushed = sandbox.wait_for(lambda: receiver.events("PUBLISHJOBFINISH"))[0]
    root = ElementTree.fromstring(pushed["body"])
    assert [e.text for e in root.iter("fail_idx")] == ["1"]


def test_finished_job_is_pushed_with_a_valid_signature(sandbox, service, receiver):
    listen(sandbox, receiver)
    answer = service.publish()
    pushed = sandbox.wait_for(lambda: receiver.events("PUBLISHJOBFINISH"))[0]
    query = pushed["query"]
    assert query["signature"] == sha1(TOKEN, query["timestamp"], query["nonce"])
    root = ElementTree.fromstring(pushed["body"])
    assert root.findtext("ToUserName") == "gh_demo_service"
    info = root.find("PublishEventInfo")
    assert info.findtext("publish_id") == str(answer["publish_id"])
    assert info.findtext("publish_status") == "0"
    url = info.findtext("article_detail/item/article_url")
    assert url == service.article_url(answer["publish_id"])


def test_safe_mode_push_is_encrypted_and_signed(sandbox, service, receiver):
    listen(sandbox, receiver, aes_key=AES_KEY)
    service.publish()
    pushed = sandbox.wait_for(lambda: receiver.events("<Encrypt>"))[0]
    assert "PUBLISHJOBFINISH" not in pushed["body"]
    sealed = ElementTree.fromstring(pushed["body"]).findtext("Encrypt")
    query = pushed["query"]
    assert query["encrypt_type"] == "aes"
    assert query["msg_signature"] == sha1(TOKEN, query["timestamp"], query["nonce"], sealed)
    assert "PUBLISHJOBFINISH" in crypto.decrypt(AES_KEY, sealed, service.app_id)


def test_refused_push_is_tried_three_times_more(sandbox, service, receiver):
    listen(sandbox, receiver)
    receiver.refusals = 99
    service.publish()
    sandbox.wait_for(lambda: sandbox.state()["wx_callback"][0]["state"] == "failed")
    assert len(receiver.events("PUBLISHJOBFINISH")) == 4


def test_push_arrives_once_the_receiver_recovers(sandbox, service, receiver):
    listen(sandbox, receiver)
    receiver.refusals = 2
    service.publish()
    sandbox.wait_for(lambda: sandbox.state()["wx_callback"][0]["state"] == "delivered")
    assert len(receiver.events("PUBLISHJOBFINISH")) == 3


def test_push_can_be_doubled_or_lost(sandbox, service, receiver):
    listen(sandbox, receiver)
    sandbox.fault(path="callback", effect="duplicate")
    service.publish()
    sandbox.wait_for(lambda: len(receiver.events("PUBLISHJOBFINISH")) == 2)
    sandbox.fault(path="callback", effect="swallow")
    service.publish()
    sandbox.wait_for(lambda: sandbox.state()["wx_callback"][0]["state"] == "lost")
    assert len(receiver.events("PUBLISHJOBFINISH")) == 2


def test_callback_address_is_verified_on_request(sandbox, receiver):
    listen(sandbox, receiver)
    answer = sandbox.post("/__sandbox/accounts/wechat/wxdemo_service/verify").json()
    assert answer["ok"]
    query = receiver.calls[0]["query"]
    assert query["signature"] == sha1(TOKEN, query["timestamp"], query["nonce"])
    sandbox.account("wechat", "wxdemo_service", callback_url="http://127.0.0.1:9/none")
    answer = sandbox.post("/__sandbox/accounts/wechat/wxdemo_service/verify").json()
    assert not answer["ok"]
    assert "连接失败" in answer["problem"]


def test_publishing_by_hand_tells_by_masssendjobfinish(sandbox, plain, receiver):
    listen(sandbox, receiver, app_id="wxdemo_plain")
    media_id = plain.draft(title="手动试发")["media_id"]
    assert "手动试发" not in sandbox.get("/wechat/wxdemo_plain/").text
    page = sandbox.get("/wechat/wxdemo_plain/console/").text
    assert media_id in page
    sandbox.post("/wechat/wxdemo_plain/console/publish", data={"media_id": media_id})
    pushed = sandbox.wait_for(lambda: receiver.events("MASSSENDJOBFINISH"))[0]
    root = ElementTree.fromstring(pushed["body"])
    assert root.findtext("Status") == "send success"
    url = root.findtext("ArticleUrlResult/ResultList/item/ArticleUrl")
    assert "手动试发" in sandbox.get(url).text
    assert plain.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_lost_answer_leaves_the_work_done(sandbox, service):
    media_id = service.draft(title="丢了答复")["media_id"]
    sandbox.fault(path="/cgi-bin/freepublish/submit", effect="lost")
    with pytest.raises(httpx.RemoteProtocolError):
        service.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
    assert service.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007
    sandbox.wait_for(lambda: sandbox.state()["wx_article"])
    listed = service.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1})
    assert listed["item"][0]["content"]["news_item"][0]["title"] == "丢了答复"


def test_timeout_before_effect_leaves_nothing_done(sandbox, service):
    media_id = service.draft()["media_id"]
    sandbox.fault(path="/cgi-bin/freepublish/submit", effect="timeout")
    with pytest.raises(httpx.RemoteProtocolError):
        service.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
    assert "news_item" in service.post("/cgi-bin/draft/get", {"media_id": media_id})


def test_live_variants_can_be_switched(sandbox, service):
    sandbox.account(
        "wechat",
        service.app_id,
        publish_id_as_text=True,
        submit_tells_msg_data_id=False,
    )
    answer = service.publish()
    assert isinstance(answer["publish_id"], str)
    assert "msg_data_id" not in answer
