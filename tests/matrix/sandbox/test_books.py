import sqlite3
from concurrent.futures import ThreadPoolExecutor

import httpx

from cms.matrix.sandbox.store import Store
from tests.sandbox_server import WeChat

from .test_wechat_mass import send, sent
from .test_weibo import Weibo


def books(sandbox):
    return sandbox.get("/__sandbox/books").json()


def test_books_tell_how_each_item_came_out(sandbox, service, plain):
    silent = service.publish(title="无声发布")
    pushed = send(service, title="群发出去")
    sent(sandbox, service, pushed["msg_id"])
    media_id = plain.draft(title="手动发表")["media_id"]
    address = f"/__sandbox/accounts/wechat/{plain.app_id}/console-publish"
    sandbox.post(address, json={"media_id": media_id})
    Weibo(sandbox).share()
    published = books(sandbox)["published"]
    assert {item["title"][:4]: item["how"] for item in published} == {
        "无声发布": "freepublish",
        "群发出去": "mass",
        "手动发表": "console",
        "高温津贴": "share",
    }
    article = published[0]
    assert article["msg_data_id"] == silent["msg_data_id"]
    assert article["url"] == service.article_url(silent["publish_id"])
    assert article["deleted"] is False
    gone = {"article_id": article["article_id"], "index": 0}
    service.post("/cgi-bin/freepublish/delete", gone)
    assert books(sandbox)["published"][0]["deleted"] is True


def test_books_count_what_came_out_twice(sandbox, service):
    for title in ("同一篇", "同一篇", "另一篇"):
        service.publish(title=title)
    times = [item["times"] for item in books(sandbox)["published"]]
    assert times == [2, 2, 1]


def test_books_are_not_cut_off(sandbox):
    sandbox.account("weibo", "wbdemo_main", daily_calls=1000, hourly_shares=1000)
    weibo = Weibo(sandbox)
    for number in range(101):
        assert weibo.share(f"第{number}条 http://127.0.0.1/").status_code == 200
    found = books(sandbox)
    assert len(found["published"]) == 101
    assert found["calls"]["weibo /2/statuses/share.json"] == 101


def test_pace_is_kept_within_bounds(sandbox):
    assert sandbox.put("/__sandbox/pace", json={"latency_ms": 1.5}).json() == {"latency_ms": 1.5}
    for bad in (-1, 60_001, "fast", None):
        assert sandbox.put("/__sandbox/pace", json={"latency_ms": bad}).status_code == 400
    sandbox.post("/__sandbox/reset")
    assert sandbox.get("/__sandbox/pace").json() == {"latency_ms": 0}


def test_every_call_takes_its_time_on_both_platforms(sandbox):
    """A lower bound only: nothing here fails because the machine is slow."""
    sandbox.put("/__sandbox/pace", json={"latency_ms": 50})
    for address in ("/wechat/cgi-bin/draft/count", "/weibo/2/users/show.json"):
        assert sandbox.get(address).elapsed.total_seconds() >= 0.05


def test_sixty_four_callers_at_once_lose_no_count(sandbox, server):
    sandbox.account("wechat", "wxdemo_service", quotas={"/cgi-bin/draft/count": 200})
    token = WeChat(sandbox, "wxdemo_service").token
    limits = httpx.Limits(max_connections=64)
    with httpx.Client(base_url=server, timeout=30, trust_env=False, limits=limits) as client:

        def call(_number):
            answer = client.get(f"/wechat/cgi-bin/draft/count?access_token={token}")
            return answer.json().get("errcode", 0)

        with ThreadPoolExecutor(64) as pool:
            codes = list(pool.map(call, range(256)))
    assert sorted(set(codes)) == [0, 45009]
    assert codes.count(0) == 200
    assert books(sandbox)["calls"]["wechat /cgi-bin/draft/count"] == 256


def test_old_data_directory_gains_the_new_columns(tmp_path):
    old = sqlite3.connect(tmp_path / "sandbox.sqlite3")
    old.execute(
        "create table job (id integer primary key, kind text not null, payload text not null,"
        " run_at real not null, state text not null default 'waiting')"
    )
    old.execute("insert into job (kind, payload, run_at) values ('publish', '{}', 0)")
    old.commit()
    old.close()
    store = Store(tmp_path / "sandbox.sqlite3")
    assert store.value("select lane from job") == ""
    store.close()
