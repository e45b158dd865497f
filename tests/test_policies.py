"""Content security: strict on the site, looser in the admin, previews included."""

import pytest

from tests.factories import make_story

pytestmark = pytest.mark.django_db


def test_the_site_allows_no_inline_code(newsroom, client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("mode", ["", "phone", "wechat", "weibo"])
def test_previews_show_the_styles_that_are_sent(newsroom, client, mode):
    story = make_story(newsroom.section, live=False)
    client.force_login(newsroom.editor)
    answer = client.get(f"/admin/pages/{story.pk}/view_draft/?mode={mode}")
    assert answer.status_code == 200
    assert story.title in answer.content.decode()
    assert "style-src 'self' 'unsafe-inline'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_wechat_preview_is_what_the_renderer_sends(newsroom, client):
    story = make_story(newsroom.section, live=False)
    client.force_login(newsroom.editor)
    page = client.get(f"/admin/pages/{story.pk}/view_draft/?mode=wechat").content.decode()
    assert "<section style=" in page
