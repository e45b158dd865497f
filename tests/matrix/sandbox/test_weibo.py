import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cms.matrix.sandbox.weibo import mid, text
from tests.sandbox_server import png

LINK = "http://127.0.0.1:8000/news/1/"


class Weibo:
    def __init__(self, client, app_id="wbdemo_main"):
        self.client = client
        accounts = client.get("/__sandbox/accounts").json()
        self.profile = next(a for a in accounts if a["app_id"] == app_id)

    def get(self, path, **params):
        params["access_token"] = self.profile["access_token"]
        return self.client.get(f"/weibo/2/{path}.json", params=params)

    def post(self, path, files=None, **form):
        form["access_token"] = self.profile["access_token"]
        return self.client.post(f"/weibo/2/{path}.json", data=form, files=files)

    def share(self, status=f"高温津贴怎么发 {LINK}", files=None, **form):
        return self.post("statuses/share", files, status=status, rip="127.0.0.1", **form)


@pytest.fixture
def weibo(sandbox):
    return Weibo(sandbox)


def refused(answer, code):
    body = answer.json()
    assert answer.status_code in (400, 401, 403), answer.text
    assert body["error_code"] == code, body
    assert isinstance(body["error"], str)
    assert body["request"].startswith("/2/")
    return True


def write(sandbox, post, nickname, content):
    address = f"/weibo/{post['user']['idstr']}/{post['idstr']}/comment"
    form = {"nickname": nickname, "content": content}
    return sandbox.post(address, data=form, follow_redirects=True).text


def test_share_answers_with_the_whole_post(weibo):
    post = weibo.share().json()
    assert post["id"] > 2**53
    assert post["idstr"] == post["mid"] == str(post["id"])
    assert post["user"]["idstr"] == "7700000001"
    assert re.fullmatch(r"\w{3} \w{3} \d\d [\d:]{8} \+0800 \d{4}", post["created_at"])


def test_ids_are_spoilt_by_floats(weibo):
    ids = [weibo.share(f"第{n}条 {LINK}").json()["id"] for n in range(4)]
    assert any(int(float(n)) != n for n in ids)
    assert ids == sorted(set(ids))


def test_share_needs_a_link_to_a_safe_domain(weibo):
    assert refused(weibo.share("没有链接"), 10017)
    assert weibo.share("没有链接").json()["error"] == "text not find domain!"
    assert refused(weibo.share("别人的 https://elsewhere.example/a"), 10017)
    assert weibo.share("自己的 http://news.localhost/a").status_code == 200


def test_share_checks_length_topic_and_reader_address(weibo):
    assert refused(weibo.share(""), 20008)
    assert refused(weibo.share("长" * 140 + LINK), 20012)
    assert weibo.share("长" * 130 + LINK).status_code == 200
    assert refused(weibo.share(f"#劳动节# {LINK}"), 10017)
    assert refused(weibo.post("statuses/share", status=f"没有地址 {LINK}"), 10016)


def test_same_text_twice_is_refused(weibo):
    assert weibo.share().status_code == 200
    assert refused(weibo.share(), 20019)


def test_picture_goes_as_multipart_and_is_shown(sandbox, weibo):
    post = weibo.share(files={"pic": ("a.png", png(), "image/png")}).json()
    assert post["pic_num"] == 1
    assert sandbox.get(post["original_pic"]).content == png()
    bad = weibo.share(f"二 {LINK}", files={"pic": ("a.bmp", b"BM123", "image/bmp")})
    assert refused(bad, 20005)
    big = png(5 * 1024 * 1024 + 1)
    assert refused(weibo.share(f"三 {LINK}", files={"pic": ("a.png", big, "image/png")}), 20006)
    other = {"file": ("a.png", png(), "image/png")}
    assert refused(weibo.share(f"四 {LINK}", files=other), 20007)


def test_timeline_shows_only_the_five_newest(weibo):
    for n in range(7):
        weibo.share(f"第{n}条 {LINK}")
    answer = weibo.get("statuses/user_timeline", count=100).json()
    assert [s["text"][:3] for s in answer["statuses"]] == [
        "第6条",
        "第5条",
        "第4条",
        "第3条",
        "第2条",
    ]
    assert answer["total_number"] == 7
    assert refused(weibo.get("statuses/user_timeline", uid="7700000002"), 10014)


