from urllib.parse import parse_qs, urlsplit

import pytest

from cms.matrix.sandbox.wechat import crypto

from .test_wechat_publish import AES_KEY, TOKEN, listen


@pytest.fixture
def article(service):
    """A published article open to comments: its API address and its page."""
    answer = service.publish(need_open_comment=1)
    url = service.article_url(answer["publish_id"])
    query = parse_qs(urlsplit(url).query)
    form = {name: query[name][0] for name in ("mid", "idx", "sn")}
    return {"where": {"msg_data_id": answer["msg_data_id"], "index": 0}, "form": form, "url": url}


def write(sandbox, article, nickname, content):
    form = article["form"] | {"nickname": nickname, "content": content}
    return sandbox.post("/s/comment", data=form, follow_redirects=True).text


def listed(service, article, **extra):
    body = article["where"] | {"begin": 0, "count": 49, "type": 0} | extra
    return service.post("/cgi-bin/comment/list", body)


def test_comment_written_on_the_page_appears_in_the_list(sandbox, service, article):
    page = write(sandbox, article, "王师傅", "高温费啥时候发")
    assert "等待精选" in page
    answer = listed(service, article)
    assert answer["comment_cnt"] == 1
    comment = answer["comment"][0]
    assert comment["content"] == "高温费啥时候发"
    assert comment["comment_type"] == 0
    assert comment["openid"].startswith("o")
    assert len(comment["openid"]) == 28
    assert "reply" not in comment


def test_same_nickname_is_the_same_person(sandbox, service, article):
    write(sandbox, article, "王师傅", "第一条")
    write(sandbox, article, "李姐", "第二条")
    write(sandbox, article, "王师傅", "第三条")
    third, second, first = (c["openid"] for c in listed(service, article)["comment"])
    assert third == first != second


def test_only_elected_comments_are_shown_to_others(sandbox, service, article):
    write(sandbox, article, "王师傅", "请公布标准")
    sandbox.cookies.clear()
    assert "请公布标准" not in sandbox.get(article["url"]).text
    one = article["where"] | {"user_comment_id": 1}
    assert service.post("/cgi-bin/comment/markelect", one)["errcode"] == 0
    assert "请公布标准" in sandbox.get(article["url"]).text
    assert [c["comment_type"] for c in listed(service, article, type=2)["comment"]] == [1]
    assert listed(service, article, type=1)["comment"] == []
    assert service.post("/cgi-bin/comment/unmarkelect", one)["errcode"] == 0
    assert "请公布标准" not in sandbox.get(article["url"]).text


def test_console_can_show_all_comments(sandbox, article):
    write(sandbox, article, "王师傅", "都看得见")
    sandbox.cookies.clear()
    address = "/wechat/wxdemo_service/console/settings"
    sandbox.post(address, data={"comments_shown": "all"})
    assert "都看得见" in sandbox.get(article["url"]).text


def test_author_replies_once(sandbox, service, article):
    write(sandbox, article, "王师傅", "在哪报名")
    one = article["where"] | {"user_comment_id": 1}
    assert service.post("/cgi-bin/comment/reply/add", one | {"content": ""})["errcode"] == 88007
    reply = one | {"content": "点阅读原文"}
    assert service.post("/cgi-bin/comment/reply/add", reply)["errcode"] == 0
    assert service.post("/cgi-bin/comment/reply/add", reply)["errcode"] == 88005
    assert listed(service, article)["comment"][0]["reply"]["content"] == "点阅读原文"
    assert "点阅读原文" in sandbox.get(article["url"]).text
    sandbox.account("wechat", service.app_id, reply_as_list=True)
    assert listed(service, article)["comment"][0]["reply"][0]["content"] == "点阅读原文"
    assert service.post("/cgi-bin/comment/reply/delete", one)["errcode"] == 0
    assert "reply" not in listed(service, article)["comment"][0]


def test_deleted_comments_are_told_apart_by_who_deleted_them(sandbox, service, article):
    write(sandbox, article, "王师傅", "一")
    write(sandbox, article, "王师傅", "二")
    sandbox.post("/s/comment/delete", data=article["form"] | {"comment_id": 1})
    one, two = ({"user_comment_id": n} | article["where"] for n in (1, 2))
    assert service.post("/cgi-bin/comment/markelect", one)["errcode"] == 88004
    assert service.post("/cgi-bin/comment/delete", two)["errcode"] == 0
    assert service.post("/cgi-bin/comment/delete", two)["errcode"] == 88008
    assert listed(service, article)["comment"] == []


