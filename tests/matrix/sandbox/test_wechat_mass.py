import xml.etree.ElementTree as ElementTree

import pytest

from tests.sandbox_server import WeChat

from .test_wechat_publish import listen

SENDALL = "/cgi-bin/message/mass/sendall"


@pytest.fixture
def subscription(sandbox):
    return WeChat(sandbox, "wxdemo_sub")


def follow(sandbox, account, *nicknames, **more):
    address = f"/__sandbox/accounts/wechat/{account.app_id}/fans"
    return [
        sandbox.post(address, json={"nickname": name, **more}).json()["openid"]
        for name in nicknames
    ]


def body(media_id, client_id="", **chosen):
    to = chosen or {"is_to_all": True}
    sent = {"filter": to, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    return sent | ({"clientmsgid": client_id} if client_id else {})


def send(account, client_id="", title="高温津贴怎么发", **chosen):
    """sendall of a new draft; the answer, and the draft's media_id with it."""
    media_id = account.draft(title=title)["media_id"]
    return account.post(SENDALL, body(media_id, client_id, **chosen)) | {"media_id": media_id}


def status(account, msg_id):
    return account.post("/cgi-bin/message/mass/get", {"msg_id": msg_id})["msg_status"]


def sent(sandbox, account, msg_id):
    return sandbox.wait_for(lambda: status(account, msg_id) == "SEND_SUCCESS")


def chat(sandbox, account, nickname):
    sandbox.cookies.set("reader", nickname)
    return sandbox.get(f"/wechat/{account.app_id}/").text.partition('class="chat"')[2]


def test_draft_is_sent_to_followers_and_told_by_event(sandbox, subscription, receiver):
    listen(sandbox, receiver, subscription.app_id)
    follow(sandbox, subscription, "wang")
    answer = send(subscription)
    assert answer["errmsg"] == "send job submission success"
    assert subscription.post("/cgi-bin/draft/get", answer)["errcode"] == 40007
    sent(sandbox, subscription, answer["msg_id"])
    pushed = sandbox.wait_for(lambda: receiver.events("MASSSENDJOBFINISH"))[0]
    root = ElementTree.fromstring(pushed["body"])
    assert root.findtext("MsgID") == str(answer["msg_id"])
    assert root.findtext("Status") == "send success"
    assert root.findtext("SentCount") == "1"
    url = root.findtext("ArticleUrlResult/ResultList/item/ArticleUrl")
    assert f"mid={answer['msg_data_id']}" in url
    assert "高温津贴怎么发" in sandbox.get(url).text
    assert "高温津贴怎么发" in chat(sandbox, subscription, "wang")
    article = sandbox.state()["wx_article"][0]
    assert (article["notified"], article["how"]) == (1, "mass")
    listed = subscription.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1})
    assert listed["total_count"] == 0


def test_same_clientmsgid_sends_once_and_tells_the_first_ids(sandbox, service):
    first = send(service, "job-1")
    second = send(service, "job-1")
    assert second["errcode"] == 45066
    sandbox.advance(seconds=61)
    third = send(service, "job-1")
    assert third["errcode"] == 45065
    for name in ("msg_id", "msg_data_id"):
        assert third[name] == first[name]
    assert "news_item" in service.post("/cgi-bin/draft/get", third)
    assert send(service, "j" * 33)["errcode"] == 45067
    sandbox.advance(hours=24)
    service.token = service.new_token()["access_token"]
    assert send(service, "job-1")["errcode"] == 0


def test_subscription_account_sends_once_a_day(sandbox, subscription):
    assert send(subscription)["errcode"] == 0
    refused = send(subscription)
    assert refused["errcode"] == 45028
    assert "news_item" in subscription.post("/cgi-bin/draft/get", refused)
    sandbox.advance(hours=24)
    subscription.token = subscription.new_token()["access_token"]
    assert send(subscription)["errcode"] == 0


def test_service_account_sends_four_times_a_month_to_all(sandbox, service):
    assert [send(service)["errcode"] for _ in range(5)] == [0, 0, 0, 0, 45028]
    assert send(service, tag_id=2)["errcode"] == 0