def test_show_and_count(sandbox, weibo):
    post = weibo.share().json()
    assert weibo.get("statuses/show", id=post["idstr"]).json()["mid"] == post["mid"]
    assert refused(Weibo(sandbox, "wbdemo_plain").get("statuses/show", id=post["idstr"]), 20112)
    assert refused(weibo.get("statuses/show", id="1"), 20101)
    assert refused(weibo.get("statuses/show", id="x"), 10017)
    sandbox.post(f"/weibo/7700000001/{post['idstr']}/like")
    sandbox.post(f"/weibo/7700000001/{post['idstr']}/repost")
    counted = weibo.get("statuses/count", ids=f"{post['idstr']},1").json()
    assert counted == [
        {"id": post["id"], "idstr": post["idstr"], "comments": 0, "reposts": 1, "attitudes": 1}
    ]


def test_readers_comments_come_in_one_call_and_can_be_answered(sandbox, weibo):
    post = weibo.share().json()
    assert "评论已发出" in write(sandbox, post, "小李", "什么时候到账")
    write(sandbox, post, "小张", "支持")
    answer = weibo.get("comments/to_me").json()
    assert [c["text"] for c in answer["comments"]] == ["支持", "什么时候到账"]
    first = answer["comments"][1]
    assert first["user"]["name"] == "小李"
    assert first["status"]["idstr"] == post["idstr"]
    newer = weibo.get("comments/to_me", since_id=first["idstr"]).json()["comments"]
    assert [c["text"] for c in newer] == ["支持"]
    reply = {"cid": first["idstr"], "id": post["idstr"], "comment": "本月二十日"}
    replied = weibo.post("comments/reply", **reply).json()
    assert replied["text"] == "回复@小李:本月二十日"
    assert replied["reply_comment"]["idstr"] == first["idstr"]
    assert refused(weibo.post("comments/reply", **reply), 20019)
    assert weibo.get("comments/show", id=post["idstr"]).json()["total_number"] == 3
    assert refused(weibo.post("comments/destroy", cid=first["idstr"]), 20203)
    assert weibo.post("comments/destroy", cid=replied["idstr"]).status_code == 200
    assert refused(weibo.post("comments/destroy", cid=replied["idstr"]), 20201)
    assert refused(weibo.post("comments/destroy"), 20204)


def test_own_comment_is_not_a_comment_to_me(weibo):
    post = weibo.share().json()
    created = weibo.post("comments/create", id=post["idstr"], comment="补充一句")
    assert created.json()["user"]["idstr"] == "7700000001"
    assert refused(weibo.post("comments/create", id=post["idstr"], comment="长" * 141), 20012)
    assert refused(weibo.post("comments/create", id="1", comment="在吗"), 20101)
    assert weibo.get("comments/to_me").json()["comments"] == []


def test_hundred_calls_a_day_then_10023_until_midnight(sandbox, weibo):
    sandbox.account("weibo", "wbdemo_main", daily_calls=3)
    for _ in range(3):
        assert weibo.get("users/show", uid="7700000001").status_code == 200
    assert refused(weibo.get("users/show", uid="7700000001"), 10023)
    left = weibo.get("account/rate_limit_status").json()
    assert (left["remaining_user_hits"], left["user_limit"]) == (0, 3)
    sandbox.advance(hours=12)
    assert weibo.get("users/show", uid="7700000001").status_code == 200


def test_shares_are_limited_by_the_hour(sandbox, weibo):
    sandbox.account("weibo", "wbdemo_main", hourly_shares=1)
    assert weibo.share().status_code == 200
    assert refused(weibo.share(f"第二条 {LINK}"), 10024)
    sandbox.advance(minutes=61)
    assert weibo.share(f"第二条 {LINK}").status_code == 200


def test_users_and_unknown_users(weibo):
    assert weibo.get("users/show", uid="7700000001").json()["verified"] is True
    assert weibo.get("users/show", screen_name="江州工会").json()["idstr"] == "7700000001"
    assert refused(weibo.get("users/show", uid="42"), 20003)


def test_token_errors(sandbox):
    address = "/weibo/2/users/show.json"
    assert refused(sandbox.get(address), 21301)
    assert refused(sandbox.get(address, params={"access_token": "2.00nobody"}), 21332)
    token = {"access_token": "2.00DemoMainTokenJiangzhou01"}
    by_header = {"Authorization": f"OAuth2 {token['access_token']}"}
    assert sandbox.get(f"{address}?uid=7700000001", headers=by_header).status_code == 200
    sandbox.advance(days=31)
    assert refused(sandbox.get(address, params=token), 21327)