def test_list_pages_and_refuses_fifty_at_once(sandbox, service, article):
    for n in range(3):
        write(sandbox, article, "王师傅", f"第{n}条")
    page = listed(service, article, begin=0, count=2)
    assert (page["total"], page["comment_cnt"], len(page["comment"])) == (2, 3, 2)
    assert len(listed(service, article, begin=2, count=2)["comment"]) == 1
    assert listed(service, article, count=50)["errcode"] == 88010
    sandbox.account("wechat", service.app_id, total_is_page_size=False)
    assert listed(service, article, begin=0, count=2)["total"] == 3


def test_index_counts_from_zero(service, article):
    assert listed(service, article, index=1)["errcode"] == 88001


def test_closed_article_takes_no_comment(sandbox, service, article):
    assert service.post("/cgi-bin/comment/close", article["where"])["errcode"] == 0
    assert "没有开放留言" in write(sandbox, article, "王师傅", "还能说吗")
    assert service.post("/cgi-bin/comment/open", article["where"])["errcode"] == 0
    write(sandbox, article, "王师傅", "又能说了")
    assert [c["content"] for c in listed(service, article)["comment"]] == ["又能说了"]


def test_account_without_privilege_reads_no_comments(sandbox, service, article):
    sandbox.account("wechat", service.app_id, comments=False)
    assert listed(service, article)["errcode"] == 88000


def test_empty_or_endless_comment_is_answered_in_chinese(sandbox, service, article):
    assert "请写下留言" in write(sandbox, article, "王师傅", " ")
    assert "请填写昵称" in write(sandbox, article, "", "好")
    assert "请写下留言" in write(sandbox, article, "王师傅", "长" * 601)
    assert listed(service, article)["comment"] == []


def test_script_in_a_comment_is_text(sandbox, service, article):
    page = write(sandbox, article, "王师傅", "<script>alert(1)</script>")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_fans_only_article_asks_to_follow_first(sandbox, service):
    answer = service.publish(need_open_comment=1, only_fans_can_comment=1)
    query = parse_qs(urlsplit(service.article_url(answer["publish_id"])).query)
    form = {name: query[name][0] for name in ("mid", "idx", "sn")}
    article = {"form": form, "where": {"msg_data_id": answer["msg_data_id"], "index": 0}}
    assert "请先关注" in write(sandbox, article, "王师傅", "我也说一句")
    follow = {"nickname": "王师傅", "following": "1"}
    sandbox.post("/wechat/wxdemo_service/follow", data=follow)
    write(sandbox, article, "王师傅", "我也说一句")
    assert len(listed(service, article)["comment"]) == 1


def test_message_is_pushed_and_the_passive_reply_shown(sandbox, receiver):
    listen(sandbox, receiver)
    receiver.answer = (
        "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[12351 随时在]]></Content></xml>"
    ).encode()
    form = {"nickname": "王师傅", "content": "怎么找工会"}
    page = sandbox.post("/wechat/wxdemo_service/message", data=form, follow_redirects=True).text
    assert "12351 随时在" in page
    pushed = receiver.events("怎么找工会")[0]
    assert "<MsgType><![CDATA[text]]></MsgType>" in pushed["body"]
    assert "<MsgId>" in pushed["body"]
    assert pushed["query"]["openid"] in pushed["body"]


def test_safe_mode_reply_must_be_encrypted_and_signed(sandbox, receiver):
    listen(sandbox, receiver, aes_key=AES_KEY)
    text = "<xml><MsgType>text</MsgType><Content>收到</Content></xml>"
    sealed = crypto.encrypt(AES_KEY, text, "wxdemo_service")
    signature = crypto.sign(TOKEN, "1", "2", sealed)
    answer = "<xml><Encrypt>{}</Encrypt><MsgSignature>{}</MsgSignature>"
    answer += "<TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    receiver.answer = answer.format(sealed, signature).encode()
    form = {"nickname": "王师傅", "content": "你好"}
    address = "/wechat/wxdemo_service/message"
    assert "收到" in sandbox.post(address, data=form, follow_redirects=True).text
    receiver.answer = text.encode()
    sandbox.post(address, data=form)
    sandbox.wait_for(lambda: sandbox.state()["wx_callback"][0]["state"] == "failed")
    assert "必须加密" in sandbox.state()["wx_callback"][0]["answer"]


