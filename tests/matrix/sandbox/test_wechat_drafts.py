import json
from io import BytesIO

import pytest

from cms.matrix.sandbox.app import create_app
from tests.sandbox_server import WeChat, png

MB = 1024 * 1024


def test_article_picture_must_be_a_small_jpg_or_png(sandbox, service):
    def code(content):
        return service.upload("/cgi-bin/media/uploadimg", content).get("errcode")

    assert code(png()) == 0
    assert code(b"GIF89a....") == 40005
    assert code(png(MB)) == 40009
    assert code(b"") == 40005
    assert (
        service.client.post(
            f"/wechat/cgi-bin/media/uploadimg?access_token={service.token}", data={"a": "b"}
        ).json()["errcode"]
        == 41005
    )


def test_article_picture_is_served_from_the_picture_host(sandbox, service):
    url = service.upload("/cgi-bin/media/uploadimg", png())["url"]
    assert "/mmbiz/" in url
    picture = sandbox.get(url)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content == png()


def test_permanent_material_limits(service):
    def add(content, kind):
        return service.upload("/cgi-bin/material/add_material", content, type=kind)

    answer = add(png(), "image")
    assert answer["item"] == []
    assert "errcode" not in answer
    assert add(png(10 * MB + 1), "image")["errcode"] == 40009
    assert add(png(13 * MB), "image")["errcode"] == 40009
    assert add(b"not a picture", "image")["errcode"] == 40005
    assert add(b"\xff\xd8\xff".ljust(64 * 1024 + 1), "thumb")["errcode"] == 40009
    assert add(png(), "poster")["errcode"] == 40004


@pytest.mark.parametrize(
    ("article", "code"),
    [
        ({"title": "题" * 33}, 45003),
        ({"title": " "}, 44003),
        ({"author": "名" * 17}, 45110),
        ({"digest": "摘" * 121}, 45004),
        ({"content": "文" * (MB // 3 + 1)}, 45002),
        ({"content": ""}, 44003),
        ({"content": '<p>看</p><iframe src="https://a.example/"></iframe>'}, 45166),
        ({"content_source_url": "javascript:alert(1)"}, 41039),
        ({"thumb_media_id": "nobody-uploaded-this"}, 40007),
        ({"title": 5}, 47001),
    ],
)
def test_draft_over_a_limit_is_refused(service, article, code):
    assert service.draft(**article)["errcode"] == code


def test_draft_at_the_limits_is_taken(service):
    assert "media_id" in service.draft(title="题" * 32, author="名" * 16, digest="摘" * 120)
    assert "media_id" in service.draft(content=f"<p>{'文' * 26_843}</p>")


def test_cover_of_another_account_is_refused(sandbox, service, plain):
    assert service.draft(thumb_media_id=plain.cover())["errcode"] == 40007


def test_comments_without_privilege_are_refused(plain):
    assert plain.draft(need_open_comment=1)["errcode"] == 88000


def test_body_must_be_json(sandbox, service):
    address = f"/wechat/cgi-bin/draft/get?access_token={service.token}"
    assert sandbox.post(address, data={"media_id": "x"}).json()["errcode"] == 47001
    assert sandbox.post(address).json()["errcode"] == 44002
    assert sandbox.post(address, json=["x"]).json()["errcode"] == 47001


def test_escaped_chinese_is_kept_escaped(sandbox, service):
    """The platform wants raw UTF-8: an escaped title is shown to readers as it was sent."""
    article = {"title": "工会", "content": "<p>a</p>", "thumb_media_id": service.cover()}
    body = json.dumps({"articles": [article]})
    assert "\\u5de5" in body
    address = f"/wechat/cgi-bin/draft/add?access_token={service.token}"
    media_id = sandbox.post(address, content=body).json()["media_id"]
    kept = service.post("/cgi-bin/draft/get", {"media_id": media_id})
    assert kept["news_item"][0]["title"] == "\\u5de5\\u4f1a"


def test_draft_lives_through_get_update_list_and_delete(service):
    media_id = service.draft()["media_id"]
    kept = service.post("/cgi-bin/draft/get", {"media_id": media_id})
    assert kept["news_item"][0]["digest"] == "按月发放。"
    assert "errcode" not in kept
    article = {"title": "新题", "content": "<p>新</p>"}
    article["thumb_media_id"] = kept["news_item"][0]["thumb_media_id"]
    change = {"media_id": media_id, "index": 0, "articles": article}
    assert service.post("/cgi-bin/draft/update", change)["errcode"] == 0
    assert service.post("/cgi-bin/draft/update", change | {"index": 1})["errcode"] == 40114
    assert (
        service.post("/cgi-bin/draft/update", change | {"articles": [article]})["errcode"] == 47001
    )
    listed = service.post("/cgi-bin/draft/batchget", {"offset": 0, "count": 20, "no_content": 1})
    assert listed["item"][0]["content"]["news_item"][0]["title"] == "新题"
    assert listed["item"][0]["content"]["news_item"][0]["content"] == ""
    assert service.get("/cgi-bin/draft/count") == {"total_count": 1}
    assert service.post("/cgi-bin/draft/delete", {"media_id": media_id})["errcode"] == 0
    assert service.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_draft_of_another_account_does_not_exist(service, plain):
    media_id = service.draft()["media_id"]
    assert plain.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_more_than_eight_articles_are_refused(service):
    article = {"title": "题", "content": "<p>a</p>", "thumb_media_id": service.cover()}
    assert service.post("/cgi-bin/draft/add", {"articles": [article] * 9})["errcode"] == 45008
    assert "media_id" in service.post("/cgi-bin/draft/add", {"articles": [article] * 8})


def test_draft_preview_shows_the_kept_html(sandbox, service):
    media_id = service.draft()["media_id"]
    item = service.post("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][0]
    page = sandbox.get(item["url"])
    assert page.status_code == 200
    assert "草稿预览" in page.text
    assert "按月发放。" in page.text


def test_title_limit_can_follow_the_old_documents(sandbox, service):
    sandbox.account("wechat", service.app_id, title_limit=64)
    assert "media_id" in service.draft(title="题" * 64)


def test_subscription_account_may_draft_and_publish(sandbox):
    subscription = WeChat(sandbox, "wxdemo_sub")
    assert subscription.publish()["errcode"] == 0


def test_an_upload_is_read_to_its_end_also_when_it_is_refused_at_once(tmp_path):
    """Our server would otherwise close the connection on which the next call is coming."""
    app = create_app(tmp_path)
    upload = BytesIO(b"x" * MB)
    try:
        app.test_client().post(
            "/wechat/cgi-bin/media/uploadimg?access_token=expired",
            input_stream=upload,
            content_length=MB,
            content_type="multipart/form-data; boundary=b",
        )
    finally:
        app.extensions["sandbox"].jobs.stop()
    assert upload.tell() == MB
