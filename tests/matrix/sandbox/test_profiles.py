from dataclasses import fields

import pytest

from cms.matrix.sandbox.labels import LABELS
from cms.matrix.sandbox.profiles import PLATFORMS
from tests.sandbox_server import WeChat

from .test_wechat_comments import write
from .test_wechat_mass import send

ERRCODE_ONLY = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def account(sandbox, service):
    """Changes the profile of the service account."""

    def change(**fields):
        sandbox.account("wechat", service.app_id, **fields)

    return change


def test_content_may_be_limited_by_characters(account, service):
    long = f"<p>{'字' * 20_001}</p>"
    assert "media_id" in service.draft(content=long)
    account(content_limit=20_000)
    assert service.draft(content=long)["errcode"] == 45002


def test_digest_limit_has_two_documented_values(account, service):
    assert service.draft(digest="摘" * 128)["errcode"] == 45004
    account(digest_limit=128)
    assert "media_id" in service.draft(digest="摘" * 128)


def test_fail_idx_may_show_while_publishing(sandbox, account, service):
    account(publish_delay=600)

    def fail_idx():
        media_id = service.draft()["media_id"]
        job = service.post("/cgi-bin/freepublish/submit", {"media_id": media_id})
        found = service.post("/cgi-bin/freepublish/get", {"publish_id": job["publish_id"]})
        return found["publish_status"], found["fail_idx"]

    assert fail_idx() == (1, [])
    account(fail_idx_while_publishing=True)
    assert fail_idx() == (1, [1])


def test_comments_have_their_variants(sandbox, account, service):
    answer = service.publish(need_open_comment=1)
    row = sandbox.state()["wx_article"][0]
    article = {"form": {name: row[name] for name in ("mid", "idx", "sn")}}
    for text in ("一", "二"):
        write(sandbox, article, "wang", text)
    first = {"msg_data_id": answer["msg_data_id"], "index": 0, "user_comment_id": 1}
    service.post("/cgi-bin/comment/reply/add", first | {"content": "好"})

    def listed(index):
        where = {"msg_data_id": answer["msg_data_id"], "index": index}
        return service.post("/cgi-bin/comment/list", where | {"begin": 0, "count": 1, "type": 0})

    assert (listed(0)["total"], listed(0)["comment_cnt"]) == (1, 2)
    account(total_is_page_size=False, reply_as_list=True, comment_index_from_one=True)
    assert listed(0)["errcode"] == 88001
    assert listed(1)["total"] == 2
    page = {"msg_data_id": answer["msg_data_id"], "index": 1, "begin": 1, "count": 1, "type": 0}
    (comment,) = service.post("/cgi-bin/comment/list", page)["comment"]
    assert isinstance(comment["reply"], list)


def test_uncertified_account_may_publish_where_the_table_says_so(sandbox, plain):
    sandbox.account("wechat", plain.app_id, uncertified_may_publish=True)
    media_id = plain.draft()["media_id"]
    assert plain.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["errcode"] == 0
    assert plain.post("/datacube/getusersummary", {})["errcode"] == 48001
    sandbox.account("wechat", plain.app_id, kind="personal")
    assert plain.post("/cgi-bin/freepublish/get", {"publish_id": 1})["errcode"] == 48001


def test_read_sources_have_two_forms(sandbox, account, service):
    url = service.article_url(service.publish()["publish_id"])
    sandbox.get(url.replace("#rd", "&scene=moments"))
    day = sandbox.today().isoformat()

    def source():
        answer = service.post("/datacube/getarticleread", {"begin_date": day, "end_date": day})
        return answer["list"][0]["detail"]["read_user_source"][1]

    assert source() == {"user_count": 1, "scene_desc": "朋友圈"}
    account(source_as_type_value=True)
    assert source() == {"value": 1, "type": "朋友圈"}
    summary = service.post("/datacube/getbizsummary", {"begin_date": day, "end_date": day})
    assert {"value": 1, "type": "朋友圈"} in summary["list"][0]["detail"]["read_user_source"]


def test_draft_list_may_leave_out_the_cover_address(account, service):
    service.draft()

    def item():
        listed = service.post("/cgi-bin/draft/batchget", {"offset": 0, "count": 1})
        return listed["item"][0]["content"]["news_item"][0]

    assert item()["thumb_url"]
    account(draft_tells_thumb_url=False)
    assert "thumb_url" not in item()


def test_answers_may_follow_the_documents_instead_of_live_accounts(account, service):
    live = service.draft()
    assert (live["item"], "errcode" in live) == ([], False)
    account(documented_answers=True)
    documented = service.draft()
    assert documented == ERRCODE_ONLY | {"media_id": documented["media_id"]}
    refused = service.post("/cgi-bin/draft/get", {"media_id": "x"})
    assert refused == {"errcode": 40007, "errmsg": "invalid media_id"}
    listed = service.post("/cgi-bin/material/batchget_material", {"type": "thumb", "count": 1,
                                                                  "offset": 0})  # fmt: skip
    assert listed["total_count"] == 0


def test_times_of_mass_send_can_be_set(account, service):
    account(mass_limit=1)
    assert [send(service)["errcode"] for _ in range(2)] == [0, 45028]


def test_kinds_of_account_may_do_what_the_contract_says(sandbox):
    sub = WeChat(sandbox, "wxdemo_sub")
    for kind, publish, users in (
        ("certified_subscription", 40007, 0),
        ("certified_service", 40007, 0),
        ("uncertified", 48001, 48001),
        ("personal", 48001, 48001),
    ):
        sandbox.account("wechat", sub.app_id, kind=kind)
        submitted = sub.post("/cgi-bin/freepublish/submit", {"media_id": "none"})
        assert submitted["errcode"] == publish, kind
        assert sub.get("/cgi-bin/user/get").get("errcode", 0) == users, kind
        assert "media_id" in sub.draft(), kind


def test_every_field_has_a_label_and_shows_on_the_page(sandbox):
    for platform, app_id in (("wechat", "wxdemo_sub"), ("weibo", "wbdemo_main")):
        page = sandbox.get(f"/accounts/{platform}/{app_id}").text
        for field in fields(PLATFORMS[platform]):
            assert field.name in LABELS
            assert field.name == "app_id" or f'name="{field.name}"' in page


def test_profile_is_changed_on_the_page(sandbox):
    form = {"name": "改过的名", "secret": "s", "kind": "personal", "comments_shown": "all",
            "callback_format": "json", "publish_event": "PUBLISHJOBFINISH", "title_limit": "64",
            "publish_delay": "0.5", "quotas": "/cgi-bin/draft/add=5，/cgi-bin/draft/get=6",
            "tags": "2，100", "ip_whitelist": "127.0.0.1", "dissolve_div": "on"}  # fmt: skip
    page = sandbox.post("/accounts/wechat/wxdemo_sub", data=form, follow_redirects=True).text
    assert "账号已保存" in page
    accounts = sandbox.get("/__sandbox/accounts").json()
    saved = next(a for a in accounts if a["app_id"] == "wxdemo_sub")
    assert (saved["name"], saved["kind"], saved["title_limit"]) == ("改过的名", "personal", 64)
    assert saved["quotas"] == {"/cgi-bin/draft/add": 5, "/cgi-bin/draft/get": 6}
    assert (saved["tags"], saved["ip_whitelist"]) == ([2, 100], ["127.0.0.1"])
    assert (saved["dissolve_div"], saved["refuse_iframe"]) == (True, False)
    bad = sandbox.post(
        "/accounts/wechat/wxdemo_sub", data=form | {"title_limit": "x"}, follow_redirects=True
    )
    assert "数字项里有填得不对的" in bad.text