def test_follower_of_a_service_account_gets_four_a_month(sandbox, service):
    follow(sandbox, service, "li", tags=[2])
    for _ in range(4):
        sent(sandbox, service, send(service, tag_id=2)["msg_id"])
    last = send(service, tag_id=2)
    sent(sandbox, service, last["msg_id"])
    job = next(j for j in sandbox.state()["wx_mass"] if j["msg_id"] == last["msg_id"])
    assert job["sent"] == 0


def test_console_publishing_counts_as_a_send_to_all(sandbox, subscription):
    media_id = subscription.draft()["media_id"]
    address = f"/__sandbox/accounts/wechat/{subscription.app_id}/console-publish"
    assert sandbox.post(address, json={"media_id": media_id}).status_code == 200
    assert send(subscription)["errcode"] == 45028


def test_tag_chooses_the_readers(sandbox, service):
    follow(sandbox, service, "zhang", tags=[2])
    follow(sandbox, service, "zhao")
    sent(sandbox, service, send(service, title="只给标签", tag_id=2)["msg_id"])
    assert "只给标签" in chat(sandbox, service, "zhang")
    assert "只给标签" not in chat(sandbox, service, "zhao")
    assert send(service, tag_id=99)["errcode"] == 40152


@pytest.mark.parametrize("result", ["send fail", "err(30003)"])
def test_failed_send_gives_the_draft_and_the_turn_back(sandbox, subscription, receiver, result):
    listen(sandbox, receiver, subscription.app_id)
    sandbox.fault(path=SENDALL, effect="mass_result", result=result)
    answer = send(subscription)
    pushed = sandbox.wait_for(lambda: receiver.events("MASSSENDJOBFINISH"))[0]
    assert ElementTree.fromstring(pushed["body"]).findtext("Status") == result
    assert status(subscription, answer["msg_id"]) == "SEND_FAIL"
    assert "news_item" in subscription.post("/cgi-bin/draft/get", answer)
    assert subscription.post(SENDALL, body(answer["media_id"]))["errcode"] == 0


def test_event_may_come_without_addresses(sandbox, subscription, receiver):
    listen(sandbox, receiver, subscription.app_id)
    sandbox.account("wechat", subscription.app_id, mass_event_urls=False)
    send(subscription)
    pushed = sandbox.wait_for(lambda: receiver.events("MASSSENDJOBFINISH"))[0]
    assert ElementTree.fromstring(pushed["body"]).findtext("ArticleUrlResult/Count") == "0"


def test_late_answer_says_45065_of_a_new_id_that_went_out(sandbox, service):
    sandbox.fault(path=SENDALL, effect="late")
    answer = send(service, "job-9")
    assert answer["errcode"] == 45065
    sent(sandbox, service, answer["msg_id"])


def test_planned_error_sends_nothing(sandbox, service):
    sandbox.fault(path=SENDALL, effect="error", code=45065)
    answer = send(service, "job-8")
    assert answer["errcode"] == 45065
    assert "news_item" in service.post("/cgi-bin/draft/get", answer)
    assert sandbox.state()["wx_mass"] == []


def test_protected_account_waits_for_its_administrator(sandbox, service):
    sandbox.account("wechat", service.app_id, mass_protection=True)
    first = send(service)
    assert first["errcode"] == 89504
    assert send(service)["errcode"] == 89505
    page = sandbox.get(f"/wechat/{service.app_id}/console/").text
    assert "等待确认的群发" in page
    msg_id = sandbox.state()["wx_mass"][0]["msg_id"]
    address = f"/wechat/{service.app_id}/console/confirm-mass"
    sandbox.post(address, data={"msg_id": msg_id, "confirm": "1"})
    sent(sandbox, service, msg_id)
    assert send(service, tag_id=2)["errcode"] == 0