def test_no_delete_no_update_in_the_ordinary_tier(weibo):
    assert weibo.post("statuses/destroy", id="1").json()["error_code"] == 10014
    assert weibo.post("statuses/update", status="x").json()["error_code"] == 10014


def test_authorisation_gives_a_working_token(sandbox):
    given = {
        "client_id": "wbdemo_main",
        "redirect_uri": "http://127.0.0.1:8000/back",
        "response_type": "code",
        "state": "s1",
    }
    assert "江州工会" in sandbox.get("/weibo/oauth2/authorize", params=given).text
    allowed = sandbox.post("/weibo/oauth2/authorize", data=given | {"decision": "allow"})
    answer = parse_qs(urlsplit(allowed.headers["location"]).query)
    assert answer["state"] == ["s1"]
    exchange = {
        "client_id": "wbdemo_main",
        "client_secret": "demo-weibo-secret-main",
        "grant_type": "authorization_code",
        "code": answer["code"][0],
        "redirect_uri": given["redirect_uri"],
    }
    token = sandbox.post("/weibo/oauth2/access_token", data=exchange).json()
    assert token["uid"] == "7700000001"
    assert isinstance(token["expires_in"], int)
    used = sandbox.post("/weibo/oauth2/access_token", data=exchange)
    assert (used.status_code, used.json()["error_code"]) == (400, 21325)
    mine = {"access_token": token["access_token"]}
    info = sandbox.post("/weibo/oauth2/get_token_info", data=mine).json()
    assert info["uid"] == 7700000001
    assert sandbox.post("/weibo/oauth2/revokeoauth2", data=mine).json() == {"result": "true"}
    assert refused(sandbox.get("/weibo/2/users/show.json", params=mine), 21319)


def test_refused_authorisation_says_so(sandbox):
    form = {"client_id": "wbdemo_main", "redirect_uri": "http://127.0.0.1:8000/b", "decision": "no"}
    answer = sandbox.post("/weibo/oauth2/authorize", data=form)
    assert "error_code=21330" in answer.headers["location"]


def test_planned_errors_and_lost_answers(sandbox, weibo):
    sandbox.fault(platform="weibo", path="/2/statuses/share.json", effect="error", code=20016)
    assert refused(weibo.share(), 20016)
    sandbox.fault(platform="weibo", path="/2/statuses/share.json", effect="lost")
    with pytest.raises(httpx.RemoteProtocolError):
        weibo.share()
    newest = weibo.get("statuses/user_timeline").json()["statuses"]
    assert len(newest) == 1
    sandbox.fault(path="/2/*", effect="http", status=503)
    assert weibo.get("comments/to_me").status_code == 503


def test_pages_show_posts_and_comments(sandbox, weibo):
    post = weibo.share(f"职工夜校上新 <b> {LINK}").json()
    write(sandbox, post, "小李", "<i>想学</i>")
    timeline = sandbox.get("/weibo/u/7700000001").text
    assert "职工夜校上新 &lt;b&gt;" in timeline
    assert f'href="{LINK}"' in timeline
    short = f"/weibo/7700000001/{mid.encode(post['id'])}"
    assert "&lt;i&gt;想学&lt;/i&gt;" in sandbox.get(short).text
    assert sandbox.get("/weibo/7700000001/zzz").status_code == 404
    assert sandbox.get("/weibo/7700000001/%E4%BD%A0").status_code == 404


def test_reader_cannot_take_an_accounts_name(sandbox, weibo):
    post = weibo.share().json()
    assert "请换一个昵称" in write(sandbox, post, "江州工会", "冒充")


def test_short_address_is_base62_of_the_id():
    assert mid.encode(3501756485200075) == "z0JH2lOMb"
    assert mid.decode("z0JH2lOMb") == 3501756485200075


@pytest.mark.parametrize(
    ("sent", "length"),
    [("工会", 2), ("ab", 1), ("abc", 2), ("http://127.0.0.1:8000/" + "a" * 60, 10), ("", 0)],
)
def test_length_counts_chinese_characters(sent, length):
    assert text.length(sent) == length