def test_reads_and_reactions_become_statistics(sandbox, service, article):
    for _ in range(3):
        sandbox.get(article["url"])
    for kind in ("like", "zaikan", "share"):
        sandbox.post("/s/react", data=article["form"] | {"kind": kind})
    write(sandbox, article, "王师傅", "好")
    today = sandbox.today().isoformat()
    span = {"begin_date": today, "end_date": today}
    total = service.post("/datacube/getarticletotaldetail", span)["list"][0]
    assert total["msgid"] == f"{article['where']['msg_data_id']}_1"
    detail = total["detail_list"][0]
    assert [detail[k] for k in ("read_user", "like_user", "zaikan_user", "share_user")] == [
        3,
        1,
        1,
        1,
    ]
    assert detail["comment_count"] == 1
    assert detail["read_user_source"][0] == {"user_count": 3, "scene_desc": "全部"}
    read = service.post("/datacube/getarticleread", span)["list"][0]
    assert read["detail"]["read_user"] == 3
    summary = service.post("/datacube/getbizsummary", span)["list"][0]["detail"]
    assert (summary["read_user"], summary["send_page_count"]) == (3, 1)


def test_like_given_twice_is_taken_back(sandbox, article):
    for _ in range(2):
        sandbox.post("/s/react", data=article["form"] | {"kind": "like"})
    assert ">赞 0<" in sandbox.get(article["url"]).text


def test_followers_are_counted_by_day(sandbox, service):
    for nickname, following in (("甲", "1"), ("乙", "1"), ("乙", "0")):
        form = {"nickname": nickname, "following": following}
        sandbox.post("/wechat/wxdemo_service/follow", data=form)
    today = sandbox.today().isoformat()
    answer = service.post("/datacube/getusersummary", {"begin_date": today, "end_date": today})
    assert answer["list"][0] | {"ref_date": ""} == {
        "ref_date": "",
        "user_source": 0,
        "new_user": 2,
        "cancel_user": 1,
    }


def test_statistics_end_yesterday_unless_the_account_shows_today(sandbox, service, article):
    sandbox.account("wechat", service.app_id, stats_same_day=False)
    sandbox.get(article["url"])

    def ask(day, end=None):
        span = {"begin_date": day, "end_date": end or day}
        return service.post("/datacube/getarticletotaldetail", span)

    today = sandbox.today().isoformat()
    assert ask(today)["errcode"] == 61501
    assert ask("2026/11/01")["errcode"] == 61500
    sandbox.advance(hours=13)
    service.token = service.new_token()["access_token"]
    assert ask(today)["errcode"] == 61503
    sandbox.advance(hours=8)
    service.token = service.new_token()["access_token"]
    assert ask(today)["list"][0]["detail_list"][0]["read_user"] == 1
    assert ask("2026-11-01", today)["errcode"] == 61501


def test_retired_statistics_are_switched_off(service):
    span = {"begin_date": "2026-11-01", "end_date": "2026-11-01"}
    assert service.post("/datacube/getarticlesummary", span)["errcode"] == 47009


def test_a_crowd_leaves_reads_and_dated_comments(sandbox, service, article):
    at = 1_760_000_000
    days = [{"day": sandbox.today().isoformat(), "read": 7, "like": 2}]
    said = [{"nickname": "老陶", "content": "说得明白", "at": at}]
    body = {"url": article["url"], "days": days, "comments": said}
    sandbox.post("/__sandbox/crowd", json=body).raise_for_status()
    comment = listed(service, article)["comment"][0]
    assert (comment["content"], comment["create_time"]) == ("说得明白", at)


def test_who_is_no_wechat_user_has_no_openid(sandbox, service, article):
    said = {"nickname": "x", "content": "路过", "at": 0, "anonymous": True}
    sandbox.post("/__sandbox/crowd", json={"url": article["url"], "comments": [said]})
    (comment,) = listed(service, article)["comment"]
    assert comment["content"] == "路过"
    assert "openid" not in comment


def test_a_crowd_at_nothing_is_refused(sandbox):
    assert sandbox.post("/__sandbox/crowd", json={"url": "/elsewhere"}).status_code == 404
    assert sandbox.post("/__sandbox/crowd", content=b"[").status_code == 400
