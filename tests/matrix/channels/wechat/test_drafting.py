"""From story to draft box: pictures, cover, comparison (contract §4-§6)."""

import pytest

from cms.matrix.channels.base import ContentRejected, Overrides, Transient

from ..stories import make_picture, make_story, pictures_of
from .conftest import ignore


def test_a_draft_carries_uploaded_pictures_and_raw_utf8(channel, platform, prepared):
    (article,) = platform.drafts.values()
    assert "picture:" not in article["content"]
    assert (
        'src="http://mmbiz.qpic.cn/mmbiz_png/1/0?wx_fmt=png&amp;from=appmsg"' in article["content"]
    )
    assert article["thumb_media_id"] == "MATERIAL2"
    added = next(r for r in platform.requests if r.url.path == "/cgi-bin/draft/add")
    assert "高温津贴".encode() in added.content
    assert b"\\u" not in added.content
    assert prepared["differences"] == []


def test_uploads_have_an_ascii_name_and_a_length(channel, platform, prepared):
    for request in platform.uploads:
        assert request.headers["content-length"].isdigit()
        assert b'name="media"; filename="picture.png"' in request.content


def test_what_the_draft_box_changed_is_written_down(channel, platform, story, payload):
    platform.keep = lambda html: html.replace("<h2", "<p").replace("</h2>", "</p>")
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    assert "标签 h2 从 1 个变成 0 个" in progress["differences"]


def test_a_crash_between_steps_repeats_no_upload(channel, platform, story, payload):
    saved = []
    platform.fail("/cgi-bin/draft/add", errcode=-1, errmsg="system error")
    with pytest.raises(Transient):
        channel.prepare(payload, pictures_of(story), {}, lambda done: saved.append(dict(done)))
    assert len(platform.uploads) == 2
    channel.prepare(payload, pictures_of(story), saved[-1], ignore)
    assert len(platform.uploads) == 2
    assert len(platform.drafts) == 1


def test_changed_content_rewrites_the_same_draft(channel, platform, story, payload, prepared):
    changed = channel.render(story, Overrides(title="新标题"))
    progress = channel.prepare(changed, pictures_of(story), prepared, ignore)
    assert progress["media_id"] == prepared["media_id"]
    assert platform.drafts[progress["media_id"]]["title"] == "新标题"
    assert len(platform.uploads) == 2


def test_a_fresh_cover_that_is_not_spread_yet_is_tried_again_soon(
    channel, platform, story, payload
):
    platform.fail("/cgi-bin/draft/add", errcode=40007, errmsg="invalid media_id")
    with pytest.raises(Transient) as caught:
        channel.prepare(payload, pictures_of(story), {}, ignore)
    assert caught.value.retry_after == 3


def test_a_cover_deleted_from_the_library_is_uploaded_anew(channel, platform, story, payload):
    saved = []
    platform.fail("/cgi-bin/draft/add", errcode=40007, errmsg="invalid media_id")
    old = {"cover_key": "cover-9", "cover_media_id": "OLD", "cover_at": 1}
    with pytest.raises(Transient):
        channel.prepare(payload, pictures_of(story), old, lambda done: saved.append(dict(done)))
    progress = channel.prepare(payload, pictures_of(story), saved[-1], ignore)
    assert progress["cover_media_id"].startswith("MATERIAL")


def test_an_account_without_comments_still_gets_its_draft(channel, platform, story, payload):
    platform.fail("/cgi-bin/draft/add", errcode=88000, errmsg="without comment privilege")
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    assert platform.drafts[progress["media_id"]]["need_open_comment"] == 0
    assert "该账号没有留言功能，文章不开放留言" in progress["differences"]


def test_an_unreadable_picture_goes_back_to_the_editor(channel, story, payload):
    pictures = {**pictures_of(story), "11": make_picture("11", data=b"not a picture")}
    with pytest.raises(ContentRejected) as caught:
        channel.prepare(payload, pictures, {}, ignore)
    assert caught.value.field == "pictures"
    assert "图片11.png" in caught.value.human