@pytest.mark.parametrize(("refused", "result"), [(True, "err(40001)"), (False, "err(40002)")])
def test_protected_send_ends_when_refused_or_left(sandbox, service, receiver, refused, result):
    listen(sandbox, receiver)
    sandbox.account("wechat", service.app_id, mass_protection=True)
    answer = send(service)
    if refused:
        address = f"/__sandbox/accounts/wechat/{service.app_id}/confirm-mass"
        assert sandbox.post(address, json={"confirm": False}).status_code == 200
    else:
        sandbox.advance(minutes=31)
    pushed = sandbox.wait_for(lambda: receiver.events("MASSSENDJOBFINISH"))[0]
    assert ElementTree.fromstring(pushed["body"]).findtext("Status") == result
    assert "news_item" in service.post("/cgi-bin/draft/get", answer)


def test_deleted_send_leaves_the_card_but_not_the_page(sandbox, service):
    follow(sandbox, service, "sun")
    answer = send(service, title="发错了")
    gone = {"msg_id": answer["msg_id"], "article_idx": 1}
    sent(sandbox, service, answer["msg_id"])
    delete = "/cgi-bin/message/mass/delete"
    assert service.post(delete, gone | {"article_idx": 2})["errcode"] == 40060
    assert service.post(delete, {"msg_id": 1})["errcode"] == 40059
    assert service.post(delete, {"url": "http://nowhere.example/s?mid=1"})["errcode"] == 40065
    assert service.post(delete, gone)["errcode"] == 0
    assert status(service, answer["msg_id"]) == "DELETE"
    page = chat(sandbox, service, "sun")
    assert "发错了" in page
    assert sandbox.get("/__sandbox/books").json()["published"][0]["deleted"] is True


def test_only_articles_can_be_deleted(sandbox, service):
    text = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "停电通知"}}
    answer = service.post(SENDALL, text)
    sent(sandbox, service, answer["msg_id"])
    gone = service.post("/cgi-bin/message/mass/delete", {"msg_id": answer["msg_id"]})
    assert gone["errcode"] == 40204
    assert sandbox.get("/__sandbox/books").json()["published"][0]["title"] == "停电通知"
    card = text | {"msgtype": "wxcard", "wxcard": {"card_id": "p1"}}
    assert service.post(SENDALL, card)["errcode"] == 45113


def test_openid_list_is_for_service_accounts(sandbox, service, subscription):
    two = follow(sandbox, service, "qian", "wu")
    media_id = service.draft()["media_id"]
    message = {"touser": two, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    path = "/cgi-bin/message/mass/send"
    assert subscription.post(path, message)["errcode"] == 48001
    assert service.post(path, message | {"touser": two[:1]})["errcode"] == 40130
    assert service.post(path, message | {"touser": [*two, "nobody"]})["errcode"] == 40031
    answer = service.post(path, message)
    sent(sandbox, service, answer["msg_id"])
    assert "高温津贴怎么发" in chat(sandbox, service, "wu")


def test_preview_goes_to_one_reader_and_keeps_the_draft(sandbox, service):
    (openid,) = follow(sandbox, service, "editor")
    media_id = service.draft(title="请先看")["media_id"]
    message = {"msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    path = "/cgi-bin/message/mass/preview"
    assert service.post(path, message | {"touser": openid})["errmsg"] == "preview success"
    assert service.post(path, message | {"towxname": "editor"})["errcode"] == 0
    assert chat(sandbox, service, "editor").count("请先看") == 2
    assert "news_item" in service.post("/cgi-bin/draft/get", {"media_id": media_id})
    assert service.post(path, message | {"touser": "nobody"})["errcode"] == 40003
    assert service.post(path, message | {"towxname": "nobody"})["errcode"] == 40132


def test_speed_is_kept_and_bounded(service):
    speed = "/cgi-bin/message/mass/speed"
    assert service.post(f"{speed}/set", {"speed": 3})["errcode"] == 0
    assert service.post(f"{speed}/get", {}) == {"speed": 3, "realspeed": 30}
    assert service.post(f"{speed}/set", {"speed": 5})["errcode"] == 45083


def test_uncertified_account_sends_nothing(plain):
    media_id = plain.draft()["media_id"]
    assert plain.post(SENDALL, body(media_id))["errcode"] == 48001
    preview = {"msgtype": "mpnews", "mpnews": {"media_id": media_id}, "touser": "x"}
    assert plain.post("/cgi-bin/message/mass/preview", preview)["errcode"] == 48001
