import pytest

from .test_weibo import LINK, Weibo, refused, write


@pytest.fixture
def weibo(sandbox):
    return Weibo(sandbox)


def texts(answer):
    return [comment["text"] for comment in answer.json()["comments"]]


@pytest.fixture
def talk(sandbox, weibo):
    """A post with a reader's comment, one that names the account, and the account's own."""
    post = weibo.share().json()
    write(sandbox, post, "小李", "什么时候到账")
    write(sandbox, post, "小张", "问 @江州工会 一声")
    weibo.post("comments/create", id=post["idstr"], comment="补充一句")
    return post


def test_own_received_and_naming_comments_are_told_apart(weibo, talk):
    assert texts(weibo.get("comments/by_me")) == ["补充一句"]
    assert texts(weibo.get("comments/to_me")) == ["问 @江州工会 一声", "什么时候到账"]
    assert texts(weibo.get("comments/timeline")) == [
        "补充一句",
        "问 @江州工会 一声",
        "什么时候到账",
    ]
    assert texts(weibo.get("comments/mentions")) == ["问 @江州工会 一声"]


def test_comments_are_shown_by_id_at_most_fifty(weibo, talk):
    ids = [c["idstr"] for c in weibo.get("comments/timeline").json()["comments"]]
    shown = weibo.get("comments/show_batch", cids=",".join([*ids, "1"])).json()
    assert [c["idstr"] for c in shown] == ids
    many = ",".join(str(n) for n in range(1, 52))
    assert refused(weibo.get("comments/show_batch", cids=many), 10017)
    assert refused(weibo.get("comments/show_batch", cids="x"), 10017)


def test_only_own_comments_go_in_a_batch(weibo, talk):
    comments = weibo.get("comments/timeline").json()["comments"]
    own, *readers = (c["idstr"] for c in comments)
    assert refused(weibo.post("comments/destroy_batch", cids=",".join(readers)), 20203)
    gone = weibo.post("comments/destroy_batch", cids=",".join([own, *readers])).json()
    assert [c["idstr"] for c in gone] == [own]
    assert weibo.get("comments/by_me").json()["total_number"] == 0
    assert refused(weibo.post("comments/destroy_batch", cids=own), 20201)
    many = ",".join(str(n) for n in range(1, 22))
    assert refused(weibo.post("comments/destroy_batch", cids=many), 10017)


def test_commercial_paths_need_a_contract(sandbox, weibo, talk):
    assert refused(weibo.get("comments/to_me/biz"), 10014)
    sandbox.account("weibo", "wbdemo_main", commercial=True)
    assert len(texts(weibo.get("comments/to_me/biz"))) == 2


def test_post_accepted_late_is_seen_later_and_only_once(sandbox, weibo):
    sandbox.fault(path="/2/statuses/share.json", effect="late", seconds=90)
    assert refused(weibo.share(), 20032)
    assert weibo.get("statuses/user_timeline").json()["total_number"] == 0
    (status,) = sandbox.state()["wb_status"]
    assert refused(weibo.get("statuses/show", id=str(status["id"])), 20101)
    assert weibo.get("statuses/count", ids=str(status["id"])).json() == []
    assert sandbox.get(f"/weibo/7700000001/{status['id']}").status_code == 404
    assert refused(weibo.share(), 20019)
    sandbox.advance(seconds=91)
    seen = weibo.get("statuses/user_timeline").json()["statuses"]
    assert [s["idstr"] for s in seen] == [str(status["id"])]
    assert sandbox.get(f"/weibo/7700000001/{status['id']}").status_code == 200
    (item,) = sandbox.get("/__sandbox/books").json()["published"]
    assert (item["how"], item["times"]) == ("share", 1)
    assert item["visible_at"] > item["published_at"]


def test_planned_20032_without_late_posts_nothing(sandbox, weibo):
    sandbox.fault(path="/2/statuses/share.json", effect="error", code=20032)
    assert refused(weibo.share(), 20032)
    assert sandbox.state()["wb_status"] == []


def test_address_has_a_limit_an_hour_and_may_be_blocked(sandbox, weibo):
    rule = {"hourly_calls": 2}
    assert sandbox.put("/__sandbox/weibo-ip", json=rule).json()["hourly_calls"] == 2
    sandbox.advance(hours=1)
    for _ in range(2):
        assert weibo.get("users/show", uid="7700000001").status_code == 200
    assert refused(weibo.get("users/show", uid="7700000001"), 10022)
    sandbox.advance(hours=1)
    left = weibo.get("account/rate_limit_status").json()
    assert (left["ip_limit"], left["remaining_ip_hits"]) == (2, 1)
    sandbox.put("/__sandbox/weibo-ip", json={"blocked": ["127.0.0.1"]})
    assert refused(weibo.get("users/show", uid="7700000001"), 10004)
    assert sandbox.put("/__sandbox/weibo-ip", json={"hourly_calls": "x"}).status_code == 400


def test_unaudited_app_is_seen_by_its_test_accounts_only(sandbox, weibo):
    sandbox.account("weibo", "wbdemo_main", audited=False, test_users=["tester"])
    post = weibo.share(f"内测 {LINK}").json()
    address = f"/weibo/7700000001/{post['idstr']}"
    assert sandbox.get(address).status_code == 404
    assert "内测" not in sandbox.get("/weibo/u/7700000001").text
    assert sandbox.post(f"{address}/comment", data={"nickname": "x", "content": "y"}).is_error
    sandbox.cookies.set("reader", "tester")
    assert sandbox.get(address).status_code == 200
    assert "内测" in sandbox.get("/weibo/u/7700000001").text
    too_many = {"platform": "weibo", "app_id": "wbdemo_main", "test_users": ["a"] * 16}
    assert sandbox.post("/__sandbox/accounts", json=too_many).status_code == 400


def test_error_code_may_be_text_as_in_the_old_documents(sandbox, weibo):
    sandbox.account("weibo", "wbdemo_main", error_code_as_text=True)
    assert weibo.get("statuses/show", id="1").json()["error_code"] == "20101"


def test_timeline_of_a_mobile_app_is_longer(sandbox, weibo):
    sandbox.account("weibo", "wbdemo_main", timeline_size=10)
    for number in range(11):
        weibo.share(f"第{number}条 {LINK}")
    assert len(weibo.get("statuses/user_timeline").json()["statuses"]) == 10