def test_editors_mistakes_are_named_by_field(channel):
    story = make_story(title="标" * 33, cover=None)
    problems = channel.check(channel.render(story, Overrides(digest="要" * 121)))
    assert {problem.field for problem in problems} == {"title", "digest", "cover"}


# --- each picture once, each refusal with its name ------------------------------------------------


def test_the_next_delivery_of_the_account_finds_its_pictures_there(
    channel, platform, story, payload, prepared
):
    other = channel.render(story, Overrides(title="另一篇"))
    again = channel.prepare(other, pictures_of(story), {}, ignore)
    assert len(platform.uploads) == 2
    assert again["cover_media_id"] == prepared["cover_media_id"]
    assert again["pictures"] == prepared["pictures"]
    assert again["media_id"] != prepared["media_id"]


def test_the_same_picture_under_two_names_is_uploaded_once(channel, platform):
    body = '<img data-picture="11" alt=""/><img data-picture="12" alt=""/>'
    story = make_story(body_html=body, pictures=(make_picture("11"), make_picture("12")))
    payload = channel.render(story, Overrides())
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    assert platform.count("/cgi-bin/media/uploadimg") == 1
    assert progress["pictures"]["11"] == progress["pictures"]["12"]


def test_a_cover_the_library_lost_is_forgotten_and_uploaded_anew(
    channel, platform, story, payload, prepared
):
    saved = []
    platform.fail("/cgi-bin/draft/add", errcode=40007, errmsg="invalid media_id")
    with pytest.raises(Transient):
        channel.prepare(payload, pictures_of(story), {}, lambda done: saved.append(dict(done)))
    again = channel.prepare(payload, pictures_of(story), saved[-1], ignore)
    assert again["cover_media_id"] != prepared["cover_media_id"]
    assert platform.count("/cgi-bin/material/add_material") == 2
    assert platform.count("/cgi-bin/media/uploadimg") == 1


def test_a_fresh_cover_is_kept_while_the_platform_spreads_it(channel, platform, story, payload):
    saved = []
    platform.fail("/cgi-bin/draft/add", errcode=40007, errmsg="invalid media_id")
    with pytest.raises(Transient):
        channel.prepare(payload, pictures_of(story), {}, lambda done: saved.append(dict(done)))
    channel.prepare(payload, pictures_of(story), saved[-1], ignore)
    assert platform.count("/cgi-bin/material/add_material") == 1


@pytest.mark.parametrize("code", [40005, 40009, 45001, 40137])
@pytest.mark.parametrize(
    ("path", "field", "names"),
    [
        ("/cgi-bin/media/uploadimg", "pictures", ("正文第 1 张图片", "图片11.png")),
        ("/cgi-bin/material/add_material", "cover", ("封面图", "图片cover-9.png")),
    ],
)
def test_a_picture_the_platform_refuses_names_itself(
    channel, platform, story, payload, code, path, field, names
):
    platform.fail(path, errcode=code, errmsg="invalid file rid: 1-2-3")
    with pytest.raises(ContentRejected) as caught:
        channel.prepare(payload, pictures_of(story), {}, ignore)
    error = caught.value
    assert (error.code, error.field, error.rid) == (str(code), field, "1-2-3")
    assert all(name in error.human for name in names)
    assert "说明" in error.human, "its description in the story"
    assert "换" in error.human


def test_a_draft_whose_time_the_platform_does_not_tell_is_dated_by_us(
    channel, platform, story, payload
):
    platform.fail("/cgi-bin/draft/get", errcode=-1, errmsg="busy")
    progress = channel.prepare(payload, pictures_of(story), {}, ignore)
    assert progress["differences"][0].startswith("没能读回草稿核对")
    assert progress["drafted_at"] > 1_750_000_000
